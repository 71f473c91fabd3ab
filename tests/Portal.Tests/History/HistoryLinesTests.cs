using Ledger;
using Portal.Accounts;
using Portal.Api;
using Portal.Tests.Accounts;

namespace Portal.Tests.History;

public sealed class HistoryLinesOnSqlite(DoorOn<SqliteDatabase> portal) : HistoryLinesTests<SqliteDatabase>(portal);

public sealed class HistoryLinesOnPostgres(DoorOn<PostgresDatabase> portal) : HistoryLinesTests<PostgresDatabase>(portal);

/// <summary>The history, and the entries that the API tells, read from either database: whatever is asked for, and however short a page is or reaches, each line comes once and in order.</summary>
public abstract class HistoryLinesTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Opus = "claude-opus-5-5";
    private const int Rounds = 6;

    [Fact]
    public async Task Every_filter_finds_what_it_names_on_pages_of_any_size_and_reach()
    {
        var account = await Used();
        var all = await Whole(account, new HistoryFilter(WithIncluded: true), 1_000);
        var (third, fifth) = (At(all, 2), At(all, 4));
        foreach (var (filter, lines) in new (HistoryFilter, int)[]
        {
            (new(), all.Count - Rounds),
            (new(WithIncluded: true), all.Count),
            (new(LineKind.Charge), 2 * Rounds),
            (new(LineKind.Included), Rounds),
            (new(LineKind.Refusal), 2 * Rounds),
            (new(LineKind.Credit), 1),
            (new(LineKind.Refusal, From: third, Before: fifth), 4),
            (new(WithIncluded: true, MovesOnly: true, From: third, Before: fifth), 6),
            (new(LineKind.Included, From: third), 4),
            (new(WithIncluded: true, Model: Opus), Rounds),
            (new(WithIncluded: true, Surface: "chat"), Rounds),
            (new(WithIncluded: true, App: "zed"), Rounds),
            (new(WithIncluded: true, App: ""), 4 * Rounds),
            (new(LineKind.Refusal, Model: Sonnet, Before: fifth), 8),
            (new(WithIncluded: true, App: "nobody's"), 0),
        })
        {
            var found = await Whole(account, filter, 1_000);
            Assert.Equal((filter, lines), (filter, found.Count));
            Assert.Equal(found.OrderByDescending(l => l.At).Select(l => l.At), found.Select(l => l.At));
            Assert.Equal(found.Select(l => l.Key), (await Whole(account, filter, 4)).Select(l => l.Key));
            Assert.Equal(found.Select(l => l.Key), (await Whole(account, filter with { Reach = 5 }, 3)).Select(l => l.Key));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(EntryKind.Charge)]
    [InlineData(EntryKind.Grant)]
    public async Task Entries_of_a_model_come_whole_though_each_page_of_the_API_looks_through_few(EntryKind? kind)
    {
        var account = await Used();
        var fitting = (await Rows<Entry>(e => e.Account == account && e.Model == Opus && (kind == null || e.Kind == kind))).Select(e => e.Seq).OrderDescending().ToList();
        await using var db = Fixture.Database.Open();
        var query = new EntryQuery(null, null, kind, Opus, null, 100) { Reach = 2 };
        List<long> seqs = [];
        var pages = 0;
        for (EntryRange? rest = await query.Range(db, account, default); rest is { } range; pages++)
        {
            (var page, rest) = await query.Page(db, account, range, 100, default);
            seqs.AddRange(page.Select(e => e.Seq));
        }
        Assert.Equal(fitting, seqs);
        // Thirteen entries, two at a time; grants have an index of their own.
        Assert.Equal(kind == EntryKind.Grant ? 1 : 7, pages);
    }

    /// <summary>Six rounds, a minute apart: use of two models, one of them by an app, a chat, and two refusals in one instant.</summary>
    private async Task<string> Used()
    {
        var account = await Open(claimed: true);
        for (var round = 0; round < Rounds; round++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Record(Sonnet, "headless", "zed");
            await Record(Opus, "headless", null);
            await Record(Sonnet, "chat", null);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            foreach (var ask in new[] { "a", "b" })
            {
                Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{account}-{round}-{ask}", 50_000)));
            }

            async Task Record(string model, string surface, string? app)
            {
                Time.Advance(TimeSpan.FromMilliseconds(1));
                Assert.IsType<EventAnswer.Recorded>(await Door.Submit(new RecordUsage(account, "test", $"{account}-{round}-{model}-{surface}", null, model, surface, app, Cents(1), null, Gateway)));
            }
        }
        return account;
    }

    private static DateTimeOffset At(List<HistoryLine> all, int round) => all.Where(l => l.Kind == LineKind.Included).OrderBy(l => l.At).ElementAt(round).At.AddSeconds(-30);

    private async Task<List<HistoryLine>> Whole(string account, HistoryFilter filter, int size)
    {
        var lines = new List<HistoryLine>();
        for (var from = HistoryPosition.Top; ;)
        {
            var part = await Get<HistoryLines>().Read(account, filter, from, size);
            lines.AddRange(part.Lines);
            if (part.Older is null)
            {
                return lines;
            }
            Assert.NotEqual(from, HistoryPosition.Parse(part.Older));
            from = HistoryPosition.Parse(part.Older)!;
        }
    }
}
