using MudBlazor;

namespace Portal.Ui;

/// <summary>A page of the navigation. On a phone the first four stand at the thumb, the others behind "More".</summary>
public sealed record Place(string Path, string Name, string Icon);

/// <summary>Something that is done on a page: it leads there, and is decided there.</summary>
public sealed record Errand(string Path, string Name);

/// <summary>Where somebody can go. The navigation and the palette say the same.</summary>
public static class Places
{
    /// <summary>How many places stand at the thumb of a phone.</summary>
    public const int AtHand = 4;

    /// <summary>A subscriber's pages, in the order of the navigation.</summary>
    public static IReadOnlyList<Place> Subscriber { get; } =
    [
        new("/", "Overview", Icons.Material.Outlined.Speed),
        new("/usage", "Usage", Icons.Material.Outlined.BarChart),
        new("/credit", "Credit", Icons.Material.Outlined.AccountBalanceWallet),
        new("/extra-usage", "Extra usage", Icons.Material.Outlined.AddCard),
        new("/history", "History", Icons.Material.Outlined.ReceiptLong),
        new("/statements", "Statements", Icons.Material.Outlined.RequestQuote),
        new("/plan", "Plan", Icons.Material.Outlined.Layers),
        new("/alerts", "Alerts", Icons.Material.Outlined.Notifications),
        new("/keys", "Tokens", Icons.Material.Outlined.Key),
    ];

    /// <summary>What a subscriber comes for.</summary>
    public static IReadOnlyList<Errand> SubscriberErrands { get; } =
    [
        new("/credit", "Claim this period's credit"),
        new("/credit", "Claim for me every period"),
        new("/extra-usage", "Turn extra usage on or off"),
        new("/extra-usage", "Change the cap"),
        new("/extra-usage", "Set a daily cap or a cap for a model"),
        new("/usage?by=model", "What did each model cost?"),
        new("/usage?range=last-period", "Export the last period's usage"),
        new("/history?kind=refusals", "Why was a request refused?"),
        new("/statements", "What did a period come to?"),
        new("/statements", "Print or download a statement"),
        new("/plan", "Compare the plans on my own use"),
        new("/plan", "Change or cancel my plan"),
        new("/alerts", "Choose at which shares you are told, and by which e-mails"),
        new("/history/balance", "Balance at a past moment"),
        new("/keys", "Make a personal token"),
    ];

    /// <summary>What everybody who signed in can do with their own sign-in.</summary>
    public static IReadOnlyList<Errand> ProfileErrands { get; } =
    [
        new("/profile", "Profile"),
        new("/profile/email", "Change my e-mail address"),
        new("/profile/password", "Change my password"),
        new("/profile/two-factor", "Two-factor sign-in"),
        new("/profile/sessions", "Sessions: sign out everywhere"),
        new("/profile/data", "Download my data"),
    ];
}
