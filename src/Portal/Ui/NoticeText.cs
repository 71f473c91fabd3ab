namespace Portal.Ui;

/// <summary>The words of a notice, for code that decides them: a page's outcome, or a dialog's refusal.</summary>
/// <param name="Kind">What it says about the world.</param>
/// <param name="What">What happened.</param>
/// <param name="Why">Why.</param>
/// <param name="Money">What it did to the money.</param>
/// <param name="Do">What to do.</param>
/// <param name="Reference">The id that finds the log line, for bugs and outages.</param>
public sealed record NoticeText(NoticeKind Kind, string What, string? Why = null, string? Money = null, string? Do = null, string? Reference = null);
