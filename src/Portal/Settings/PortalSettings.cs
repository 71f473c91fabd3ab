namespace Portal.Settings;

/// <summary>
/// What an operator can set, as it stands in the section "Portal" of appsettings.json.
/// The defaults here and there are the same; a test compares them.
/// </summary>
public sealed class PortalSettings
{
    /// <summary>The address people use, for links in mails; empty: the first address that Portal listens on.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>Where relative paths of data (the SQLite file) begin; empty: the folder that holds appsettings.json.</summary>
    public string DataFolder { get; init; } = "";

    /// <summary>Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-* headers count.</summary>
    public string[] TrustedProxies { get; init; } = [];

    public BrandSettings Brand { get; init; } = new();

    public DatabaseSettings Database { get; init; } = new();

    public DoorSettings Door { get; init; } = new();

    public SignInSettings SignIn { get; init; } = new();

    public KeySettings Keys { get; init; } = new();

    public SupportSettings Support { get; init; } = new();

    public MailSettings Mail { get; init; } = new();

    public DemoSettings Demo { get; init; } = new();
}

/// <summary>How the provider looks: its name, a logo on this host, and the accent as #rrggbb; empty: Portal's own.</summary>
public sealed class BrandSettings
{
    public string ProviderName { get; init; } = "Portal";

    public string LogoPath { get; init; } = "";

    public string AccentColor { get; init; } = "";
}

public sealed class DatabaseSettings
{
    public const string Sqlite = "sqlite";

    public const string Postgresql = "postgresql";

    /// <summary>"sqlite" or "postgresql"; where it is, says ConnectionStrings:Portal.</summary>
    public string Provider { get; init; } = Sqlite;

    /// <summary>How many months after its end a month of the ledger is kept, before it may be detached (PostgreSQL).</summary>
    public int KeepMonths { get; init; } = 13;
}

public sealed class SignInSettings
{
    /// <summary>How long a sign-in lasts without use.</summary>
    public int SessionHours { get; init; } = 12;

    /// <summary>How long it lasts at the most.</summary>
    public int LongestSessionHours { get; init; } = 24;

    /// <summary>How long a sign-in with "stay signed in" lasts without use.</summary>
    public int RememberedDays { get; init; } = 14;

    /// <summary>How long it lasts at the most.</summary>
    public int LongestRememberedDays { get; init; } = 90;

    public int FailuresBeforeLockout { get; init; } = 5;

    public int LockoutMinutes { get; init; } = 15;

    /// <summary>How often each form may be sent from one network address within <see cref="TriesMinutes"/>.</summary>
    public int TriesPerAddress { get; init; } = 100;

    /// <summary>How often for one person.</summary>
    public int TriesPerPerson { get; init; } = 20;

    public int TriesMinutes { get; init; } = 5;

    public int ResetLinkMinutes { get; init; } = 60;

    public int InvitationLinkDays { get; init; } = 7;

    /// <summary>How long support may look at an account with the subscriber's eyes before it has to give a reason anew.</summary>
    public int ViewAsMinutes { get; init; } = 30;

    public OpenIdConnectSettings OpenIdConnect { get; init; } = new();

    public RegisterSettings Register { get; init; } = new();
}

/// <summary>What subscribers' personal tokens may be, and how often they may be used.</summary>
public sealed class KeySettings
{
    /// <summary>How many tokens that still count an account may have.</summary>
    public int TokensPerAccount { get; init; } = 10;

    /// <summary>How long a token may count at the most.</summary>
    public int LongestTokenDays { get; init; } = 365;

    /// <summary>How many requests a second a token may make.</summary>
    public int TokenRequestsPerSecond { get; init; } = 10;

    /// <summary>How many requests at once, after a rest.</summary>
    public int TokenBurst { get; init; } = 20;
}

/// <summary>Whether strangers may register.</summary>
public sealed class RegisterSettings
{
    /// <summary>The key of the plan that they get; empty: nobody registers, the provider makes accounts and invites their owners.</summary>
    public string DefaultPlan { get; init; } = "";
}

/// <summary>What support may do without a second person; exact amounts in dollars, like "25" or "12.50".</summary>
public sealed class SupportSettings
{
    /// <summary>How much goodwill an account may be given within a day.</summary>
    public string GoodwillWithoutApproval { get; init; } = "25";

    /// <summary>How much the charges may come to that one person has reversed within a day.</summary>
    public string CorrectionsWithoutApproval { get; init; } = "100";
}

public sealed class MailSettings
{
    /// <summary>The SMTP server; empty: mails are only kept for /dev/mail in Development, and not sent in Production.</summary>
    public string SmtpHost { get; init; } = "";

    public int SmtpPort { get; init; } = 587;

    /// <summary>"starttls" (required), "tls" from the first byte, or "none".</summary>
    public string SmtpEncryption { get; init; } = "starttls";

    public string SmtpUser { get; init; } = "";

    public string SmtpPassword { get; init; } = "";

    public string From { get; init; } = "portal@localhost";
}

/// <summary>The demo, in Development only.</summary>
public sealed class DemoSettings
{
    /// <summary>Whether an empty database is filled with the demo.</summary>
    public bool Fill { get; init; } = true;

    /// <summary>The demo's gateway key, 16 characters or more; empty: a new one at each start, printed.</summary>
    public string GatewayKey { get; init; } = "";

    /// <summary>Whether small, random usage keeps coming in.</summary>
    public bool Traffic { get; init; }
}
