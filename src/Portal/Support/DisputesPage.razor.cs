using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Support;

/// <summary>What the page reads and does. To correct a charge is to ask for a correction of it alone, with the same limit and the same second person.</summary>
public sealed partial class DisputesPage
{
    private const string NotTaken = "We couldn't give you the dispute.";
    private const string NotAnswered = "We couldn't send the answer.";
    private const string NotCorrected = "We couldn't reverse the charge.";
    private const string NothingChanged = "Nothing was changed.";

    private NoticeText? result;

    [Inject]
    private DisputesReader Reader { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    [Inject]
    private Corrections Corrections { get; set; } = default!;

    [Inject]
    private CorrectionWork Carrying { get; set; } = default!;

    [Inject]
    private CorrectionReader Carried { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? State { get; set; }

    /// <summary>One charge's public id, to see its dispute alone.</summary>
    [SupplyParameterFromQuery]
    private string? Charge { get; set; }

    private bool IsDecided => State == "decided";

    private string sentence => Figures!.Open switch
    {
        0 => "Nobody waits to be looked into.",
        1 => "One waits for somebody to look into it.",
        var open => $"{open} wait for somebody to look into them.",
    };

    protected override TimeSpan? LooksEvery => TimeSpan.FromSeconds(10);

    protected override object? Address => (IsDecided, Charge);

    protected override Task LookAnew()
    {
        result = null;
        return base.LookAnew();
    }

    protected override Task<DisputesFigures?> Read() => Reader.Read(IsDecided, Charge, Actor);

    private async Task Take(DisputeLine line) => await Say(await Write(NotTaken, async () =>
        Say(await Door.Submit(new TakeDispute(line.Account, line.Number, line.TakenBy, Actor)), NotTaken), Standing(line)));

    private async Task<bool> Answer(DisputeLine line, string text) => await Say(await Write(NotAnswered, async () =>
        Say(await Door.Submit(new AnswerDispute(line.Account, line.Number, text, Actor)), NotAnswered), Standing(line)));

    private async Task<bool> Correct(DisputeLine line, CorrectionAnswer answer) => await Say(await Write(NotCorrected, async () =>
    {
        var filter = new CorrectionFilter(line.Account, line.Number, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null, null);
        var outcome = await Corrections.Request(new CorrectionRequest(answer.Id, filter, await Corrections.Preview(filter), answer.Reason, answer.Ticket, answer.GoodwillUntil), Actor);
        if (outcome is not CorrectionOutcome.Approved)
        {
            return CorrectionWords.Say(outcome, NotCorrected);
        }
        await Carrying.Once();
        return Say(line, (await Carried.Read(answer.Id, null, null))!.Charges.Single());
    }, Standing(line)));

    private async Task<bool> Say(NoticeText words)
    {
        result = words;
        await InvokeAsync(StateHasChanged);
        return words.Kind is NoticeKind.Done or NoticeKind.Info;
    }

    private static NoticeText Say(DisputeLine line, CorrectedCharge charge) => charge.Result switch
    {
        CorrectionResult.Reversed when line.Use is { Paid.IsPositive: true } use => new(NoticeKind.Done, $"Charge {line.Charge} is reversed.", Money: $"{Amounts.Brief(use.Paid)} came back, and the subscriber is told."),
        CorrectionResult.Reversed => new(NoticeKind.Done, $"Charge {line.Charge} is reversed.", Money: "Nobody had paid any of it. The subscriber is told."),
        CorrectionResult.AlreadyReversed => new(NoticeKind.Info, $"Charge {line.Charge} was reversed before.", Money: NothingChanged),
        CorrectionResult.Failed => new(NoticeKind.Info, $"Charge {line.Charge} was not reversed.", charge.Why, NothingChanged, "Ask for the correction anew once that is mended."),
        CorrectionResult.Pending => new(NoticeKind.Info, $"Charge {line.Charge} is being reversed.", Do: "The correction's page shows how far it is."),
        _ => throw new InvalidOperationException($"The result {charge.Result} has no words."),
    };

    private static NoticeText Say(DisputeAnswerOutcome outcome, string couldNot) => outcome switch
    {
        DisputeAnswerOutcome.Taken => new(NoticeKind.Done, "The dispute is yours.", Money: "The charge stays as it is until you decide.", Do: "Answer it, or reverse the charge."),
        DisputeAnswerOutcome.Answered => new(NoticeKind.Done, "The answer is sent.", Money: "The charge stands."),
        DisputeAnswerOutcome.IsOver { Dispute.State: var state } => new(NoticeKind.Info, $"The dispute is {state.ToString().ToLowerInvariant()} already.", Money: NothingChanged),
        DisputeAnswerOutcome.TakenByAnother => new(NoticeKind.Refused, couldNot, "A colleague has taken it meanwhile.", NothingChanged, "Take it over first, if that is agreed."),
        DisputeAnswerOutcome.NotDisputed => new(NoticeKind.Refused, couldNot, "The charge is not disputed.", NothingChanged),
        DisputeAnswerOutcome.WrongText => new(NoticeKind.Refused, couldNot, $"An answer has 1 to {StaffTexts.LongestAnswer} characters, all of them readable.", NothingChanged),
        _ => throw new InvalidOperationException("There is no other outcome."),
    };

    private static Func<DisputesFigures, string> Standing(DisputeLine line) => now =>
        now.Lines.FirstOrDefault(l => l.Charge == line.Charge) is { } still ? $"The dispute is {still.State.ToString().ToLowerInvariant()}." : "The dispute is no longer in this list.";
}
