using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Plan;

/// <summary>What the page does: it asks with a preview of this moment, and what is confirmed is exactly what was shown, or nothing is done.</summary>
public sealed partial class PlanPage
{
    private bool asking;
    private PlanQuestion? question;
    private NoticeText? result;

    [Inject]
    private PlanReader Reader { get; set; } = default!;

    [Inject]
    private PlanPreviews Previews { get; set; } = default!;

    [Inject]
    private PlanComparer Comparer { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    [Inject]
    private ViewerTime ViewerTime { get; set; } = default!;

    protected override Task<PlanFigures?> Read(string account) => Reader.Read(account);

    private string Account => Figures!.Account;

    private Task AskToChange(string plan) => Ask(choices => choices.Choices.FirstOrDefault(c => c.Terms.Plan == plan) is { } choice
        ? new PlanQuestion(new ChangePlan(Account, plan, Actor), choice.Terms.Name, choice.Preview) : null);

    private Task AskToCancel() => Ask(choices => new PlanQuestion(new CancelPlan(Account, Actor), choices.Present.Name, choices.Cancellation));

    private Task AskToKeep() => Ask(choices => new PlanQuestion(new KeepPlan(Account, Actor), choices.Present.Name, choices.Keep));

    /// <summary>The page may have been open for long: what is asked is what would happen now.</summary>
    private async Task Ask(Func<PlanChoices, PlanQuestion?> about)
    {
        result = null;
        await ToldWhoLooks;
        question = await Previews.Read(Account) is { } choices ? about(choices) : null;
        asking = question is { Shown.ChangesSomething: true };
        if (!asking)
        {
            result = question is null ? new NoticeText(NoticeKind.Refused, "This plan can no longer be chosen.", Money: "Nothing was changed.") : PlanWords.Say(question.Shown.Outcome, question.Plan, ViewerTime);
            await Look();
        }
        StateHasChanged();
    }

    /// <summary>Null closes the dialog, and the page says what was done; words stay inside it.</summary>
    private async Task<NoticeText?> Confirm()
    {
        var asked = question!;
        var answer = await Write(asked.Cancels ? "We couldn't cancel your plan." : "We couldn't change your plan.", async () =>
        {
            var outcome = await Door.Submit(asked.Agreed);
            if (outcome is PlanOutcome.NotAsShown(var now))
            {
                question = asked with { Shown = now };
            }
            return PlanWords.Say(outcome, asked.Plan, ViewerTime);
        }, State);
        if (answer.Kind is NoticeKind.Refused or NoticeKind.Failed)
        {
            return answer;
        }
        result = answer;
        return null;
    }

    /// <summary>What is true after a failure.</summary>
    private string State(PlanFigures now) => $"Your plan is {now.Own.Terms.Name}" + (now.ClosesAt is { } closes ? $", and the account closes on {ViewerTime.Minute(closes)}."
        : now.Next is { } next ? $", and {next.Name} from {ViewerTime.Minute(now.Period.End)}." : "; nothing is chosen for the next period.");

    private Task<IReadOnlyList<ComparedPlan>> Compare(ComparedBehaviour behaviour, IProgress<ReplayProgress> progress, CancellationToken cancel) =>
        Comparer.Run(Account, behaviour, progress, cancel);
}
