using Ledger;

namespace Portal.Terms;

/// <summary>One value that is other than in the terms that are replaced.</summary>
/// <param name="Row">The model and tier, or the plan; empty for a fact.</param>
/// <param name="Column">What of it.</param>
/// <param name="Old">What it was; <c>null</c>: there was none.</param>
/// <param name="New">What it becomes; <c>null</c>: it goes.</param>
/// <param name="PerMille">By how much an amount changes, in thousandths of what it was; <c>null</c> where that says nothing.</param>
public sealed record SheetChange(string Row, string Column, string? Old, string? New, long? PerMille);

/// <summary>What a sheet changes, value by value.</summary>
public static class SheetDiff
{
    public static IReadOnlyList<SheetChange> Of(SheetShape shape, TermsSheet before, TermsSheet after)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var old = before.Rows.GroupBy(shape.KeyOf).ToDictionary(g => g.Key, g => g.First());
        var keys = after.Rows.Select(shape.KeyOf).ToHashSet();
        return
        [
            .. after.Rows.SelectMany(row => Row(shape, old.GetValueOrDefault(shape.KeyOf(row)), row)),
            .. before.Rows.Where(row => !keys.Contains(shape.KeyOf(row))).SelectMany(row => Row(shape, row, null)),
            .. shape.Facts.Select((fact, f) => Value("", fact, before.Facts.ElementAtOrDefault(f), after.Facts[f])).OfType<SheetChange>(),
        ];
    }

    private static IEnumerable<SheetChange> Row(SheetShape shape, IReadOnlyList<string>? old, IReadOnlyList<string>? now) =>
        shape.Columns.Select((column, c) => shape.KeyColumns.Contains(c) ? null : Value(shape.NameOf((now ?? old)!), column, old?[c], now?[c])).OfType<SheetChange>();

    private static SheetChange? Value(string row, SheetColumn column, string? old, string? now)
    {
        var (was, becomes) = (Amount(column, old), Amount(column, now));
        if (was is { } a && becomes is { } b)
        {
            return a == b ? null : new SheetChange(row, column.Label, $"{a}", $"{b}", a.IsPositive ? PerMille(a, b) : null);
        }
        return old?.Trim() == now?.Trim() ? null : new SheetChange(row, column.Label, old?.Trim(), now?.Trim(), null);
    }

    private static long PerMille(Money was, Money becomes) => was <= becomes
        ? Rounding.HalfToEven((Int128)(becomes - was).Nanos * 1_000, was.Nanos)
        : -Rounding.HalfToEven((Int128)(was - becomes).Nanos * 1_000, was.Nanos);

    private static Money? Amount(SheetColumn column, string? cell) =>
        column.Kind is CellKind.Amount or CellKind.Factor && cell is not null && Money.TryParse(cell.Trim(), out var amount) ? amount : null;
}
