using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.ExtraUsage;

/// <summary>Reads the extra usage page.</summary>
public sealed class ExtraUsageReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Clock clock)
{
    private const int ChangesShown = 20;
    private const int MillionthsPerPercent = 10_000;

    private static readonly AccountChangeKind[] Kinds =
        [AccountChangeKind.ExtraUsageOn, AccountChangeKind.ExtraUsageOff, AccountChangeKind.Cap, AccountChangeKind.DailyCap, AccountChangeKind.ModelCap];

    /// <summary>Extra usage as of now; <c>null</c> if there is no such account.</summary>
    public async Task<ExtraUsageFigures?> Read(string key, CancellationToken cancel = default)
    {
        if (await balances.Account(key, cancel) is not { } account)
        {
            return null;
        }
        var book = await prices.InForce(cancel);
        var balance = account.BalanceAt(book, clock.Now);
        var now = balance.AsOf;
        var current = account.Current;
        var card = book.RateCardAt(now);
        return new ExtraUsageFigures(
            key, now, balance, account.Terms(book).Name, ProgrammeState.At(book, now), current.ExtraUsageAllowed, current.LargestCap, account.Cap, account.ExtraUsageOnSince,
            Money.Sum(account.Periods, p => p.ExtraHeld), card?.Version, account.DailyCap, account.DayUsed, account.DayHeld,
            Period.StartOf(account.Day.AddDays(1)),
            [.. account.ModelCaps.Select(c => Capped(c, current, book)).OrderBy(c => c.Name, StringComparer.Ordinal)],
            [.. (card?.Models.Values ?? []).Select(m => new PricedModel(m.Model, m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal)],
            [.. book.PromotionsFor(account.Plan, now).Select(p => new PromotionInForce(
                p.Name, $"{new Factor(p.PercentMillionths, MillionthsPerPercent)} %", p.To, [.. p.Models.Select(book.ModelName)]))],
            await Changes(account, book, cancel));
    }

    private static CappedModel Capped(ModelCap cap, AccountPeriod period, PriceBook book)
    {
        var flow = period.ModelFlows.FirstOrDefault(f => f.Model == cap.Model);
        return new CappedModel(cap.Model, book.ModelName(cap.Model), cap.Cap, flow?.Used ?? Money.Zero, flow?.Held ?? Money.Zero);
    }

    private async Task<IReadOnlyList<ChangeLine>> Changes(Account account, PriceBook book, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var words = new HistoryWords(book, Actor.User(account.Owner).Id);
        var changes = await db.Set<AccountChange>().AsNoTracking().Where(c => c.Account == account.Key && Kinds.Contains(c.Kind))
            .OrderByDescending(c => c.Number).Take(ChangesShown).ToListAsync(cancel);
        return [.. changes.Select(c => new ChangeLine(c.Number, c.At, words.ChangeTitle(c), words.By(c.Actor), c.Consent))];
    }
}
