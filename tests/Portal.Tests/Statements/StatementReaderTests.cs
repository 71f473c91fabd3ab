using System.Globalization;
using System.Text.RegularExpressions;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.SignIn;
using Portal.Statements;
using Portal.Terms;
using Portal.Tests.Accounts;
using Portal.Tests.SignIn;

namespace Portal.Tests.Statements;

public sealed class StatementReaderOnSqlite(DoorOn<SqliteDatabase> portal) : StatementReaderTests<SqliteDatabase>(portal);

public sealed class StatementReaderOnPostgres(DoorOn<PostgresDatabase> portal) : StatementReaderTests<PostgresDatabase>(portal);

/// <summary>What statements say on their pages and in their file, and that it is what the entries come to, to the nano.</summary>
public abstract partial class StatementReaderTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Haiku = "claude-haiku-5-5";

    [Fact]
    public async Task A_statement_is_what_its_periods_entries_come_to_whatever_happened()
    {
        var all = new List<Statement>();
        for (var seed = 1; seed <= 4; seed++)
        {
            all.AddRange(await AsItsEntries(new Random(seed)));
        }
        Assert.True(all.Any(s => s.ExtraUsed.IsPositive) && all.Any(s => s.Uncollected.IsPositive) && all.Any(s => s.Credit.Expired.IsPositive) && all.Any(s => s.Refunds.IsPositive));
    }

    /// <summary>Lives four months and compares; which of them have what, the lives show together.</summary>
    private async Task<IReadOnlyList<Statement>> AsItsEntries(Random random)
    {
        var account = await Live(random);
        // It sleeps over the last boundary: what is due and not yet written counts too.
        Time.Advance(TimeSpan.FromDays(31));
        var list = (await Get<StatementReader>().Read(account))!;
        foreach (var statement in list.Statements)
        {
            var page = (await Get<StatementReader>().Read(account, StatementAddress.Of(statement.Period)))!;
            Assert.Equal(Figures(statement), Figures(page.Statement));
            Assert.Equal(
                (statement.Credit, statement.ExtraUsed, statement.Uncollected),
                (new CreditFigures(page.Sum.Granted, page.Sum.Used, page.Sum.Lost), page.Sum.Extra, page.Sum.Uncollected));
            Assert.Equal(statement.TotalDue, statement.PlanFee + statement.ExtraOwed - statement.Refunds);
            Assert.Equal(statement.ExtraOwed, statement.ExtraUsed - Money.Sum(statement.Discounts, d => d.Discount));
            Assert.Equal(page.Entries.Sum(e => e.Count), page.Sum.Count);
        }

        await Door.Submit(new Wake(account));
        foreach (var statement in list.Statements)
        {
            Assert.Equal(await FromEntries(account, statement.Period.Index), (statement.Credit.Granted, statement.Credit.Used, statement.Credit.Expired, statement.ExtraUsed, statement.Uncollected));
        }
        Assert.True(list.Statements.Count >= 5);
        return list.Statements;
    }

    [Fact]
    public async Task The_file_says_what_the_page_shows_and_then_every_entry()
    {
        var email = await Fixture.Host.NewUser(Roles.Subscriber);
        var owner = Actor.User((await Fixture.Host.Find(email)).Id);
        var (account, start) = ("-file" + Guid.NewGuid().ToString("n")[..6], Now.AddDays(-9));
        await Door.Submit(new PutAccount(account, owner.UserId!, "pro", start, AccountStatus.Open, Gateway));
        await Door.Submit(new ClaimCredit(account, owner));
        await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(5), "I agree.", owner));
        await Door.Submit(new RecordUsage(account, "test", $"{account}-1", null, Haiku, "headless", null, new Usage { InputTokens = 7, OutputTokens = 3, Batch = true, Region = Ledger.Region.Us }, null, Gateway));
        await Door.Submit(Tell(account, $"{account}-2", 2_700));
        var page = (await Get<StatementReader>().Read(account, $"{start:yyyy-MM-dd}"))!;
        using var client = new FormClient(Fixture.Host.Address);
        await client.SignIn(email, People.Password);

        var answer = await client.Get($"/statements/{start:yyyy-MM-dd}/file");

        Assert.Equal("text/csv; charset=utf-8", answer.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal($"statement-{account}-{start:yyyy-MM-dd}.csv", answer.Response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var rows = answer.Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => BetweenCells().Split(l)).ToList();
        Assert.All(rows, row => Assert.Equal(7, row.Length));
        var statement = page.Statement;
        foreach (var (part, amount) in new[]
        {
            ("total_due", statement.TotalDue), ("plan_fee", statement.PlanFee), ("credit_granted", statement.Credit.Granted), ("credit_used", statement.Credit.Used),
            ("credit_lost", statement.Credit.Expired), ("extra_used", statement.ExtraUsed), ("extra_owed", statement.ExtraOwed), ("refunds", statement.Refunds), ("not_owed", statement.Uncollected),
        })
        {
            Assert.Equal(amount.ToString(), Assert.Single(rows, r => r[0] == part)[^1]);
        }
        Assert.Equal(page.Stated.Lines.Select(l => l.Amount), rows.Where(r => r[0] == "line").Select(r => Money.Parse(r[^1])));
        var entries = (await Rows<Entry>(e => e.Account == account)).OrderBy(e => e.Seq).ToList();
        Assert.Equal(entries.Select(e => e.Amount.ToString()), rows.Where(r => r[0] == "entry").Select(r => r[^1]));
        Assert.All(rows.Where(r => r[0] == "entry" && r[3] == "charge"), r => Assert.StartsWith($"'{account}.c", r[5], StringComparison.Ordinal));
        Assert.True(statement.Uncollected.IsPositive);

        Assert.Equal(404, (int)(await client.Get($"/statements/{start.AddDays(1):yyyy-MM-dd}/file")).Status);
        Assert.Equal(404, (int)(await client.Get("/statements/2026-13-01/file")).Status);
        Assert.Equal(404, (int)(await client.Get($"/statements/{start.AddDays(1):yyyy-MM-dd}")).Status);
    }

    [Fact]
    public async Task A_file_of_many_entries_has_them_all_in_their_order()
    {
        var account = await Open(claimed: true);
        await Task.WhenAll(Enumerable.Range(0, 1_100).Select(i => Door.Submit(Tell(account, $"{account}-{i}", 1))));
        var full = (await Get<AccountStatements>().InFull(account, Period.DayOf(Now.AddDays(-9))))!;
        await Door.Submit(Tell(account, $"{account}-later", 1));

        var entries = await full.Entries.ToListAsync();

        Assert.Equal(Enumerable.Range(1, entries.Count), entries.Select(e => (int)e.Seq));
        Assert.Equal((full.Sums.Sum(s => s.Count), full.Stated.Statement.Credit.Used), (entries.Count, Money.Sum(entries.Where(e => e.Pool == EntryPool.Credit && e.Kind == EntryKind.Charge), e => e.Amount)));
    }

    [Fact]
    public async Task A_period_whose_last_request_still_runs_has_ended_and_is_not_final()
    {
        var account = await Open(claimed: true);
        var start = Now.AddDays(-9);
        var end = (await BalanceOf(account)).Period.End;
        Time.Advance(end - Now - TimeSpan.FromMinutes(1));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-1", 300, ttlSeconds: 3_600)));
        Time.Advance(TimeSpan.FromMinutes(10));
        var running = (await Get<StatementReader>().Read(account, StatementAddress.Of(Period.Of(start, 0))))!;
        Assert.Equal((true, false), (running.HasEnded, running.Statement.IsFinal));
        await Door.Submit(new Settle($"{account}-1", Cents(200), null, Gateway));
        var final = (await Get<StatementReader>().Read(account, StatementAddress.Of(Period.Of(start, 0))))!;
        Assert.Equal((true, Money.FromDollars(2), Money.FromDollars(18), Money.FromDollars(2)), (final.Statement.IsFinal, final.Sum.Used, final.Sum.Lost, final.Statement.Credit.Used));
    }

    [Theory]
    [InlineData("2026-11-2")]
    [InlineData("now")]
    [InlineData("")]
    [InlineData("1999-01-01")]
    public async Task What_is_no_statement_is_not_found(string address)
    {
        var account = await Open();
        Assert.Null(await Get<StatementReader>().Read(account, address));
        Assert.Null(await Get<StatementReader>().Read("nobody", address));
        Assert.Null(await Get<StatementReader>().Read("nobody"));
    }

    /// <summary>Four months of random use, claims, goodwill, caps, an upgrade and reversals, some of charges of periods that were final.</summary>
    private async Task<string> Live(Random random)
    {
        var account = await Open();
        await Promote(account);
        var charges = 0L;
        for (var day = 0; day < 120; day++)
        {
            Time.Advance(TimeSpan.FromHours(24 + random.Next(-3, 4)));
            var usage = new Usage { InputTokens = random.Next(2_000_000), OutputTokens = random.Next(90_000), CacheReadTokens = random.Next(500_000), Batch = random.Next(2) == 0, Region = random.Next(2) == 0 ? Ledger.Region.Us : Ledger.Region.Global };
            charges += await Door.Submit(new RecordUsage(account, "test", $"{account}-{day}", null, random.Next(2) == 0 ? Haiku : Sonnet, "headless", null, usage, null, Gateway)) is EventAnswer.Recorded ? 1 : 0;
            switch (random.Next(8))
            {
                case 0:
                    await Door.Submit(new ClaimCredit(account, Owner));
                    break;
                case 1:
                    await Door.Submit(new GrantGoodwill(account, Guid.CreateVersion7(), new Money(random.NextInt64(1, 5_000_000_000)), Now.AddDays(random.Next(1, 40)), "sorry", "T-1", Support));
                    break;
                case 2:
                    await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(random.Next(1, 15)), "I agree.", Owner));
                    break;
                case 3 when charges > 0:
                    await Door.Submit(new ReverseCharge(account, random.NextInt64(1, charges + 1), "A mistake.", Now.AddDays(random.Next(1, 40)), Support));
                    break;
                case 4 when await Door.Submit(Ask(account, $"{account}-h{day}", random.Next(1, 300), ttlSeconds: 86_400)) is AuthorizeAnswer.Granted:
                    Time.Advance(TimeSpan.FromMinutes(random.Next(1, 1_000)));
                    charges += await Door.Submit(new Settle($"{account}-h{day}", Cents(random.Next(1, 300)), null, Gateway)) is SettleAnswer.Settled ? 1 : 0;
                    break;
                case 5 when day > 40:
                    await Door.Submit(new ChangePlan(account, random.Next(3) == 0 ? "max-5x" : "pro", Owner));
                    break;
            }
        }
        return account;
    }

    /// <summary>Some of the extra usage has a discount that does not divide evenly.</summary>
    private async Task Promote(string account)
    {
        await using var db = Fixture.Database.Open();
        db.Add(new Promotion($"third for {account}", Now.AddDays(20), Now.AddDays(75), 333_333, [Haiku], []));
        (await db.Set<TermsRevision>().SingleAsync()).Revision++;
        await db.SaveChangesAsync();
    }

    /// <summary>The figures of a period, from its entries alone: put together here a second time.</summary>
    private async Task<(Money Granted, Money Used, Money Lost, Money Extra, Money Uncollected)> FromEntries(string account, int period)
    {
        var charges = (await Rows<Charge>(c => c.Account == account)).ToDictionary(c => c.Number, c => c.Period);
        var own = await Rows<Entry>(e => e.Account == account && e.Period == period);
        var late = own.FindAll(e => e.Kind is EntryKind.Reversal or EntryKind.Expiry && e.Charge is { } charge && charges[charge] != period);
        var inTime = own.Except(late).ToList();
        static Money Sum(List<Entry> of, EntryKind kind, EntryPool pool) => Money.Sum(of.Where(e => e.Kind == kind && e.Pool == pool), e => e.Amount);
        return (
            Sum(inTime, EntryKind.Grant, EntryPool.Credit) + Sum(inTime, EntryKind.Adjustment, EntryPool.Credit) + Sum(late, EntryKind.Reversal, EntryPool.Credit) - Sum(late, EntryKind.Expiry, EntryPool.Credit),
            Sum(inTime, EntryKind.Charge, EntryPool.Credit) + Sum(inTime, EntryKind.Reallocation, EntryPool.Credit) - Sum(inTime, EntryKind.Reversal, EntryPool.Credit),
            Sum(inTime, EntryKind.Expiry, EntryPool.Credit),
            Sum(inTime, EntryKind.Charge, EntryPool.Extra) - Sum(inTime, EntryKind.Reallocation, EntryPool.Credit) - Sum(inTime, EntryKind.Reversal, EntryPool.Extra),
            Sum(inTime, EntryKind.Charge, EntryPool.None) - Sum(inTime, EntryKind.Reversal, EntryPool.None));
    }

    [GeneratedRegex(""",(?=(?:[^"]*"[^"]*")*[^"]*$)""")]
    private static partial Regex BetweenCells();

    private static string Figures(Statement s) => string.Create(CultureInfo.InvariantCulture,
        $"{s.Period.Index} {s.PlanFee} {s.Credit} {s.ExtraUsed} {string.Join('|', s.Discounts)} {s.ExtraOwed} {s.Uncollected} {s.TotalDue} {s.IsFinal} {string.Join('|', s.Lines)}");
}
