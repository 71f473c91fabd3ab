using Portal.SignIn;

namespace Portal.Demo;

/// <summary>Someone of the demo: who signs in, as what, and in which state their account is.</summary>
public sealed record DemoAccount(string Email, string Role, string? Account, string State);

/// <summary>The people of the demo. They exist in Development only; elsewhere one of them in the database stops the start.</summary>
public static class DemoAccounts
{
    public const string Password = "portal-demo-2026";

    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new("pro@example.com", Roles.Subscriber, "demo-pro", "Pro; credit not yet claimed, extra usage off"),
        new("max5x@example.com", Roles.Subscriber, "demo-max5x", "Max 5x; on pace to lose some credit"),
        new("max20x@example.com", Roles.Subscriber, "demo-max20x", "Max 20x; credit used up, extra usage on"),
        new("capped@example.com", Roles.Subscriber, "demo-capped", "Pro; stopped at its cap"),
        new("team@example.com", Roles.Subscriber, "demo-team", "Team seat; hardly used, cancelled for the period's end"),
        new("enterprise@example.com", Roles.Subscriber, "demo-enterprise", "Enterprise seat; plan without credit"),
        new("support@example.com", Roles.Support, null, "Support"),
        new("support2@example.com", Roles.Support, null, "Support"),
        new("admin@example.com", Roles.Admin, null, "Admin"),
        new("admin2@example.com", Roles.Admin, null, "Admin"),
    ];
}
