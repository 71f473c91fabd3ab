namespace Portal.Ui;

/// <summary>
/// Says that nothing can be changed on this page, and why. It cascades from the frame, and every control that changes something takes it: it is disabled then, and says so.
/// The commands behind them are refused anyway, where they run.
/// </summary>
public sealed record ReadOnly(string Why)
{
    /// <summary>The element of the frame that says it, for aria-describedby.</summary>
    public const string Id = "read-only-why";
}
