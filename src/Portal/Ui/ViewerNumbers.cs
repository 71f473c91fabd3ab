namespace Portal.Ui;

/// <summary>
/// How the viewer writes numbers: the sign before cents and the one between thousands, as their browser does. A cookie brings it, and
/// it flows with the request and with the circuit that this opens; whatever the server does for itself writes as the rules do, "1,234.50".
/// </summary>
/// <param name="Cents">Before cents: a point or a comma.</param>
/// <param name="Thousands">Between thousands; nothing where the viewer writes none.</param>
public sealed record ViewerNumbers(char Cents, string Thousands)
{
    /// <summary>The cookie: the sign before cents, then the one between thousands.</summary>
    public const string Cookie = "numbers";

    private static readonly ViewerNumbers asTheRules = new('.', ",");
    private static readonly AsyncLocal<ViewerNumbers?> now = new();

    /// <summary>What the request or the circuit at work writes.</summary>
    public static ViewerNumbers Now
    {
        get => now.Value ?? asTheRules;
        set => now.Value = value;
    }

    /// <summary>Reads the cookie. What no browser writes is not taken, so that an amount cannot be made to read as another.</summary>
    public static ViewerNumbers Read(string? cookie) => cookie switch
    {
        ['.', .. var between] when between is "" or "," or "'" or "’" or " " or "\u00a0" or "\u202f" => new('.', between),
        [',', .. var between] when between is "" or "." or "'" or "’" or " " or "\u00a0" or "\u202f" => new(',', between),
        _ => asTheRules,
    };

    /// <summary>A number that is written as the rules do, as the viewer writes it.</summary>
    public string Write(string number) => this == asTheRules ? number
        : string.Concat(number.Select(sign => sign switch { '.' => Cents.ToString(), ',' => Thousands, _ => sign.ToString() }));
}
