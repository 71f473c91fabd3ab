using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>A line of a statement in words.</summary>
public sealed record StatementText(string Text, Money Amount);

/// <summary>A statement, and its lines in words.</summary>
public sealed record AccountStatement(Statement Statement, IReadOnlyList<StatementText> Lines);

/// <summary>An account's statements, for looking. What is due but not yet written counts as if it were; nothing of it is written.</summary>
public sealed class Statements(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>All of an account, the newest first, which is the running one; <c>null</c> if there is no such account.</summary>
    public async Task<IReadOnlyList<AccountStatement>?> Of(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var now = clock.Now;
        if (await AccountLoader.Look(db, key, now) is not { } account)
        {
            return null;
        }
        var book = await prices.InForce(db, cancel);
        account.AdvanceTo(now, book);
        var final = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == key && p.HasEnded && p.OpenHolds == 0).ToListAsync(cancel);
        var periods = final.Concat(account.Periods).OrderByDescending(p => p.Index);
        return [.. periods.Select(Statement.Of).Select(s => new AccountStatement(s, [.. s.Lines.Select(l => new StatementText(Words(l, key, s.Period.Start, book), l.Amount))]))];
    }

    /// <summary>That of the period which began on a UTC day; <c>null</c> if there is no such period.</summary>
    public async Task<AccountStatement?> Of(string key, DateOnly start, CancellationToken cancel = default) =>
        (await Of(key, cancel))?.FirstOrDefault(s => Period.DayOf(s.Statement.Period.Start) == start);

    private static string Words(StatementLine line, string account, DateTimeOffset periodStart, PriceBook book) => line.Kind switch
    {
        StatementLineKind.Fee when line.At > periodStart => $"{book.PlanAt(line.Plan!, line.At).Name}, plan fee from {Day(line.At)}, for the time left",
        StatementLineKind.Fee => $"{book.PlanAt(line.Plan!, line.At).Name}, plan fee",
        StatementLineKind.Upgrade => $"Upgrade to {book.PlanAt(line.Plan!, line.At).Name} on {Day(line.At)}, for the time left",
        StatementLineKind.ExtraUsage => "Extra usage, less discounts",
        StatementLineKind.Refund => $"Refund: charge {PublicIds.Charge(account, line.Charge!.Value)} of the period from {Day(line.At)} was reversed",
        _ => throw new InvalidOperationException($"Lines of kind {line.Kind} have no words."),
    };

    private static string Day(DateTimeOffset at) => at.ToString(DayForm, CultureInfo.InvariantCulture);
}
