namespace Portal.Settings;

/// <summary>An OpenID Connect provider that people may sign in with; off while nothing of it is set.</summary>
public sealed class OpenIdConnectSettings
{
    private const string Section = "Portal:SignIn:OpenIdConnect";

    /// <summary>The issuer's address.</summary>
    public string Authority { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>Its name on the button.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Whether Portal asks for no second factor of its own when the provider says that it asked for one.</summary>
    public bool TrustsItsSecondFactor { get; init; }

    /// <summary>Whether there is one. No property, or it would be a setting.</summary>
    public bool IsOn() => Authority != "";

    /// <summary>All of it is set, or nothing. No sentence repeats the secret.</summary>
    public void Check()
    {
        (string Name, string Value)[] needed = [(nameof(Authority), Authority), (nameof(ClientId), ClientId), (nameof(ClientSecret), ClientSecret), (nameof(DisplayName), DisplayName)];
        var missing = needed.Where(setting => string.IsNullOrWhiteSpace(setting.Value)).Select(setting => setting.Name).ToList();
        if (missing.Count == needed.Length && !TrustsItsSecondFactor)
        {
            return;
        }

        Demand(missing.Count == 0, missing.FirstOrDefault() ?? "", "", $"{string.Join(", ", needed.SkipLast(1).Select(s => s.Name))} and {needed[^1].Name} must all be set, or none of {Section}");
        Demand(Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", nameof(Authority), Authority, "it must be an address like 'https://login.example.com', or empty");
        Demand(DisplayName.Length <= 40, nameof(DisplayName), DisplayName, "it must have 40 characters or fewer");
    }

    /// <summary>What the provider says is taken for true, so outside Development nobody may speak in its place.</summary>
    public void CheckOutsideDevelopment() =>
        Demand(!IsOn() || Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase), nameof(Authority), Authority, "outside Development it must be an https address");

    private static void Demand(bool holds, string name, string value, string rule)
    {
        if (!holds)
        {
            throw new WrongSettingException($"{Section}:{name} is '{value}'; {rule}.");
        }
    }
}
