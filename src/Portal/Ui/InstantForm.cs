namespace Portal.Ui;

/// <summary>How much of an instant is shown.</summary>
public enum InstantForm
{
    /// <summary>"Dec 2, 14:00 CET".</summary>
    Minute,

    /// <summary>"Dec 2", where the zone stands beside it.</summary>
    Day,

    /// <summary>"Dec 2 CET": a day that stands alone, such as one that is only likely.</summary>
    ZonedDay,

    /// <summary>"Dec 2, 2026", where the zone stands beside it.</summary>
    Date,

    /// <summary>"Dec 2, 2026 CET".</summary>
    ZonedDate,

    /// <summary>"Dec 2, 2026, 14:00:05 CET".</summary>
    Full,

    /// <summary>"14:00:05 CET".</summary>
    Clock,
}
