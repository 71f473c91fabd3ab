namespace Portal.Support;

/// <summary>How somebody reverses a disputed charge: the reason goes to the subscriber.</summary>
public sealed record CorrectionAnswer(Guid Id, string Reason, string Ticket, DateTimeOffset GoodwillUntil);
