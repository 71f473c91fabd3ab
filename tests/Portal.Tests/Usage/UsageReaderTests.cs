using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.UsagePages;

namespace Portal.Tests.UsagePages;

/// <summary>What the page adds up equals the charges, added up another way, however it is filtered and grouped.</summary>
public abstract class UsageReaderTests<TDatabase> : IClassFixture<UsageOn<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    private readonly UsageOn<TDatabase> on;

    protected UsageReaderTests(UsageOn<TDatabase> on)
    {
        Tools.Require(on.Database.Missing);
        this.on = on;
    }

    private UsageReader Reader => on.Host.Services.GetRequiredService<UsageReader>();

    [Fact]
    public async Task Totals_rows_groups_and_bars_equal_the_charges_to_the_nano_however_they_are_filtered_and_grouped()
    {
        var charges = await on.Charges();
        var book = await on.Host.Services.GetRequiredService<PriceBooks>().InForce();
        Assert.Contains(charges, c => c.Extra.IsPositive && c.Credit.IsPositive);
        Assert.Contains(charges, c => c.Uncollected.IsPositive);
        var days = (From: new DateOnly(2026, 10, 20), To: new DateOnly(2026, 11, 5));
        UsageQuery[] spans = [.. UsageQuery.Spans.Select(s => new UsageQuery(s.Span)), new(UsageSpan.Days, days.From, days.To), new(UsageSpan.Days, days.From), new(UsageSpan.Days, new DateOnly(2027, 1, 1), new DateOnly(2027, 1, 2))];
        foreach (var span in spans)
        {
            var inRange = charges.Where(InRange(span)).ToList();
            var read = (await Reader.Read(UsageOn<TDatabase>.Mine, span))!;
            Assert.Equal(Sum(inRange), read.Table.Totals);
            foreach (var filter in Filters(span))
            {
                var expected = Sum(inRange.Where(c => Asked(filter, c)));
                foreach (var query in UsageQuery.Groupings.SelectMany(g => (UsageQuery[])[filter with { By = g.By }, filter with { By = g.By, IsWhole = true }]))
                {
                    var table = new UsageTable(read.Cube, query, book);
                    Assert.Equal(expected, table.Totals);
                    Assert.Equal(expected.List, expected.Credit + expected.Extra + expected.Uncollected + expected.Included);
                    if (query is not { IsWhole: true, By: UsageGrouping.Payer })
                    {
                        Assert.Equal(expected, UsageSum.Of(table.Rows.Select(r => r.Sum)));
                    }
                    if (query.By != UsageGrouping.Payer)
                    {
                        Assert.Equal(expected, UsageSum.Of(table.Groups.Select(g => g.Sum)));
                    }
                    var (series, bars) = table.Bars(read.Range);
                    Assert.Equal(expected.List, Money.Sum(bars, b => b.Total));
                    Assert.All(bars, b => Assert.Equal(series.Count, b.Parts.Count));
                    Assert.Equal(Enumerable.Range(0, bars.Count).Select(i => read.Range.First.AddDays(i)), bars.Select(b => b.Day));
                }
            }
        }

        Func<Charge, bool> InRange(UsageQuery span) => span.Span switch
        {
            UsageSpan.Period => c => c.Period == 1,
            UsageSpan.LastPeriod => c => c.Period == 0,
            UsageSpan.Week => c => c.Day >= new DateOnly(2026, 11, 17),
            UsageSpan.Month => c => c.Day >= new DateOnly(2026, 10, 25),
            UsageSpan.Quarter => _ => true,
            _ => c => c.Day >= span.From && c.Day <= (span.To ?? DateOnly.MaxValue),
        };
    }

    [Fact]
    public async Task The_periods_use_is_what_the_period_counts_also_what_was_settled_after_its_end()
    {
        var late = Assert.Single(await on.Charges(), c => c.Authorization is not null);
        Assert.Equal((0, new DateOnly(2026, 11, 3)), (late.Period, late.Day));
        var last = (await Reader.Figures(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.LastPeriod)))!;
        Assert.Contains(last.Rows, r => r.Day == late.Day);
        Assert.Equal(late.Day, last.Bars[^1].Day);
        var period = (await Reader.Figures(UsageOn<TDatabase>.Mine, new UsageQuery()))!;
        Assert.Equal((new DateOnly(2026, 11, 3), new DateOnly(2026, 11, 23)), (period.Range.First, period.Range.Last));
        Assert.True(period.Later.MovedToCredit.IsPositive);
    }

    [Fact]
    public async Task Use_that_is_added_to_what_was_read_before_equals_use_that_is_read_anew()
    {
        foreach (var query in (UsageQuery[])[new(), new(UsageSpan.Month, By: UsageGrouping.App), new(UsageSpan.Quarter, Model: "claude-haiku-4-5")])
        {
            var before = (await Reader.Figures(UsageOn<TDatabase>.Mine, query))!;
            await on.Use("claude-haiku-4-5", "headless", "Editor", new Usage { OutputTokens = 1_234 });
            await on.Use("claude-haiku-4-5", "chat", null, new Usage { InputTokens = 77 });
            var added = (await Reader.Figures(UsageOn<TDatabase>.Mine, query))!;
            using var empty = new UsageMemory();
            var anew = (await ReaderWith(empty).Figures(UsageOn<TDatabase>.Mine, query))!;
            Assert.Equal(before.Through + 2, added.Through);
            Assert.Equal(anew.Totals, added.Totals);
            Assert.Equal(anew.Rows, added.Rows);
            Assert.Equal(before.Totals.Requests + 2, added.Totals.Requests);
        }
    }

    [Fact]
    public async Task Another_filter_over_the_same_days_reads_no_charge_again_and_an_earlier_look_is_not_answered_with_a_later_one()
    {
        using var memory = new UsageMemory();
        var reader = ReaderWith(memory);
        var all = (await reader.Read(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.Quarter)))!;
        var chat = (await reader.Read(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.Quarter, By: UsageGrouping.App, Surface: "chat")))!;
        Assert.Same(all.Cube, chat.Cube);
        var earlier = (await reader.Read(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.Quarter), through: 10))!;
        Assert.Equal(10, earlier.Table.Totals.Requests);
        Assert.Same(all.Cube, (await reader.Read(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.Quarter)))!.Cube);
    }

    private UsageReader ReaderWith(UsageMemory memory)
    {
        var services = on.Host.Services;
        return new UsageReader(
            services.GetRequiredService<IDbContextFactory<PortalDb>>(), services.GetRequiredService<Balances>(), services.GetRequiredService<PriceBooks>(), memory, services.GetRequiredService<Clock>());
    }

    [Fact]
    public async Task Nothing_of_another_account_is_counted_and_no_account_has_no_use()
    {
        var theirs = (await Reader.Read(UsageOn<TDatabase>.Theirs, new UsageQuery(UsageSpan.Quarter)))!;
        Assert.Equal(Sum(await on.Charges(UsageOn<TDatabase>.Theirs)), theirs.Table.Totals);
        Assert.NotEqual(0, theirs.Table.Totals.Requests);
        Assert.Null(await Reader.Read("nobody", new UsageQuery()));
    }

    [Fact]
    public async Task The_first_period_has_none_before_it()
    {
        await using var scope = on.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountDoor>().Submit(
            new PutAccount($"new-{Database}", on.Owner.UserId!, "pro", null, AccountStatus.Open, Actor.Portal));
        var read = (await Reader.Read($"new-{Database}", new UsageQuery(UsageSpan.LastPeriod)))!;
        Assert.Equal(["There is no last period: the account's first one runs."], read.Wrong);
        Assert.Equal(default, read.Table.Totals);
    }

    private static string Database => typeof(TDatabase).Name.ToLowerInvariant();

    private static IEnumerable<UsageQuery> Filters(UsageQuery span) =>
    [
        .. UsageQuery.PaidBy.Select(p => span with { Payer = p.Payer }),
        span with { Model = "claude-sonnet-5-5" },
        span with { Model = "unknown" },
        span with { Surface = "third_party_app", App = UsageOn<TDatabase>.Formula },
        span with { App = "", Payer = Payers.Credit },
    ];

    private static bool Asked(UsageQuery query, Charge c) =>
        (query.Model is null || c.Model == query.Model) && (query.Surface is null || c.Surface == query.Surface)
        && (query.App is null || (query.App == "" ? c.App is null : c.App == query.App))
        && query.Payer switch
        {
            null => true,
            Payers.Credit => c.Credit.IsPositive,
            Payers.Extra => c.Extra.IsPositive,
            Payers.Uncollected => c.Uncollected.IsPositive,
            Payers.Included => c.IsIncluded,
            _ => !c.IsIncluded && c.List.IsPositive,
        };

    internal static UsageSum Sum(IEnumerable<Charge> charges)
    {
        var all = charges.ToList();
        return new UsageSum(
            all.Count, all.Sum(c => c.Usage.InputTokens), all.Sum(c => c.Usage.CacheWrite5mTokens), all.Sum(c => c.Usage.CacheWrite1hTokens),
            all.Sum(c => c.Usage.CacheReadTokens), all.Sum(c => c.Usage.OutputTokens), all.Sum(c => c.Usage.WebSearches),
            Money.Sum(all, c => c.Credit), Money.Sum(all, c => c.Extra), Money.Sum(all, c => c.Uncollected), Money.Sum(all.Where(c => c.IsIncluded), c => c.List));
    }
}

public sealed class UsageReaderOnSqlite(UsageOn<SqliteDatabase> on) : UsageReaderTests<SqliteDatabase>(on);

public sealed class UsageReaderOnPostgres(UsageOn<PostgresDatabase> on) : UsageReaderTests<PostgresDatabase>(on);
