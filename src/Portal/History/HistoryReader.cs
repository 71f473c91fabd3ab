using Portal.Accounts;
using Portal.Terms;
using Portal.Ui;

namespace Portal.History;

/// <summary>Reads a page of the history, and what it can be narrowed to.</summary>
public sealed class HistoryReader(HistoryLines history, PriceBooks prices, Clock clock)
{
    private const int PageSize = 40;

    public async Task<HistoryFigures> Read(string account, HistoryQuery query, ViewerTime time, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var part = await history.Read(account, query.Filter(time), query.Start, PageSize, cancel);
        var book = await prices.InForce(cancel);
        return new HistoryFigures(
            account, clock.Now, query.Path(query.IsAtTop ? null : query.Start.ToString()), part.Lines, part.Older, part.LookedBackTo,
            Choices(book.Models, query.Model, book.ModelName), Choices(book.Surfaces.Select(s => s.Surface), query.Surface, SurfaceNames.Of))
        {
            Archived = part.Archived,
        };
    }

    private static IReadOnlyList<HistoryChoice> Choices(IEnumerable<string> known, string? asked, Func<string, string> name) =>
        [.. (asked is null ? known : known.Append(asked)).Distinct(StringComparer.Ordinal).Select(key => new HistoryChoice(key, name(key))).OrderBy(c => c.Name, StringComparer.Ordinal)];
}
