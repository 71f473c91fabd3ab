using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Alerts;

/// <summary>What the page does: choices are commands, and to have the newest on the screen is to have seen them.</summary>
public sealed partial class AlertsPage
{
    private int? newSince;
    private bool reading;

    [Inject]
    private AlertsReader Reader { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    /// <summary>Below which number the list begins, from the address.</summary>
    [SupplyParameterFromQuery]
    private int? Before { get; set; }

    private int Start => Math.Max(Before ?? 0, 0);

    protected override Task<AlertFigures?> Read(string account) => Reader.Read(account, Start);

    protected override object? Address => Start;

    /// <summary>Only in a browser that shows them: a first paint that nobody may ever see marks nothing.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!RendererInfo.IsInteractive || Figures is not { IsAtTop: true } figures || Acting?.ViewAs is not null)
        {
            return;
        }
        newSince ??= figures.Read;
        if (figures.Last <= figures.Read || reading)
        {
            return;
        }
        reading = true;
        try
        {
            await Door.Submit(new ReadAlerts(figures.Account, figures.Last, Actor));
        }
        catch (Exception notNow) when (notNow is DoorBusyException or NotAllowedException)
        {
            // They stay unread; the next look tries again, or leads to the sign-in.
        }
        finally
        {
            reading = false;
        }
    }

    private Task<NoticeText> SaveThresholds(AlertKind kind, IReadOnlyList<int> percents)
    {
        var of = kind == AlertKind.CapUsed ? "cap" : "credit";
        return Write("We couldn't save your percentages.",
            async () => Say(await Door.Submit(new SetAlertThresholds(Figures!.Account, kind, percents, Actor)),
                $"Alerts come {Percentages.Words(percents)} of your {of}.", "What is passed already is not told any more in this period."),
            now => $"Alerts come {Percentages.Words(now.Choices.Of(kind))} of your {of}.");
    }

    private Task<NoticeText> SaveMail(AlertKind kind, bool mail) => Write("We couldn't save your choice.",
        async () => Say(await Door.Submit(new SetAlertMail(Figures!.Account, kind, mail, Actor)), $"“{AlertWords.Name(kind)}” {(mail ? "are mailed from now on" : "are not mailed any more")}."),
        now => $"“{AlertWords.Name(kind)}” {(now.Choices.Mails(kind) ? "are" : "are not")} mailed.");

    private static NoticeText Say(AlertChoiceOutcome outcome, string what, string? todo = null) => outcome switch
    {
        AlertChoiceOutcome.Changed => new(NoticeKind.Done, what, Do: todo),
        AlertChoiceOutcome.Unchanged => new(NoticeKind.Info, "It was so already."),
        AlertChoiceOutcome.OutOfRange => new(NoticeKind.Refused, "We couldn't save your percentages.", $"They are whole, from 1 to 100, and at most {AlertChoices.MostThresholds}.", "Nothing was changed."),
        _ => throw new InvalidOperationException($"The outcome {outcome.GetType().Name} has no words."),
    };
}
