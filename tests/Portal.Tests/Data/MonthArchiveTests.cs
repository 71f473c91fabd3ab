using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Support;
using Portal.Tests.Accounts;

namespace Portal.Tests.Data;

/// <summary>On SQLite the ledger is one file, and what asks for months says so.</summary>
public sealed class MonthsOnSqlite(DoorOn<SqliteDatabase> portal) : DoorTests<SqliteDatabase>(portal), IClassFixture<DoorOn<SqliteDatabase>>
{
    [Fact]
    public async Task There_are_none_and_nothing_asks_for_them()
    {
        var account = await Open(claimed: true);
        await Get<Sweep>().Once(TestContext.Current.CancellationToken);
        await using var db = Fixture.Database.Open();
        await Months.Make(db, Now, move: true, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(0, await Months.RowsOutsideAny(db, TestContext.Current.CancellationToken));
        Assert.Contains("On SQLite", await Get<MonthArchive>().Detach(Months.Of(Now), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(await Rows<Entry>(e => e.Account == account));
    }
}

/// <summary>A month that is long over leaves the ledger's tables, and every account goes on from what it had come to.</summary>
public sealed class MonthArchiveTests(DoorOn<PostgresDatabase> portal) : DoorTests<PostgresDatabase>(portal), IClassFixture<DoorOn<PostgresDatabase>>
{
    private const string Mistake = "The gateway counted twice, as it told us later.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MonthArchive Archive => Get<MonthArchive>();

    [Fact]
    public async Task A_month_that_is_over_leaves_and_every_account_goes_on_from_what_it_had_come_to()
    {
        var first = Months.Of(Now);
        var account = await Open(claimed: true, cap: Money.FromDollars(9));
        Assert.IsType<GoodwillOutcome.Granted>(await Door.Submit(new GrantGoodwill(account, Guid.NewGuid(), Money.FromDollars(5), Now.AddYears(3), "for the trouble of last week", "T-1", Support)));
        var held = await Door.Submit(Ask(account, $"{account}-held", 3));
        Assert.IsType<AuthorizeAnswer.Granted>(held);
        await Door.Submit(new Settle($"{account}-held", Cents(2), null, Gateway));
        await Door.Submit(Tell(account, $"{account}-1", 1_500));
        await Door.Submit(Tell(account, $"{account}-2", 1_400));
        var asleep = await Open(claimed: true);
        await Pass(1);
        // Each in another month than what it is about.
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 2, Mistake, Now.AddYears(2), Support)));
        await Door.Submit(new ClaimCredit(account, Owner));
        await Door.Submit(Tell(account, $"{account}-3", 700));
        await Door.Submit(new DisputeCharge(account, 4, "I did not ask for this.", Owner));
        Assert.Contains($"is kept until {first.AddMonths(14):yyyy-MM-dd}", await Archive.Detach(first, Cancel), StringComparison.Ordinal);
        await Pass(14);
        await Door.Submit(Tell(account, $"{account}-4", 1));
        var moments = Enumerable.Range(2, 12).Select(months => first.AddMonths(months).AddDays(20)).ToList();
        var before = await Balances(account, moments);
        var folded = await Folded(account);

        // In their order, and no younger ones.
        await DetachAllBefore(first);
        Assert.Contains($"{first:yyyy-MM} is older and still there", await Archive.Detach(first.AddMonths(1), Cancel), StringComparison.Ordinal);
        Assert.Contains("is kept until", await Archive.Detach(first.AddMonths(10), Cancel), StringComparison.Ordinal);
        Assert.Contains($"There is no month {first.AddMonths(-3):yyyy-MM}", await Archive.Detach(first.AddMonths(-3), Cancel), StringComparison.Ordinal);
        Assert.Null(await Archive.Detach(first, Cancel));
        await StillTrue();

        // The next, with a dispute in it that nobody has decided.
        Assert.Contains($"{account}.c4 is of that month, and its dispute is not decided", await Archive.Detach(first.AddMonths(1), Cancel), StringComparison.Ordinal);
        await Door.Submit(new WithdrawDispute(account, 4, Owner));
        Assert.Null(await Archive.Detach(first.AddMonths(1), Cancel));
        await StillTrue();
        Assert.NotNull(await Get<Paces>().Now(asleep, Cancel));

        async Task StillTrue()
        {
            Assert.Empty(await Get<LedgerCheck>().Broken(Cancel));
            Assert.Equal(folded, await Folded(account));
            Assert.Equal(before, await Balances(account, moments));
            await using var db = Fixture.Database.Open();
            Assert.Empty(await Durability.Problems(db));
        }
    }

    [Fact]
    public async Task What_looks_for_something_of_a_month_that_left_is_told_where_it_is()
    {
        var (account, other) = (await Open(claimed: true), await Open());
        await Door.Submit(Tell(account, $"{account}-1", 7));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-held", 3)));
        await Door.Submit(new Settle($"{account}-held", Cents(2), null, Gateway));
        var (then, end) = (Now, Months.Of(Now).AddMonths(1));
        await Pass(16);
        await DetachAllBefore(end);

        // A gateway that repeats itself after so long is refused, and charges nothing twice.
        Assert.Equal(new EventAnswer.Rejected(RejectionReason.TooOld), await Door.Submit(Tell(account, $"{account}-1", 7) with { Time = then }));
        Assert.Equal(new EventAnswer.Rejected(RejectionReason.TooOld), await Door.Submit(Tell(other, $"{account}-1", 7)));
        Assert.Equal(new SettleAnswer.Rejected(RejectionReason.TooOld), await Door.Submit(new Settle($"{account}-held", Cents(2), null, Gateway)));
        Assert.Null(Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-held", 3))).Charge);
        Assert.IsType<ReversalOutcome.UnknownCharge>(await Door.Submit(new ReverseCharge(account, 1, Mistake, null, Support)));

        var sentence = Openings.Sentence(end);
        Assert.Equal(sentence, await Get<ChargeReader>().Archived(account, $"{account}.c1", Cancel));
        Assert.Equal(sentence, await Get<ChargeReader>().Archived(account, $"{account}.c2", Cancel));
        Assert.Null(await Get<ChargeReader>().Archived(account, $"{account}.c3", Cancel));
        Assert.Null(await Get<PastBalances>().At(account, then, Cancel));
        Assert.Equal(sentence, await Get<PastBalances>().Archived(account, then, Cancel));
        Assert.Null(await Get<PastBalances>().Archived(account, Now, Cancel));
        Assert.Equal(sentence, (await Get<HistoryLines>().Read(account, new HistoryFilter(), HistoryPosition.Top, 1_000, Cancel)).Archived);
        Assert.Null((await Get<HistoryLines>().Read(account, new HistoryFilter(From: end), HistoryPosition.Top, 1_000, Cancel)).Archived);
        var statements = Get<AccountStatements>();
        var all = (await statements.Of(account, Cancel))!;
        Assert.Equal(sentence, (await statements.InFull(account, Period.DayOf(all[^1].Statement.Period.Start), Cancel))!.Archived);
        Assert.Null((await statements.InFull(account, Period.DayOf(all[0].Statement.Period.Start), Cancel))!.Archived);
        Assert.Equal(Money.FromDollars(20), all[^1].Statement.Credit.Granted);
        await Get<Paces>().Now(account, Cancel);

        var support = Actor.User("somebody-of-support");
        var compared = (await Get<CompareReader>().Read(account, then, Now, support, Cancel))!;
        Assert.Equal(sentence, compared.Archived);
        Assert.Null(compared.Before);
        Assert.Null((await Get<CompareReader>().Read(account, end, Now, support, Cancel))!.Archived);
        Assert.Equal(sentence, (await Get<SupportAccountReader>().Read(account, new TimelineQuery(null, null, null, null), support, Cancel))!.Archived);
    }

    [Fact]
    public async Task Nothing_of_before_is_ever_written_again_and_an_opening_stays_as_it_is()
    {
        var account = await Open(claimed: true);
        var end = Months.Of(Now).AddMonths(1);
        await Pass(16);
        await DetachAllBefore(end);
        await using var db = Fixture.Database.Open();
        await Refused(PostgresErrorCodes.CheckViolation, $"CREATE TEMPORARY TABLE copied AS SELECT * FROM entries WHERE account = '{account}'; UPDATE copied SET at = '{end.AddDays(-1):O}'; INSERT INTO entries SELECT * FROM copied");
        await Refused(PostgresErrorCodes.RaiseException, "DELETE FROM openings");
        await Refused(PostgresErrorCodes.RaiseException, "UPDATE openings SET seq = 0");

        // The month's own tables are whole, and a start makes none in their place.
        var left = $"SELECT count(*)::int AS \"Value\" FROM entries_{end.AddDays(-1):yyyy_MM} WHERE account = '{account}'";
        Assert.Equal(1, await db.Database.SqlQueryRaw<int>(left).SingleAsync(Cancel));
        await Months.Make(db, end.AddDays(-1), move: true, cancel: Cancel);
        Assert.DoesNotContain($"entries_{end.AddDays(-1):yyyy_MM}", (await Months.Partitions(db, Cancel)).Select(p => p.Partition));

        async Task Refused(string state, string sql) => Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, Cancel))).SqlState);
    }

    [Fact]
    public async Task A_ledger_that_does_not_add_up_keeps_all_its_months()
    {
        var account = await Open(claimed: true);
        var month = Months.Of(Now);
        await Pass(16);
        await DetachAllBefore(month);
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE accounts SET last_grant = last_grant + 1 WHERE key = {account}", Cancel);
        Assert.Contains("does not add up, so no month of it may go", await Archive.Detach(month, Cancel), StringComparison.Ordinal);
        Assert.Contains($"entries_{month:yyyy_MM}", (await Months.Partitions(db, Cancel)).Select(p => p.Partition));
        await db.Database.ExecuteSqlAsync($"UPDATE accounts SET last_grant = last_grant - 1 WHERE key = {account}", Cancel);
    }

    /// <summary>Months in which only the sweep is awake.</summary>
    private async Task Pass(int months)
    {
        for (var month = 0; month < months; month++)
        {
            Time.Advance(Now.AddMonths(1) - Now);
            await Get<Sweep>().Once(Cancel);
        }
    }

    private async Task DetachAllBefore(DateTimeOffset end)
    {
        await using var db = Fixture.Database.Open();
        foreach (var month in (await Months.Partitions(db, Cancel)).Where(p => p.Table == Months.Tables[0]).Select(p => p.Table.MonthOf(p.Partition)).OfType<DateTimeOffset>().Where(m => m < end).Order())
        {
            Assert.Null(await Archive.Detach(month, Cancel));
        }
    }

    private async Task<string> Folded(string account)
    {
        await foreach (var folded in Get<LedgerCheck>().Accounts(Cancel))
        {
            if (folded.Account == account)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{folded.Entries} entries, {folded.Charges} charges");
            }
        }
        return "none";
    }

    private async Task<List<string>> Balances(string account, List<DateTimeOffset> moments)
    {
        var balances = new List<string>();
        foreach (var moment in moments)
        {
            balances.Add(System.Text.Json.JsonSerializer.Serialize(await Get<PastBalances>().At(account, moment, Cancel), LedgerJson.Options));
        }
        return balances;
    }
}
