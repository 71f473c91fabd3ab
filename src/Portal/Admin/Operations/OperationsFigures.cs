using Ledger;
using Portal.Accounts;

namespace Portal.Admin.Operations;

/// <summary>Charged events of a surface.</summary>
public sealed record SurfaceRate(string Surface, long LastMinute, long LastHour);

/// <summary>Parked events that wait for the same.</summary>
/// <param name="Model">Their model.</param>
/// <param name="Surface">Their surface.</param>
/// <param name="Events">How many.</param>
/// <param name="Accounts">Of how many accounts.</param>
/// <param name="Oldest">When the first of them was received.</param>
/// <param name="MissingSurface">Whether the surface is still unknown.</param>
/// <param name="MissingPrice">Whether the model still has no price.</param>
public sealed record ParkedGroup(string Model, string Surface, long Events, int Accounts, DateTimeOffset Oldest, bool MissingSurface, bool MissingPrice)
{
    /// <summary>Whether all of them can be charged now.</summary>
    public bool IsReady => !MissingSurface && !MissingPrice;
}

/// <summary>A charge whose event is older than the period that counts it.</summary>
public sealed record LateLine(string Account, long Charge, DateTimeOffset Time, DateTimeOffset RecordedAt, string Model, string Surface, Money List, Money Uncollected);

/// <summary>Another content that came under a known id.</summary>
/// <param name="Key">The event's source and id.</param>
/// <param name="Account">The account that it named.</param>
/// <param name="At">When it came.</param>
/// <param name="By">The key that told it.</param>
/// <param name="Says">What it told.</param>
/// <param name="Stands">What stands: the account and charge, or that it is parked.</param>
public sealed record ConflictLine(string Key, string Account, DateTimeOffset At, string By, string Says, string Stands);

/// <summary>What the page of incoming usage shows.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Surfaces">Charged events by surface, the busiest first.</param>
/// <param name="Minutes">Charged events of each of the last 60 whole minutes, the oldest first.</param>
/// <param name="ParkedLastHour">Events that were parked in the last hour.</param>
/// <param name="ConflictsLastHour">Events that were refused for another content in the last hour.</param>
/// <param name="Parked">What waits, the oldest first.</param>
/// <param name="Late">The latest late ones.</param>
/// <param name="Conflicts">The latest conflicts.</param>
public sealed record OperationsFigures(
    DateTimeOffset AsOf, IReadOnlyList<SurfaceRate> Surfaces, IReadOnlyList<long> Minutes, long ParkedLastHour, long ConflictsLastHour,
    IReadOnlyList<ParkedGroup> Parked, IReadOnlyList<LateLine> Late, IReadOnlyList<ConflictLine> Conflicts);

/// <summary>What a replay of many parked events came to.</summary>
/// <param name="Charged">Events that have their charge now.</param>
/// <param name="List">What they cost at API rates.</param>
/// <param name="Uncollected">What of it nobody owes.</param>
/// <param name="ChargedBefore">Events that somebody else had replayed.</param>
/// <param name="StillParked">Events that wait on.</param>
/// <param name="WasBusy">Whether it stopped early because the door took nothing more.</param>
public sealed record ReplayedEvents(long Charged, Money List, Money Uncollected, long ChargedBefore, long StillParked, bool WasBusy)
{
    public static ReplayedEvents None { get; } = new(0, Money.Zero, Money.Zero, 0, 0, false);

    public ReplayedEvents With(ReplayAnswer answer) => answer switch
    {
        ReplayAnswer.Charged(var charge) => this with { Charged = Charged + 1, List = List + charge.List, Uncollected = Uncollected + charge.Uncollected },
        ReplayAnswer.ChargedBefore => this with { ChargedBefore = ChargedBefore + 1 },
        _ => this with { StillParked = StillParked + 1 },
    };
}
