using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Support;

/// <summary>What the page reads and does.</summary>
public sealed partial class SupportAccountPage
{
    private const string NotGiven = "We couldn't give the goodwill.";
    private const string NotWithdrawn = "We couldn't take the request back.";
    private const string NotWritten = "We couldn't write the note.";

    private TimelineQuery query = TimelineQuery.Read(null, null, null, null);

    [Inject]
    private SupportAccountReader Reader { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private string? Start { get; set; }

    protected override (string Account, DateTimeOffset AsOf)? Follows => Figures is { } figures ? (figures.Account, figures.AsOf) : null;

    protected override object? Address => query.Path(Key, Start);

    protected override void OnInitialized() => query = Asked();

    protected override void OnParametersSet() => query = Asked();

    protected override Task<SupportAccountFigures?> ReadAccount() => Reader.Read(Key, query, Actor);

    protected override bool IsOwn(SupportAccountFigures figures) => figures.IsOwn;

    private Task<NoticeText> Give(GoodwillAsked asked) => Write(NotGiven, async () =>
        GoodwillWords.Say(await Door.Submit(new GrantGoodwill(Figures!.Account, asked.Id, asked.Amount, asked.ExpiresAt, asked.Reason, asked.Ticket, Actor)), NotGiven), Standing);

    private Task<NoticeText> Withdraw(GoodwillLine request) => Write(NotWithdrawn, async () =>
        GoodwillWords.Say(await Door.Submit(new WithdrawGoodwill(Figures!.Account, request.Id, Actor)), NotWithdrawn), Standing);

    private Task<NoticeText> SaveNote(Guid id, string text) => Write(NotWritten, async () => await Door.Submit(new WriteNote(Figures!.Account, id, text, Actor)) switch
    {
        NoteOutcome.Written or NoteOutcome.Already => new NoticeText(NoticeKind.Done, "The note stands there.", Money: "The subscriber reads it in the file of their data, and nowhere else."),
        NoteOutcome.WrongText => new NoticeText(NoticeKind.Refused, NotWritten, $"A note has 1 to {StaffTexts.LongestNote} characters, all of them readable.", "Nothing was changed.", "Change it and write it again."),
        _ => throw new InvalidOperationException("Writing a note has three outcomes."),
    }, now => $"{now.Notes.Count} notes stand there.");

    private TimelineQuery Asked() => TimelineQuery.Read(Kind, From, To, Start);

    private void Go(TimelineQuery next) => Nav.NavigateTo(next.Path(Key));

    private static string Waits(WaitingCorrection correction) => correction.State == CorrectionState.Waiting
        ? $"A correction of {correction.Charges} charges, {Amounts.Brief(correction.List)}, waits for a second person."
        : $"A correction of {correction.Charges} charges, {Amounts.Brief(correction.List)}, is being carried out.";

    private static string Standing(SupportAccountFigures now) => $"{Amounts.Brief(now.Standing.Balance.Credit.Remaining)} of credit is left.";
}
