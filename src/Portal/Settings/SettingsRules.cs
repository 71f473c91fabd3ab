using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Settings;

/// <summary>What each setting may be. The first wrong one stops the start, by name.</summary>
public static partial class SettingsRules
{
    public static void Check(PortalSettings settings)
    {
        OneOf("Portal:Database:Provider", settings.Database.Provider, DatabaseSettings.Sqlite, DatabaseSettings.Postgresql);
        // Late events and settlements reach 35 days back, previews of prices and the pages of usage 90.
        Between("Portal:Database:KeepMonths", settings.Database.KeepMonths, 4, 1_200);
        Address("Portal:PublicUrl", settings.PublicUrl);
        foreach (var proxy in settings.TrustedProxies)
        {
            Demand(IPAddress.TryParse(proxy, out _) || IPNetwork.TryParse(proxy, out _), "Portal:TrustedProxies", proxy, "it must list addresses or networks, like '10.0.0.5' or '10.0.0.0/8'");
        }

        CheckDoor(settings.Door);
        CheckBrand(settings.Brand);
        CheckSignIn(settings.SignIn);
        settings.SignIn.OpenIdConnect.Check();
        CheckKeys(settings.Keys);
        CheckSupport(settings.Support);
        CheckMail(settings.Mail);
        var key = settings.Demo.GatewayKey;
        Demand(key.Length is 0 or >= 16, "Portal:Demo:GatewayKey", key, "it must have 16 characters or more, or be empty");
    }

    /// <summary>A queue without room, or a door without a lane, would answer "busy" for ever.</summary>
    private static void CheckDoor(DoorSettings door)
    {
        Between("Portal:Door:QueueCapacity", door.QueueCapacity, 1, 10_000_000);
        Between("Portal:Door:QueueCapacityPerAccount", door.QueueCapacityPerAccount, 1, 10_000_000);
        Between("Portal:Door:LargestBatch", door.LargestBatch, 1, 100_000);
        Between("Portal:Door:Lanes", door.Lanes, 1, 256);
        Between("Portal:Door:SweepSeconds", door.SweepSeconds, 1, 30 * 24 * 3600);
    }

    private static void CheckBrand(BrandSettings brand)
    {
        Demand(!string.IsNullOrWhiteSpace(brand.ProviderName), "Portal:Brand:ProviderName", brand.ProviderName, "it must be the provider's name");
        Demand(brand.AccentColor == "" || HexColor().IsMatch(brand.AccentColor), "Portal:Brand:AccentColor", brand.AccentColor, "it must be a colour like '#0b57d0', or empty");
        Demand(brand.LogoPath == "" || LocalPath().IsMatch(brand.LogoPath), "Portal:Brand:LogoPath", brand.LogoPath, "it must be a file below wwwroot, like 'logo.svg', or empty");
    }

    private static void CheckSignIn(SignInSettings signIn)
    {
        Between("Portal:SignIn:SessionHours", signIn.SessionHours, 1, 720);
        Between("Portal:SignIn:LongestSessionHours", signIn.LongestSessionHours, signIn.SessionHours, 720);
        Between("Portal:SignIn:RememberedDays", signIn.RememberedDays, 1, 365);
        Between("Portal:SignIn:LongestRememberedDays", signIn.LongestRememberedDays, signIn.RememberedDays, 365);
        Between("Portal:SignIn:FailuresBeforeLockout", signIn.FailuresBeforeLockout, 3, 100);
        Between("Portal:SignIn:LockoutMinutes", signIn.LockoutMinutes, 1, 1440);
        Between("Portal:SignIn:TriesPerAddress", signIn.TriesPerAddress, 1, 1_000_000);
        Between("Portal:SignIn:TriesPerPerson", signIn.TriesPerPerson, 1, 1_000_000);
        Between("Portal:SignIn:TriesMinutes", signIn.TriesMinutes, 1, 60);
        Between("Portal:SignIn:ResetLinkMinutes", signIn.ResetLinkMinutes, 5, 1440);
        Between("Portal:SignIn:InvitationLinkDays", signIn.InvitationLinkDays, 1, 60);
        Between("Portal:SignIn:ViewAsMinutes", signIn.ViewAsMinutes, 1, 120);
    }

    private static void CheckKeys(KeySettings keys)
    {
        Between("Portal:Keys:TokensPerAccount", keys.TokensPerAccount, 1, 1_000);
        Between("Portal:Keys:LongestTokenDays", keys.LongestTokenDays, 1, 365);
        Between("Portal:Keys:TokenRequestsPerSecond", keys.TokenRequestsPerSecond, 1, 100_000);
        Between("Portal:Keys:TokenBurst", keys.TokenBurst, 1, 100_000);
    }

    private static void CheckSupport(SupportSettings support)
    {
        Amount("Portal:Support:GoodwillWithoutApproval", support.GoodwillWithoutApproval);
        Amount("Portal:Support:CorrectionsWithoutApproval", support.CorrectionsWithoutApproval);
    }

    private static void CheckMail(MailSettings mail)
    {
        Between("Portal:Mail:SmtpPort", mail.SmtpPort, 1, 65535);
        OneOf("Portal:Mail:SmtpEncryption", mail.SmtpEncryption, "starttls", "tls", "none");
        Demand(MimeKit.MailboxAddress.TryParse(mail.From, out _), "Portal:Mail:From", mail.From, "it must be a mail address, like 'Portal <portal@example.com>'");
    }

    private static void OneOf(string name, string value, params string[] allowed) =>
        Demand(allowed.Contains(value), name, value, $"it must be {string.Join(", ", allowed.SkipLast(1).Select(a => $"'{a}'"))} or '{allowed[^1]}'");

    private static void Between(string name, int value, int least, int most) =>
        Demand(value >= least && value <= most, name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), $"it must be from {least} to {most}");

    private static void Address(string name, string value) =>
        Demand(value == "" || (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"), name, value, "it must be an address like 'https://portal.example.com', or empty");

    private static void Amount(string name, string value) =>
        Demand(Ledger.Money.TryParse(value, out var amount) && amount >= Ledger.Money.Zero, name, value, "it must be an exact amount in dollars, like '25' or '12.50', or '0'");

    private static void Demand(bool holds, string name, string value, string rule)
    {
        if (!holds)
        {
            throw new WrongSettingException($"{name} is '{value}'; {rule}.");
        }
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^[\w-]+(\.[\w-]+)*(/[\w-]+(\.[\w-]+)*)*$")]
    private static partial Regex LocalPath();
}
