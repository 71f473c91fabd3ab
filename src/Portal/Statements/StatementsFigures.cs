using Ledger;
using Portal.Accounts;

namespace Portal.Statements;

/// <summary>What the list of statements shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Statements">The statements, the newest first, which is the running one.</param>
public sealed record StatementsFigures(string Account, DateTimeOffset AsOf, IReadOnlyList<Statement> Statements) : AccountFigures(Account, AsOf)
{
    /// <summary>Whether any period has a refund, so that the list has a column of them.</summary>
    public bool HasRefunds => Statements.Any(s => !s.Refunds.IsZero);
}

/// <summary>A line of the table that says which entries a statement is made of.</summary>
public sealed record StatementEntryRow(string Title, long Count, Money Granted, Money Used, Money Lost, Money Extra, Money Uncollected);

/// <summary>What a statement's page shows.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Stated">The statement.</param>
/// <param name="Plan">The name of the plan at its end, or now.</param>
/// <param name="HasEnded">Whether its period has.</param>
/// <param name="Entries">The entries that it is made of, summed.</param>
/// <param name="Sum">What they come to: the statement's own figures.</param>
/// <param name="Programme">The credit programme's terms now, for the period that runs; <c>null</c> for an earlier one.</param>
public sealed record StatementFigures(
    string Account, DateTimeOffset AsOf, AccountStatement Stated, string Plan, bool HasEnded, IReadOnlyList<StatementEntryRow> Entries, StatementEntryRow Sum, ProgrammeState? Programme)
    : AccountFigures(Account, AsOf)
{
    /// <summary>That its entries are kept in the archive, some or all, if they are.</summary>
    public string? Archived { get; init; }

    /// <summary>The statement's figures.</summary>
    public Statement Statement => Stated.Statement;

    /// <summary>What its address calls it: the UTC day on which its period began.</summary>
    public string Key => StatementAddress.Of(Statement.Period);
}
