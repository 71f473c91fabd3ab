using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>A line of a statement, in words.</summary>
/// <param name="Text">What it is for; days are UTC days.</param>
/// <param name="Amount">What is due for it.</param>
/// <param name="Line">The line itself, for whoever has other words.</param>
/// <param name="PlanName">The plan's name, for a fee.</param>
public sealed record StatementText(string Text, Money Amount, StatementLine Line, string? PlanName);

/// <summary>A statement, and its lines in words.</summary>
public sealed record AccountStatement(Statement Statement, IReadOnlyList<StatementText> Lines);

/// <summary>A statement with the entries that it is made of, both of one moment.</summary>
/// <param name="Stated">The statement.</param>
/// <param name="PlanName">The plan at its end, or now.</param>
/// <param name="Sums">The period's entries, summed.</param>
/// <param name="Entries">The period's entries one by one, the oldest first, read as they are asked for.</param>
public sealed record StatementInFull(AccountStatement Stated, string PlanName, IReadOnlyList<PeriodEntries> Sums, IAsyncEnumerable<Entry> Entries)
{
    /// <summary>That its entries are kept in the archive, some or all, in a sentence; <c>null</c> if all are there.</summary>
    public string? Archived { get; init; }
}

/// <summary>An account's statements, for looking. What is due but not yet written counts as if it were; nothing of it is written.</summary>
public sealed class AccountStatements(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>All of an account, the newest first, which is the running one; <c>null</c> if there is no such account.</summary>
    public async Task<IReadOnlyList<AccountStatement>?> Of(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        return await Look(db, key, cancel) is { } seen ? await All(db, seen, cancel) : null;
    }

    /// <summary>That of the period which began on a UTC day; <c>null</c> if there is no such period.</summary>
    public async Task<AccountStatement?> Of(string key, DateOnly start, CancellationToken cancel = default) => (await Of(key, cancel))?.FirstOrDefault(s => BeganOn(s, start));

    /// <summary>The same with its entries.</summary>
    public async Task<StatementInFull?> InFull(string key, DateOnly start, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        if (await Look(db, key, cancel) is not { } seen || (await All(db, seen, cancel)).FirstOrDefault(s => BeganOn(s, start)) is not { } stated)
        {
            return null;
        }
        var entries = await PeriodReading.Of(databases, db, seen.Account, stated.Statement.Period, seen.LastSeq, cancel);
        return new StatementInFull(stated, NameOf(stated.Statement, seen.Book), await entries.Sums(db, seen.Book, cancel), entries.OneByOne(cancel))
        {
            Archived = await Openings.Begin(db, key, cancel) is { } begin && begin > stated.Statement.Period.Start ? Openings.Sentence(begin) : null,
        };
    }

    /// <summary>The account as of now, and the last entry that is written of it.</summary>
    private async Task<(Account Account, PriceBook Book, long LastSeq)?> Look(PortalDb db, string key, CancellationToken cancel)
    {
        var now = clock.Now;
        if (await AccountLoader.Look(db, key, now) is not { } account)
        {
            return null;
        }
        var lastSeq = account.LastSeq;
        var book = await prices.InForce(db, cancel);
        account.AdvanceTo(now, book);
        return (account, book, lastSeq);
    }

    private static async Task<IReadOnlyList<AccountStatement>> All(PortalDb db, (Account Account, PriceBook Book, long LastSeq) seen, CancellationToken cancel)
    {
        var (account, book) = (seen.Account, seen.Book);
        var final = await db.Set<AccountPeriod>().AsNoTracking().Where(p => p.Account == account.Key && p.HasEnded && p.OpenHolds == 0).ToListAsync(cancel);
        return [.. final.Concat(account.Periods).OrderByDescending(p => p.Index).Select(Statement.Of).Select(s => InWords(s, account.Key, book))];
    }

    private static AccountStatement InWords(Statement statement, string account, PriceBook book) => new(
        statement, [.. statement.Lines.Select(l => new StatementText(Words(l, account, statement.Period.Start, book), l.Amount, l, l.Plan is null ? null : book.PlanAt(l.Plan, l.At).Name))]);

    private static bool BeganOn(AccountStatement stated, DateOnly day) => Period.DayOf(stated.Statement.Period.Start) == day;

    private static string NameOf(Statement statement, PriceBook book) => book.PlanAt(statement.Plan, statement.Lines.LastOrDefault(l => l.Plan == statement.Plan)?.At ?? statement.Period.Start).Name;

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
