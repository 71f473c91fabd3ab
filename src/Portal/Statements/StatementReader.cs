using Ledger;
using Portal.Accounts;
using Portal.Terms;

namespace Portal.Statements;

/// <summary>Reads the statements' pages.</summary>
public sealed class StatementReader(AccountStatements statements, PriceBooks prices, Clock clock)
{
    /// <summary>All statements as of now; <c>null</c> if there is no such account.</summary>
    public async Task<StatementsFigures?> Read(string account, CancellationToken cancel = default)
    {
        var now = clock.Now;
        return await statements.Of(account, cancel) is { } all ? new StatementsFigures(account, now, [.. all.Select(s => s.Statement)]) : null;
    }

    /// <summary>One of them; <c>null</c> if no period of the account has this address.</summary>
    public async Task<StatementFigures?> Read(string account, string address, CancellationToken cancel = default)
    {
        var now = clock.Now;
        if (StatementAddress.Day(address) is not { } start || await statements.InFull(account, start, cancel) is not { } full)
        {
            return null;
        }
        var statement = full.Stated.Statement;
        return new StatementFigures(
            account, now, full.Stated, full.PlanName, statement.Period.End <= now, [.. full.Sums.Select(s => Row(StatementWords.Title(s), [s]))], Row("Together", full.Sums),
            statement.Period.Contains(now) ? ProgrammeState.At(await prices.InForce(cancel), now) : null)
        {
            Archived = full.Archived,
        };
    }

    private static StatementEntryRow Row(string title, IReadOnlyList<PeriodEntries> entries) => new(
        title, entries.Sum(e => e.Count), Money.Sum(entries, e => e.Credit.Granted), Money.Sum(entries, e => e.Credit.Used), Money.Sum(entries, e => e.Credit.Expired),
        Money.Sum(entries, e => e.Extra), Money.Sum(entries, e => e.Uncollected));
}
