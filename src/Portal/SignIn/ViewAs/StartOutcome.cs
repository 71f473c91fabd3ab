namespace Portal.SignIn.ViewAs;

/// <summary>What asking to view as somebody came to. Each refusal changed nothing, and is in the audit.</summary>
public abstract record StartOutcome
{
    private StartOutcome() { }

    /// <summary>It has begun.</summary>
    public sealed record Started(ViewAsSession ViewAs) : StartOutcome;

    /// <summary>The reason is too short to mean something, or too long.</summary>
    public sealed record WrongReason : StartOutcome;

    /// <summary>The ticket is missing, or is no ticket's number.</summary>
    public sealed record WrongTicket : StartOutcome;

    /// <summary>This session views as already: the other one ends first.</summary>
    public sealed record AlreadyViewing : StartOutcome;

    /// <summary>There is no such account.</summary>
    public sealed record UnknownAccount : StartOutcome;

    /// <summary>The account is the staff member's own.</summary>
    public sealed record OwnAccount : StartOutcome;

    /// <summary>The account's owner is staff.</summary>
    public sealed record OfStaff : StartOutcome;

    /// <summary>The subscriber has forbidden it.</summary>
    public sealed record Forbidden : StartOutcome;
}
