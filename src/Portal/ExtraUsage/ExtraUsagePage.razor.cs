using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.ExtraUsage;

/// <summary>What the page does: each handler is one command, its words, and what is said if it failed.</summary>
public sealed partial class ExtraUsagePage
{
    private bool asking;
    private NoticeText? result;

    [Inject]
    private ExtraUsageReader Reader { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    protected override Task<ExtraUsageFigures?> Read(string account) => Reader.Read(account);

    private string Account => Figures!.Account;

    private void Ask() => (asking, result) = (true, null);

    /// <summary>Null closes the dialog, and the page says what was done; words stay inside it.</summary>
    private async Task<NoticeText?> TurnOn(Money cap, string consent)
    {
        var answer = await Write("We couldn't turn on extra usage.",
            async () => ExtraUsageWords.Say(await Door.Submit(new TurnOnExtraUsage(Account, cap, consent, Actor)),
                $"Extra usage is on with a cap of {Amounts.Brief(cap)}.", "Your consent is recorded below."),
            now => now.Extra.IsOn ? $"It is on, with a cap of {CapOf(now)}." : "Nothing was changed; extra usage is still off.");
        if (answer.Kind is NoticeKind.Refused or NoticeKind.Failed)
        {
            return answer;
        }
        result = answer;
        return null;
    }

    private async Task TurnOff() => result = await Write("We couldn't turn off extra usage.",
        async () => ExtraUsageWords.Say(await Door.Submit(new TurnOffExtraUsage(Account, Actor)), "Extra usage is off."),
        now => now.Extra.IsOn ? $"It is still on, with a cap of {CapOf(now)}." : "It is off.");

    private Task<NoticeText> SaveCap(Money cap) => Write("We couldn't save your cap.",
        async () => ExtraUsageWords.Say(await Door.Submit(new SetCap(Account, cap, Actor)), $"Your cap is {Amounts.Brief(cap)}."),
        now => now.Extra.IsOn ? $"Your cap is {CapOf(now)} now." : "Extra usage is off now.");

    private Task<NoticeText> SaveDailyCap(Money? cap) => Write("We couldn't save your daily cap.",
        async () => ExtraUsageWords.Say(await Door.Submit(new SetDailyCap(Account, cap, Actor)),
            cap is { } set ? $"Your daily cap is {Amounts.Brief(set)}." : "Your daily cap is removed."),
        now => now.DailyCap is { } daily ? $"Your daily cap is {Amounts.Brief(daily)} now." : "There is no daily cap now.");

    private Task<NoticeText> SaveModelCap(PricedModel model, Money? cap) => Write($"We couldn't save the cap for {model.Name}.",
        async () => ExtraUsageWords.Say(await Door.Submit(new SetModelCap(Account, model.Model, cap, Actor)),
            cap is { } set ? $"The cap for {model.Name} is {Amounts.Brief(set)}." : $"The cap for {model.Name} is removed."),
        now => now.ModelCaps.FirstOrDefault(c => c.Model == model.Model) is { } kept
            ? $"The cap for {model.Name} is {Amounts.Brief(kept.Cap)} now." : $"There is no cap for {model.Name} now.");

    private static string CapOf(ExtraUsageFigures figures) => Amounts.Brief(figures.Extra.Cap ?? Money.Zero);

    private static string OffMeans(ExtraUsageFigures figures) => figures.StillHeld.IsPositive
        ? $"At once. Requests that are already authorized hold {Amounts.Brief(figures.StillHeld)} and may still use it."
        : "At once. No running request holds extra usage.";
}
