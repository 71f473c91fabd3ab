using Ledger;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.UsagePages;

/// <summary>One of what use is grouped by: a model, a surface or an app, and what it came to.</summary>
public sealed record UsageGroup(string Key, string Name, UsageSum Sum);

/// <summary>A row of the table: a day (or all of them) of a group (or of all).</summary>
public sealed record UsageRow(DateOnly? Day, string? Key, string Name, UsageSum Sum);

/// <summary>What can be filtered by: the keys that occur in the range, and their names.</summary>
public sealed record UsageChoice(string Key, string Name);

/// <summary>What a query shows of a cube. The page and the exports are made of this, so they cannot differ.</summary>
public sealed class UsageTable
{
    /// <summary>So many colours are told apart; what is left is one more.</summary>
    private const int MostSeries = 6;

    /// <summary>A list of more is no choice; an address can name any.</summary>
    private const int MostChoices = 200;

    private const string NoApp = "No app named";

    private readonly UsageQuery query;
    private readonly Dictionary<UsageKey, UsageSum> asked;
    private readonly PriceBook book;

    public UsageTable(UsageCube cube, UsageQuery query, PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(query);
        (this.query, this.book) = (query, book);
        asked = cube.Sums.Where(sum => query.Asks(sum.Key)).ToDictionary();
        Totals = UsageSum.Of(asked.Values);
        Groups = query.By == UsageGrouping.Payer ? [] : [.. Together(asked).OrderByDescending(g => g.Sum.List).ThenBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Key, StringComparer.Ordinal)];
        Rows = Table();
        Models = Choices(cube, k => k.Model, query.Model, UsageGrouping.Model);
        Surfaces = Choices(cube, k => k.Surface, query.Surface, UsageGrouping.Surface);
        Apps = Choices(cube, k => k.App ?? "", query.App, UsageGrouping.App);
    }

    /// <summary>All that was asked for.</summary>
    public UsageSum Totals { get; }

    /// <summary>The groups, the dearest first; none by who paid, whose parts stand beside each other in every sum.</summary>
    public IReadOnlyList<UsageGroup> Groups { get; }

    /// <summary>The rows, the newest day and the dearest group first. They come to <see cref="Totals"/>.</summary>
    public IReadOnlyList<UsageRow> Rows { get; }

    public IReadOnlyList<UsageChoice> Models { get; }

    public IReadOnlyList<UsageChoice> Surfaces { get; }

    public IReadOnlyList<UsageChoice> Apps { get; }

    /// <summary>The bars of all days of a range, and what their colours stand for.</summary>
    public (IReadOnlyList<BarSeries> Series, IReadOnlyList<StackedBar> Bars) Bars(UsageRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        var last = asked.Keys.Select(k => k.Day).Append(range.Last).Max();
        var days = asked.GroupBy(sum => sum.Key.Day).ToDictionary(day => day.Key, day => day.ToDictionary());
        var (series, parts) = query.By == UsageGrouping.Payer ? ByPayer() : ByGroup();
        var bars = new List<StackedBar>();
        for (var day = range.First; day <= last; day = day.AddDays(1))
        {
            bars.Add(new StackedBar(day, parts(days.GetValueOrDefault(day) ?? [])));
        }
        return (series, bars);
    }

    private static (IReadOnlyList<BarSeries>, Func<Dictionary<UsageKey, UsageSum>, IReadOnlyList<Money>>) ByPayer() =>
        ([.. DayBars.Payers, new BarSeries("Included", "fill-included", "included")], day => UsageSum.Of(day.Values) is var sum ? [sum.Credit, sum.Extra, sum.Uncollected, sum.Included] : []);

    private (IReadOnlyList<BarSeries>, Func<Dictionary<UsageKey, UsageSum>, IReadOnlyList<Money>>) ByGroup()
    {
        var own = Groups.Count > MostSeries ? MostSeries - 1 : Groups.Count;
        List<BarSeries> series = [.. Groups.Take(own).Select((group, i) => new BarSeries(group.Name, $"fill-series-{"abcdef"[i]}", group.Name))];
        if (own < Groups.Count)
        {
            series.Add(new BarSeries($"{Groups.Count - own} others", "fill-series-other", "others"));
        }
        return (series, Parts);

        IReadOnlyList<Money> Parts(Dictionary<UsageKey, UsageSum> day)
        {
            var groups = Together(day).ToDictionary(g => g.Key, g => g.Sum.List);
            var parts = Groups.Take(own).Select(g => groups.GetValueOrDefault(g.Key)).ToList();
            return own < Groups.Count ? [.. parts, Money.Sum(groups.Values, m => m) - Money.Sum(parts, m => m)] : parts;
        }
    }

    private List<UsageRow> Table()
    {
        if (query.IsWhole)
        {
            return [.. Groups.Select(g => new UsageRow(null, g.Key, g.Name, g.Sum))];
        }
        var days = asked.GroupBy(sum => sum.Key.Day).OrderByDescending(day => day.Key);
        return query.By == UsageGrouping.Payer
            ? [.. days.Select(day => new UsageRow(day.Key, null, "", UsageSum.Of(day.Select(sum => sum.Value))))]
            : [.. days.SelectMany(day => Together(day.ToDictionary()).OrderByDescending(g => g.Sum.List).ThenBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new UsageRow(day.Key, g.Key, g.Name, g.Sum)))];
    }

    private IEnumerable<UsageGroup> Together(Dictionary<UsageKey, UsageSum> sums) =>
        sums.GroupBy(sum => KeyOf(sum.Key)).Select(group => new UsageGroup(group.Key, Name(query.By, group.Key), UsageSum.Of(group.Select(sum => sum.Value))));

    private string KeyOf(UsageKey of) => query.By switch
    {
        UsageGrouping.Model => of.Model,
        UsageGrouping.Surface => of.Surface,
        UsageGrouping.App => of.App ?? "",
        _ => throw new InvalidOperationException($"There are no groups by {query.By}."),
    };

    private string Name(UsageGrouping by, string key) => by switch
    {
        UsageGrouping.Model => book.ModelName(key),
        UsageGrouping.Surface => SurfaceNames.Of(key),
        _ => key == "" ? NoApp : key,
    };

    /// <summary>The dearest; and what is chosen, also where it does not occur.</summary>
    private List<UsageChoice> Choices(UsageCube cube, Func<UsageKey, string> key, string? chosen, UsageGrouping by)
    {
        var dearest = cube.Sums.GroupBy(sum => key(sum.Key)).OrderByDescending(group => Money.Sum(group, sum => sum.Value.List)).Take(MostChoices).Select(group => group.Key);
        return [.. (chosen is null ? dearest : dearest.Append(chosen)).Distinct(StringComparer.Ordinal).Select(k => new UsageChoice(k, Name(by, k))).OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Key, StringComparer.Ordinal)];
    }
}
