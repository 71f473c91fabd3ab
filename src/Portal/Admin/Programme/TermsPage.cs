using Microsoft.AspNetCore.Components;
using Portal.Terms;
using Portal.Ui;

namespace Portal.Admin.Programme;

/// <summary>What the three pages do alike: propose, approve, take back.</summary>
public abstract class TermsPage : AdminPage<TermsFigures>
{
    private const string NotProposed = "We couldn't send it for approval.";
    private const string NotApproved = "We couldn't approve it.";
    private const string NotWorkedOut = "We couldn't work out the impact.";
    private const string NotWithdrawn = "We couldn't withdraw it.";
    private const string Unchanged = "No terms were changed.";

    [Inject]
    private TermsReader Reader { get; set; } = default!;

    [Inject]
    private TermsChanges Changes { get; set; } = default!;

    [Inject]
    private Impacts Impacts { get; set; } = default!;

    protected NoticeText? Result { get; private set; }

    /// <summary>Others approve and withdraw, and dates come.</summary>
    protected override TimeSpan? LooksEvery => TimeSpan.FromSeconds(5);

    protected override async Task<TermsFigures?> Read() => await Reader.Read(Actor.UserId!);

    protected Task<(TermsPreview? Preview, string? Wrong)> Preview(TermsChange change) => Changes.Preview(change);

    /// <summary>Whether it waits now. Its impact is worked out at once: nobody approves without.</summary>
    protected async Task<bool> Propose(TermsChange change, string reason)
    {
        Result = await Write(NotProposed, async () =>
        {
            var outcome = await Changes.Propose(change, reason, Actor);
            if (outcome is ProposalOutcome.Proposed(var id))
            {
                await Impacts.Start(id, Impacts.UsualDays, Actor);
            }
            return Say(outcome, NotProposed);
        }, _ => Unchanged);
        StateHasChanged();
        return Result.Kind == NoticeKind.Done;
    }

    protected async Task Approve(ProposalLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Result = await Write(NotApproved, async () => Say(await Changes.Approve(line.Proposal.Id, Actor), NotApproved), _ => "If it still waits below, nothing was changed.");
        StateHasChanged();
    }

    protected async Task WorkOut(ProposalLine line, int days)
    {
        ArgumentNullException.ThrowIfNull(line);
        Result = await Write(NotWorkedOut, async () => Say(await Impacts.Start(line.Proposal.Id, days, Actor), NotWorkedOut), _ => Unchanged);
        StateHasChanged();
    }

    protected async Task Withdraw(ProposalLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Result = await Write(NotWithdrawn, async () => Say(await Changes.Withdraw(line.Proposal.Id, Actor), NotWithdrawn), _ => "If it still stands below, nothing was changed.");
        StateHasChanged();
    }

    private static NoticeText Say(ProposalOutcome outcome, string couldNot) => outcome switch
    {
        ProposalOutcome.Proposed => new NoticeText(NoticeKind.Done, "It waits for another administrator.", Money: "Nothing has changed yet.", Do: "Its impact on real usage is being worked out. It counts once somebody else has looked at that and approved it, and not before its date."),
        ProposalOutcome.Started => new NoticeText(NoticeKind.Info, "The impact is being worked out.", Money: Unchanged, Do: "You may leave the page: it goes on, and is stored with the proposal."),
        ProposalOutcome.Running => new NoticeText(NoticeKind.Info, "The impact is being worked out already.", Money: Unchanged),
        ProposalOutcome.NoImpact => new NoticeText(NoticeKind.Refused, couldNot, "Its impact was not worked out, or for terms that are others by now.", Unchanged, "Work out the impact, look at it, then approve."),
        ProposalOutcome.Approved(var from) => new NoticeText(NoticeKind.Done, $"It is approved, and counts from {from.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.", Money: "Charges made before then keep the terms that they were made under."),
        ProposalOutcome.Withdrawn => new NoticeText(NoticeKind.Done, "It is withdrawn.", Money: "It never counted; the terms stay as they are."),
        ProposalOutcome.Wrong(var why) => new NoticeText(NoticeKind.Refused, couldNot, why, Unchanged),
        ProposalOutcome.OwnProposal => new NoticeText(NoticeKind.Refused, couldNot, "You proposed it, and whoever proposes does not approve.", Unchanged, "Ask another administrator."),
        ProposalOutcome.NotWaiting => new NoticeText(NoticeKind.Info, "Somebody was faster.", "It was approved or withdrawn meanwhile.", "Nothing was changed by you.", "See below what is true now."),
        ProposalOutcome.HasBegun => new NoticeText(NoticeKind.Refused, couldNot, "It counts already, or within seconds.", Unchanged, "Propose other terms to follow it."),
        _ => throw new InvalidOperationException("A step of a proposal has ten outcomes."),
    };
}
