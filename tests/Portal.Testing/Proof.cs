using System.Globalization;

namespace Portal.Testing;

/// <summary>How often a test tries what it shows. A number in the environment (<c>PORTAL_LAWS</c>) asks for that many times, <c>long</c> for the long form.</summary>
public static class Proof
{
    public const string Variable = "PORTAL_LAWS";

    public static int Times(int shortForm, int longForm) => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "short" => shortForm,
        "long" => longForm,
        var times => int.Parse(times, CultureInfo.InvariantCulture),
    };
}
