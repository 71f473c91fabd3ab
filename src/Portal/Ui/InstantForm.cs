namespace Portal.Ui;

/// <summary>How much of an instant is shown.</summary>
public enum InstantForm
{
    /// <summary>"Dec 2, 14:00 CET".</summary>
    Minute,

    /// <summary>"Dec 2".</summary>
    Day,

    /// <summary>"Dec 2, 2026".</summary>
    Date,

    /// <summary>"Dec 2, 2026, 14:00:05 CET".</summary>
    Full,

    /// <summary>"14:00:05 CET".</summary>
    Clock,
}
