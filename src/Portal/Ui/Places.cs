using MudBlazor;
using Portal.SignIn;

namespace Portal.Ui;

/// <summary>A page of the navigation. On a phone the first four stand at the thumb, the others behind "More".</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="Says">What is done there, in a sentence; the home of staff shows it.</param>
/// <param name="Exactly">Whether it is marked only at its very address: others stand below it.</param>
public sealed record Place(string Path, string Name, string Icon, string Says = "", bool Exactly = false);

/// <summary>Something that is done on a page. Its address names the field, or the button that asks, after a "#": it leads there, and is decided there.</summary>
public sealed record Errand(string Path, string Name);

/// <summary>What somebody finds because of a role.</summary>
public sealed record PlacesOfRole(string Role, IReadOnlyList<Place> Places, IReadOnlyList<Errand> Errands);

/// <summary>Where somebody can go. The navigation and the palette say the same.</summary>
public static class Places
{
    /// <summary>How many places stand at the thumb of a phone.</summary>
    public const int AtHand = 4;

    /// <summary>A subscriber's pages, in the order of the navigation.</summary>
    public static IReadOnlyList<Place> Subscriber { get; } =
    [
        new("/", "Overview", Icons.Material.Outlined.Speed, Exactly: true),
        new("/usage", "Usage", Icons.Material.Outlined.BarChart),
        new("/credit", "Credit", Icons.Material.Outlined.AccountBalanceWallet),
        new("/extra-usage", "Extra usage", Icons.Material.Outlined.AddCard),
        new("/history", "History", Icons.Material.Outlined.ReceiptLong),
        new("/statements", "Statements", Icons.Material.Outlined.RequestQuote),
        new("/plan", "Plan", Icons.Material.Outlined.Layers),
        new("/alerts", "Alerts", Icons.Material.Outlined.Notifications),
        new("/keys", "Tokens", Icons.Material.Outlined.Key),
        new("/support-access", "Support access", Icons.Material.Outlined.SupportAgent),
    ];

    /// <summary>What a subscriber comes for.</summary>
    public static IReadOnlyList<Errand> SubscriberErrands { get; } =
    [
        new("/credit#claim", "Claim this period's credit"),
        new("/credit#every-period", "Claim for me every period"),
        new("/extra-usage#on-off", "Turn extra usage on or off"),
        new("/extra-usage#cap", "Change the cap"),
        new("/extra-usage#daily-cap", "Set a daily cap"),
        new("/extra-usage#model-cap", "Set a cap for a model"),
        new("/usage?by=model", "What did each model cost?"),
        new("/usage?range=last-period", "Export the last period's usage"),
        new("/history?kind=refusals", "Why was a request refused?"),
        new("/statements", "What did a period come to?"),
        new("/statements", "Print or download a statement"),
        new("/plan#compare", "Compare the plans on my own use"),
        new("/plan#plans", "Change my plan"),
        new("/plan#cancel-plan", "Cancel my plan"),
        new("/alerts#thresholds", "Choose at which shares you are told, and by which e-mails"),
        new("/history/balance#moment", "Balance at a past moment"),
        new("/keys#token-name", "Make a personal token"),
        new("/support-access", "Who of support looked at my pages?"),
        new("/support-access", "Forbid or allow support to look"),
    ];

    /// <summary>Support's pages, in the order of the navigation.</summary>
    public static IReadOnlyList<Place> Support { get; } =
    [
        new("/support", "Find", Icons.Material.Outlined.PersonSearch, "Find an account by address, key, charge or authorization, and view as its subscriber.", Exactly: true),
        new("/support/disputes", "Disputes", Icons.Material.Outlined.Forum, "Charges that subscribers dispute: take, answer, correct."),
        new("/support/approvals", "Approvals", Icons.Material.Outlined.HowToReg, "Goodwill and corrections that wait for a second person."),
        new("/support/corrections", "Corrections", Icons.Material.Outlined.Undo, "Reverse one charge, or those of an incident."),
    ];

    /// <summary>What support comes for.</summary>
    public static IReadOnlyList<Errand> SupportErrands { get; } =
    [
        new("/support", "Find an account"),
        new("/support/disputes", "Answer a dispute"),
        new("/support/approvals", "Approve goodwill or a correction"),
        new("/support/corrections", "Reverse the charges of an incident"),
    ];

    /// <summary>The administrators' pages, in the order of the navigation.</summary>
    public static IReadOnlyList<Place> Admin { get; } =
    [
        new("/admin/plans", "Plans", Icons.Material.Outlined.Layers, "What each plan costs and gives, version by version."),
        new("/admin/rates", "Rates", Icons.Material.Outlined.PriceChange, "What each model costs, version by version."),
        new("/admin/approvals", "Approvals", Icons.Material.Outlined.Rule, "Prices that wait for a second administrator."),
        new("/admin/people", "People", Icons.Material.Outlined.Group, "Who is staff: roles, second factors, sessions; invite somebody, take a role away."),
        new("/admin/audit", "Audit", Icons.Material.Outlined.FactCheck, "Who did what, when and why, in a chain that shows tampering; files of it."),
        new("/admin/usage", "Incoming usage", Icons.Material.Outlined.Input, "How fast events come in; replay those that waited for a price or a surface."),
        new("/admin/programme", "Programme", Icons.Material.Outlined.Flag, "Announce, activate, pause or end the credit programme, by date."),
        new("/admin/promotions", "Promotions", Icons.Material.Outlined.Percent, "Percentages off extra usage, by model, plan and date."),
        new("/admin/surfaces", "Surfaces", Icons.Material.Outlined.CallSplit, "Which pool each surface draws on, by date."),
        new("/admin/gateways", "Gateways", Icons.Material.Outlined.VpnKey, "Gateway keys: make, rotate, revoke; what each may do."),
        new("/admin/health", "Health", Icons.Material.Outlined.MonitorHeart, "Whether the ledger adds up; database, sweep and mails."),
    ];

    /// <summary>What administrators come for.</summary>
    public static IReadOnlyList<Errand> AdminErrands { get; } =
    [
        new("/admin/rates", "Draft a rate card"),
        new("/admin/plans", "Draft new terms of plans"),
        new("/admin/plans", "Pin an account to terms of its plan"),
        new("/admin/approvals", "Approve prices"),
        new("/admin/people#invite", "Invite somebody as staff"),
        new("/admin/audit#chain", "Verify the audit"),
        new("/admin/programme", "Pause or resume the programme"),
        new("/admin/promotions", "Propose or end a promotion"),
        new("/admin/usage", "Replay parked events"),
        new("/admin/gateways", "Make, rotate or revoke a gateway key"),
        new("/admin/health", "Does the ledger add up?"),
    ];

    /// <summary>What everybody who signed in can do with their own sign-in.</summary>
    public static IReadOnlyList<Errand> ProfileErrands { get; } =
    [
        new("/profile", "Profile"),
        new("/profile/email", "Change my e-mail address"),
        new("/profile/password", "Change my password"),
        new("/profile/two-factor", "Two-factor sign-in"),
        new("/profile/passkeys", "Passkeys"),
        new("/profile/sessions", "Sessions: sign out everywhere"),
        new("/profile/data", "Download my data"),
        new("/profile/leave", "Leave, and close my account"),
        new("/profile#user-menu", "Theme: light, dark or the system's"),
    ];

    /// <summary>An administrator is not thereby support: each role has its own, and whoever holds two finds both.</summary>
    private static readonly IReadOnlyList<PlacesOfRole> all =
    [
        new(Roles.Subscriber, Subscriber, SubscriberErrands),
        new(Roles.Support, Support, SupportErrands),
        new(Roles.Admin, Admin, AdminErrands),
    ];

    /// <summary>Where staff arrive.</summary>
    private static readonly PlacesOfRole home = new("", [new("/", "Home", Icons.Material.Outlined.Home, Exactly: true)], []);

    /// <summary>What is there for whoever has these roles, by role; staff without an account of their own begin at their home.</summary>
    public static IReadOnlyList<PlacesOfRole> For(Func<string, bool> isIn)
    {
        ArgumentNullException.ThrowIfNull(isIn);
        List<PlacesOfRole> theirs = [.. all.Where(of => isIn(of.Role))];
        return theirs.Count == 0 || isIn(Roles.Subscriber) ? theirs : [home, .. theirs];
    }
}
