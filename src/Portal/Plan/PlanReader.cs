using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Plan;

/// <summary>Reads the plan's page.</summary>
public sealed class PlanReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Clock clock)
{
    private static readonly AccountChangeKind[] Begins = [AccountChangeKind.Opened, AccountChangeKind.Plan];

    /// <summary>The plan as of now; <c>null</c> if there is no such account.</summary>
    public async Task<PlanFigures?> Read(string key, CancellationToken cancel = default)
    {
        if (await balances.Account(key, cancel) is not { } account)
        {
            return null;
        }
        var book = await prices.InForce(cancel);
        var now = account.AdvanceTo(clock.Now, book);
        var since = await Last(account, Begins, cancel);
        var own = account.Terms(book);
        var isClosed = account.Status == AccountStatus.Closed;
        var others = book.PlansAt(now).Where(p => p.SelfService && p.Plan != account.Plan).Select(p => new PlanOption(
            p, false, account.PreviewPlan(p.Plan, book, now).Outcome is PlanOutcome.Upgraded, book.Coming(p, account.Anchor, account.Current.Index), PlanDifferences.Of(own, p)));
        return new PlanFigures(
            key, now, Period.Of(account.Anchor, account.Current.Index), isClosed, since, account.NextPlan is { } next && !isClosed ? book.PlanAt(next, account.Current.End) : null,
            account.IsCancelled ? account.Current.End : null,
            [.. others.Append(new PlanOption(own, true, false, account.ComingTerms(book), [])).OrderBy(o => o.Terms.MonthlyFee).ThenBy(o => o.Terms.Plan, StringComparer.Ordinal)],
            account.Cap, ProgrammeState.At(book, now), Math.Min(account.Current.Index - FirstPeriod(account, await Opened(account, cancel)), PlanComparer.Periods));
    }

    private static int FirstPeriod(Account account, DateTimeOffset opened) => Period.Containing(account.Anchor, opened < account.Anchor ? account.Anchor : opened).Index;

    private Task<DateTimeOffset> Opened(Account account, CancellationToken cancel) => Last(account, [AccountChangeKind.Opened], cancel);

    /// <summary>When something of these kinds happened last, written or due.</summary>
    private async Task<DateTimeOffset> Last(Account account, AccountChangeKind[] kinds, CancellationToken cancel)
    {
        if (account.Written.Changes.FindLast(c => kinds.Contains(c.Kind)) is { } due)
        {
            return due.At;
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<AccountChange>().Where(c => c.Account == account.Key && kinds.Contains(c.Kind)).OrderByDescending(c => c.Number).Select(c => c.At).FirstAsync(cancel);
    }
}
