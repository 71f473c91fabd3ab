namespace Portal.Accounts;

/// <summary>What people call the surfaces. Surfaces are data, so one that is not listed goes by its key.</summary>
public static class SurfaceNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["chat"] = "Chat",
        ["cowork"] = "Cowork",
        ["code"] = "Code",
        ["agent_sdk"] = "Agent SDK",
        ["headless"] = "Headless command",
        ["ci_action"] = "CI action",
        ["third_party_app"] = "Third-party app",
    };

    public static string Of(string surface) => Names.GetValueOrDefault(surface, surface);
}
