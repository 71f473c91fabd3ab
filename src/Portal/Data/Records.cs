using Ledger;

namespace Portal.Data;

/// <summary>A caller's authorization id, reserved for ever, and the account that it is of.</summary>
public sealed class AuthorizationId
{
    public string Id { get; init; } = "";

    public string Account { get; init; } = "";
}

/// <summary>A usage event's identity, reserved for ever, and the charge that it became.</summary>
public sealed class UsageEventId
{
    /// <summary>Source and id, with a space between: ids have none, so no two pairs are the same key.</summary>
    public string Key { get; init; } = "";

    public string Account { get; init; } = "";

    /// <summary><c>null</c> while the event is parked.</summary>
    public long? Charge { get; init; }

    public static string KeyOf(string source, string id) => $"{source} {id}";
}

/// <summary>A usage event whose model or surface is unknown: kept as it came, until an admin adds what is missing and replays it. What became of it stands in <see cref="UsageEventId"/>.</summary>
public sealed class ParkedEvent
{
    public string Key { get; init; } = "";

    public string Account { get; init; } = "";

    public string Source { get; init; } = "";

    public string Id { get; init; } = "";

    public DateTimeOffset Time { get; init; }

    /// <summary>When it was first received; its age counts from here.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    public string Model { get; init; } = "";

    public string Surface { get; init; } = "";

    public string? App { get; init; }

    public Usage Usage { get; init; } = new();

    public string Why { get; init; } = "";

    public UsageEvent Event => new(Source, Id, Time, Model, Surface, App, Usage);
}

/// <summary>
/// Another content that came under the id of an event that was recorded or parked: refused, and kept so that somebody can see who says two
/// things. One for each id, the first: a caller that goes on so fills no table.
/// </summary>
public sealed class EventConflict
{
    public string Key { get; init; } = "";

    /// <summary>The account that it named, which need not exist.</summary>
    public string Account { get; init; } = "";

    public DateTimeOffset At { get; init; }

    /// <summary>Who told it.</summary>
    public string By { get; init; } = "";

    public DateTimeOffset Time { get; init; }

    public string Model { get; init; } = "";

    public string Surface { get; init; } = "";

    public Usage Usage { get; init; } = new();
}

/// <summary>What events came to in a minute. Counted by each instance and added up here every few seconds: an operator's figure, no money depends on it.</summary>
public sealed class EventRate
{
    /// <summary>The minute, counted from 1970.</summary>
    public long Minute { get; init; }

    /// <summary>The surface of charged use; nothing for the other kinds, whose surface may be anything.</summary>
    public string Surface { get; init; } = "";

    public EventRateKind Kind { get; init; }

    public long Count { get; init; }
}

/// <summary>What events came to.</summary>
public enum EventRateKind
{
    Charged,
    Parked,
    Conflicting,
}

/// <summary>A request that was refused, with every limit's numbers at that moment. Its id is free to be tried again.</summary>
public sealed class RefusalRecord
{
    public string Account { get; init; } = "";

    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    public string Authorization { get; init; } = "";

    public string Model { get; init; } = "";

    public string Surface { get; init; } = "";

    public string? App { get; init; }

    public Usage Max { get; init; } = new();

    public Refusal Refusal { get; init; } = null!;
}
