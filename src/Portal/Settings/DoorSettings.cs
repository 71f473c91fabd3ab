namespace Portal.Settings;

/// <summary>How much the door of accounts takes at once.</summary>
public sealed class DoorSettings
{
    /// <summary>How many commands may wait for each lane; more are answered "busy".</summary>
    public int QueueCapacity { get; init; } = 10_000;

    /// <summary>How many commands of one account may wait.</summary>
    public int QueueCapacityPerAccount { get; init; } = 5_000;

    /// <summary>How many commands share one transaction at the most.</summary>
    public int LargestBatch { get; init; } = 1_024;

    /// <summary>How many transactions run at once on PostgreSQL, each with accounts of its own. SQLite has one writer.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Seconds between two looks at accounts that sleep over something that is due.</summary>
    public int SweepSeconds { get; init; } = 10;
}
