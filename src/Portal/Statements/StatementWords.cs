using Ledger;
using Portal.Accounts;

namespace Portal.Statements;

/// <summary>What the entries behind a statement are called on its page and in its file. A kind without words stops the page rather than read wrongly.</summary>
public static class StatementWords
{
    /// <summary>Entries that say the same.</summary>
    public static string Title(PeriodEntries entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return (entries.Kind, entries.IsLate) switch
        {
            (EntryKind.Charge, _) => $"Requests, {entries.Model ?? "unknown model"}",
            (EntryKind.Reversal, true) => "Charges of earlier periods reversed",
            (EntryKind.Expiry, true) => "Credit of earlier periods that came back too late",
            var (kind, _) => Title(kind),
        };
    }

    /// <summary>An entry by its kind alone.</summary>
    public static string Title(EntryKind kind) => kind switch
    {
        EntryKind.Grant => "Credit given",
        EntryKind.Charge => "Request",
        EntryKind.Reallocation => "Extra usage moved to credit",
        EntryKind.Expiry => "Unused credit lost",
        EntryKind.Adjustment => "Credit enlarged",
        EntryKind.Reversal => "Charges reversed",
        _ => throw new InvalidOperationException($"Entries of kind {kind} have no title."),
    };
}
