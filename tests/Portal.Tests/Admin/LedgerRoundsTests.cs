using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

public sealed class LedgerRoundsOnSqlite(DoorOn<SqliteDatabase> portal) : LedgerRoundsTests<SqliteDatabase>(portal);

public sealed class LedgerRoundsOnPostgres(DoorOn<PostgresDatabase> portal) : LedgerRoundsTests<PostgresDatabase>(portal);

/// <summary>Every account is checked again and again, and who breaks a law is named.</summary>
public abstract class LedgerRoundsTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private LedgerRounds Rounds => Get<LedgerRounds>();

    [Fact]
    public async Task A_round_meets_every_account_and_finds_who_breaks_a_law()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 700));
        await Round();
        Assert.Empty(await Rows<LedgerFault>(f => f.Account == account));

        await Tamper($"UPDATE grants SET used = used + 1 WHERE account = '{account}'");
        await Round();
        var fault = (await Rows<LedgerFault>(f => f.Account == account)).Single(f => f.Law == LedgerLaw.Grants);
        Assert.Contains(account, fault.Says, StringComparison.Ordinal);

        await Tamper($"UPDATE grants SET used = used - 1 WHERE account = '{account}'");
        await Round();
        Assert.Empty(await Rows<LedgerFault>(f => f.Account == account));
        var round = Assert.Single(await Rows<LedgerRound>(_ => true));
        Assert.NotNull(round.LastFinishedAt);
        Assert.True(round.LastAccounts > 0);
    }

    [Fact]
    public async Task An_account_that_cannot_be_read_stops_neither_Portal_nor_the_round()
    {
        var account = await Open(claimed: true);
        await Tamper($"UPDATE account_periods SET model_flows = 'x' WHERE account = '{account}'");
        await Round();
        Assert.Contains("cannot be read", (await Rows<LedgerFault>(f => f.Account == account)).Single().Says, StringComparison.Ordinal);
        await Tamper($"UPDATE account_periods SET model_flows = '[]' WHERE account = '{account}'");
        await Round();
        Assert.Empty(await Rows<LedgerFault>(f => f.Account == account));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task An_account_is_folded_in_pages_of_any_size(int lines)
    {
        var account = await Open(claimed: true);
        for (var i = 0; i < 5; i++)
        {
            await Door.Submit(Tell(account, $"{account}-{i}", 700));
        }
        await using var db = Fixture.Database.Open();
        var found = await LedgerCheck.Fold(db, account, CancellationToken.None, lines);
        Assert.Equal(((await Rows<Entry>(e => e.Account == account)).Count, 5), (found.Entries, found.Charges));
        Assert.Empty(found.Broken);
    }

    [Fact]
    public async Task A_slice_that_is_not_due_is_left_to_whoever_finds_it_due()
    {
        await Open();
        await Round();
        Assert.Equal(0, await Rounds.Once());
        Time.Advance(LedgerRounds.LongestPause);
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Rounds.Once())));
        Assert.True(done.Count(accounts => accounts > 0) <= 1);
    }

    private async Task Round()
    {
        // The next slice, until one finds the end.
        for (DateTimeOffset? before = null, last = null; before is null || last == before;)
        {
            before ??= (await Rows<LedgerRound>(_ => true)).SingleOrDefault()?.LastFinishedAt ?? DateTimeOffset.MinValue;
            Time.Advance(LedgerRounds.LongestPause);
            await Rounds.Once();
            last = (await Rows<LedgerRound>(_ => true)).Single().LastFinishedAt ?? before;
        }
    }

    private async Task Tamper(string sql)
    {
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlRawAsync(sql);
    }
}
