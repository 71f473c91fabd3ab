using Portal.Terms;
using Portal.Ui;

namespace Portal.Admin.Prices;

/// <summary>What versions and acts on them are called. Every outcome has its words.</summary>
public static class PriceWords
{
    private const string Nothing = "Nothing was changed, and no price is other than it was.";

    /// <summary>"rate card 3", "plans, version 3".</summary>
    public static string Name(TermsKind kind, int number) => kind == TermsKind.Rates ? $"Rate card {number}" : $"Plans, version {number}";

    /// <summary>Where a kind is listed.</summary>
    public static string Path(TermsKind kind) => kind == TermsKind.Rates ? "/admin/rates" : "/admin/plans";

    /// <summary>Where a version is.</summary>
    public static string Path(TermsKind kind, int number) => $"{Path(kind)}/{number}";

    /// <summary>The kind that an address is about.</summary>
    public static TermsKind KindAt(string uri) => new Uri(uri).AbsolutePath.StartsWith("/admin/rates", StringComparison.OrdinalIgnoreCase) ? TermsKind.Rates : TermsKind.Plans;

    public static string State(TermsState state) => state switch
    {
        TermsState.Draft => "Draft",
        TermsState.Waiting => "Waiting for approval",
        TermsState.Scheduled => "Scheduled",
        TermsState.Active => "Active",
        TermsState.Past => "Past",
        TermsState.Withdrawn => "Withdrawn",
        _ => throw new InvalidOperationException($"The state {state} has no words."),
    };

    /// <summary>"+12.5 %"; nothing where there is no share to tell.</summary>
    public static string Percent(long? perMille) => perMille is not { } change ? ""
        : $"{(change > 0 ? "+" : change < 0 ? "\u2212" : "")}{Math.Abs(change) / 10}{(Math.Abs(change) % 10 == 0 ? "" : $".{Math.Abs(change) % 10}")} %";

    /// <summary>Of an act on a version, on the viewer's clock.</summary>
    public static NoticeText Say(TermsOutcome outcome, ViewerTime time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return outcome switch
        {
            TermsOutcome.Drafted => new(NoticeKind.Done, "The draft is made.", Money: "It counts for nobody."),
            TermsOutcome.Saved saved => new(NoticeKind.Done, $"Saved, as revision {saved.Revision}.", Money: "A draft counts for nobody.", Do: "If it was waiting for approval, send it again."),
            TermsOutcome.Sent => new(NoticeKind.Done, "It waits for a second administrator.", Money: "Nothing counts before it is approved."),
            TermsOutcome.Approved approved => new(NoticeKind.Done, $"Approved. It counts from {time.Full(approved.From)} on, by itself.", Money: "Until then everything costs what it did.", Do: "It can be withdrawn until a minute before."),
            TermsOutcome.SentBack => new(NoticeKind.Done, "It is a draft again.", Money: "It counts for nobody."),
            TermsOutcome.Withdrawn => new(NoticeKind.Done, "It is withdrawn.", Money: "It never counted; everything costs what it did."),
            TermsOutcome.Started => new(NoticeKind.Info, "The impact is being worked out.", Do: "You may leave the page: it goes on, and is stored with this version."),
            TermsOutcome.Running => new(NoticeKind.Info, "The impact is being worked out already.", "Somebody else asked for it.", Nothing, "It stands below as it moves."),
            TermsOutcome.Unknown => new(NoticeKind.Refused, "There is no such version.", Money: Nothing),
            TermsOutcome.NotNow now => new(NoticeKind.Refused, "This cannot be done any more.", $"The version is now: {State(now.State).ToLowerInvariant()}.", Nothing),
            TermsOutcome.ChangedMeanwhile other => new(NoticeKind.Refused, "Somebody changed it meanwhile.", $"It was saved at {time.Full(other.At)} as revision {other.Revision}, and you looked at an earlier one.", Nothing,
                "What you wrote still stands on this page. Look at the saved version in another tab, or load it here and write yours again."),
            TermsOutcome.NoReason => new(NoticeKind.Refused, "It has no reason.", "Whoever approves it, and whoever reads it in a year, needs one.", Nothing, $"Write 1 to {TermsVersions.LongestReason} characters."),
            TermsOutcome.HasIssues issues => new(NoticeKind.Refused, issues.Count == 1 ? "One cell is not right yet." : $"{issues.Count} cells are not right yet.", "They have to be mended, or ticked if they are meant so.", Nothing, "They are marked below."),
            TermsOutcome.ChangesNothing => new(NoticeKind.Refused, "It changes nothing.", "It says what is in force then anyway.", Nothing, "Change a price, or withdraw it."),
            TermsOutcome.TooLate late => new(NoticeKind.Refused, "It is too late for that.", "A version is approved or withdrawn at least a minute before it counts.", Nothing, $"The instant would have to be {time.Full(late.Earliest)} or later."),
            TermsOutcome.KeptTooShort => new(NoticeKind.Refused, "Old terms cannot be kept until before the new ones begin.", null, Nothing, "Choose a later date, or none."),
            TermsOutcome.InstantTaken => new(NoticeKind.Refused, "Another version counts from the same instant.", "Which of both counts would be anybody's guess.", Nothing, "Choose another instant, or withdraw the other one first."),
            TermsOutcome.ReplacesOther => new(NoticeKind.Refused, "It would replace other terms than you were shown.", "Another version was approved or withdrawn meanwhile.", Nothing, "Look at the difference again, and have the impact worked out again."),
            TermsOutcome.NoImpact => new(NoticeKind.Refused, "Its impact was not worked out.", "It was changed since, or nobody has asked for it.", Nothing, "Work out the impact, look at it, then approve."),
            TermsOutcome.OwnApproval => new(NoticeKind.Refused, "You cannot approve what you wrote or sent yourself.", "Prices count only after a second administrator has looked at them.", Nothing, "Ask another administrator."),
            _ => throw new InvalidOperationException($"The outcome {outcome.GetType().Name} has no words."),
        };
    }
}
