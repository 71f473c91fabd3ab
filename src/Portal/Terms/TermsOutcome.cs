namespace Portal.Terms;

/// <summary>What became of an act on a version of terms. A closed set: switch over all of them.</summary>
public abstract record TermsOutcome
{
    private TermsOutcome() { }

    /// <summary>There is a new draft.</summary>
    public sealed record Drafted(int Number) : TermsOutcome;

    /// <summary>It is saved, as a revision.</summary>
    public sealed record Saved(int Revision) : TermsOutcome;

    /// <summary>It waits for a second administrator.</summary>
    public sealed record Sent : TermsOutcome;

    /// <summary>It counts from an instant on.</summary>
    public sealed record Approved(DateTimeOffset From) : TermsOutcome;

    /// <summary>It is a draft again.</summary>
    public sealed record SentBack : TermsOutcome;

    /// <summary>It is given up.</summary>
    public sealed record Withdrawn : TermsOutcome;

    /// <summary>Its impact is being worked out.</summary>
    public sealed record Started : TermsOutcome;

    /// <summary>Somebody has its impact worked out already, on this instance or another.</summary>
    public sealed record Running : TermsOutcome;

    /// <summary>There is no such version.</summary>
    public sealed record Unknown : TermsOutcome;

    /// <summary>As it stands this cannot be done with it.</summary>
    public sealed record NotNow(TermsState State) : TermsOutcome;

    /// <summary>Somebody changed it since it was looked at.</summary>
    public sealed record ChangedMeanwhile(string By, DateTimeOffset At, int Revision) : TermsOutcome;

    /// <summary>No reason was given.</summary>
    public sealed record NoReason : TermsOutcome;

    /// <summary>Cells have to be mended or ticked.</summary>
    public sealed record HasIssues(int Count) : TermsOutcome;

    /// <summary>It would change nothing.</summary>
    public sealed record ChangesNothing : TermsOutcome;

    /// <summary>Its instant has come, or is about to.</summary>
    public sealed record TooLate(DateTimeOffset Earliest) : TermsOutcome;

    /// <summary>Subscribers would keep old terms until before the new ones begin.</summary>
    public sealed record KeptTooShort : TermsOutcome;

    /// <summary>Another version counts from the same instant on.</summary>
    public sealed record InstantTaken : TermsOutcome;

    /// <summary>What it was compared with is no longer what it replaces.</summary>
    public sealed record ReplacesOther : TermsOutcome;

    /// <summary>Its impact was not worked out, or before it was changed.</summary>
    public sealed record NoImpact : TermsOutcome;

    /// <summary>Whoever wrote it last, or sent it, does not approve it.</summary>
    public sealed record OwnApproval : TermsOutcome;
}
