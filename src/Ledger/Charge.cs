namespace Ledger;

/// <summary>What one request used, as the gateway tells it.</summary>
/// <param name="Source">With <paramref name="Id"/> the event's identity for ever; <c>null</c> for a settled authorization, whose id identifies it.</param>
/// <param name="Id">See <paramref name="Source"/>.</param>
/// <param name="Time">When it happened; the price follows this instant.</param>
/// <param name="Model">The model's key.</param>
/// <param name="Surface">Where the request came from.</param>
/// <param name="App">The app, if the gateway knows it.</param>
/// <param name="Usage">What it used.</param>
public sealed record UsageEvent(string? Source, string? Id, DateTimeOffset Time, string Model, string Surface, string? App, Usage Usage)
{
    /// <summary>How old an event may be when it is first received.</summary>
    public static TimeSpan Oldest => TimeSpan.FromDays(35);

    /// <summary>How far ahead of Portal's clock an event may be.</summary>
    public static TimeSpan FurthestAhead => TimeSpan.FromMinutes(5);
}

/// <summary>
/// What one usage event costs at API rates (its list price), split into the part that credit paid, the part that extra usage carries,
/// and the part that nobody pays. list = credit + extra + uncollected, to the nano, and it never changes.
/// </summary>
public sealed class Charge
{
    private Charge() { }

    internal Charge(string account, long number, UsageEvent use, DateTimeOffset recordedAt)
    {
        (Account, Number, RecordedAt, Day) = (account, number, recordedAt, Ledger.Period.DayOf(recordedAt));
        (Source, EventId, Time, Model, Surface, App, Usage) = (use.Source, use.Id, use.Time, use.Model, use.Surface, use.App, use.Usage);
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Which charge of the account, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The source of the event; <c>null</c> for a settled authorization.</summary>
    public string? Source { get; private set; }

    /// <summary>The id of the event in its source.</summary>
    public string? EventId { get; private set; }

    /// <summary>When the request happened.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>The model's key.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Where the request came from.</summary>
    public string Surface { get; private set; } = "";

    /// <summary>The app, if the gateway knows it.</summary>
    public string? App { get; private set; }

    /// <summary>What the request used.</summary>
    public Usage Usage { get; private set; } = new();

    /// <summary>The authorization that it settles; <c>null</c> for use that was never authorized.</summary>
    public string? Authorization { get; internal set; }

    /// <summary>The pool of its surface.</summary>
    public Pool Pool { get; internal set; }

    /// <summary>The price at API rates; for included use, what it would have cost.</summary>
    public Money List { get; internal set; }

    /// <summary>What credit paid.</summary>
    public Money Credit { get; internal set; }

    /// <summary>What extra usage carries.</summary>
    public Money Extra { get; internal set; }

    /// <summary>What nobody pays.</summary>
    public Money Uncollected { get; internal set; }

    /// <summary>The promotion that takes a part off its extra; <c>null</c> if none does.</summary>
    public string? Promotion { get; internal set; }

    /// <summary>Whether the use is included: it costs nothing.</summary>
    public bool IsIncluded { get; internal set; }

    /// <summary>The rate card version that priced it.</summary>
    public int RateCardVersion { get; internal set; }

    /// <summary>Whether the event is older than the period that counts it.</summary>
    public bool IsLate { get; internal set; }

    /// <summary>The index of the period that counts it.</summary>
    public int Period { get; internal set; }

    /// <summary>When Portal recorded it.</summary>
    public DateTimeOffset RecordedAt { get; private set; }

    /// <summary>The UTC day of <see cref="RecordedAt"/>, by which charts group.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Why this pool paid; see <see cref="ChargeReason"/>.</summary>
    public ChargeReason Reason { get; internal set; }

    /// <summary>The event that it is the charge of.</summary>
    public UsageEvent Event => new(Source, EventId, Time, Model, Surface, App, Usage);

    /// <summary>Whether a repeated event says the same: the subject and data, the time aside.</summary>
    public bool IsOf(string account, UsageEvent use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return Account == account && Model == use.Model && Surface == use.Surface && App == use.App && Usage == use.Usage;
    }
}

/// <summary>Why a charge was split as it was.</summary>
public enum ChargeReason
{
    /// <summary>Credit covered all of it.</summary>
    CreditCovered,

    /// <summary>Credit came first and was not enough; extra usage carries the rest.</summary>
    Spilled,

    /// <summary>Part or all is uncollected: no credit was left, and extra usage was off or not allowed.</summary>
    NothingLeft,

    /// <summary>Part or all is uncollected: no credit was left, and a cap stopped extra usage.</summary>
    CapReached,

    /// <summary>Part or all is uncollected: extra usage was turned on only after the event's time.</summary>
    TurnedOnLater,

    /// <summary>The surface is interactive, which the fee includes.</summary>
    Interactive,

    /// <summary>The programme was not active and includes programmatic use.</summary>
    ProgrammeIncludes,

    /// <summary>The programme was not active and refuses programmatic use.</summary>
    ProgrammeRefuses,

    /// <summary>The account was closed.</summary>
    AccountClosed,
}
