using Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Browser;

/// <summary>A process on SQLite that is killed while it writes what somebody approved (<see cref="TwoInstances"/> kills one on PostgreSQL).</summary>
public sealed class KilledInTheMiddle(DemoPortal demo, ChromiumBrowser browser) : Journey(demo.Host, browser)
{
    /// <summary>
    /// The grant is written, the approval is being written, and nothing of it is committed: there the process dies. What holds it there is a trigger that counts for longer
    /// than anybody waits; that it is there shows in the lock that nobody else gets for a second.
    /// </summary>
    [Fact]
    public async Task A_process_that_is_killed_between_approval_and_grant_leaves_neither_and_the_repeat_makes_one_grant()
    {
        var owner = await NewOwner();
        var asked = new GrantGoodwill(owner.Account, Guid.CreateVersion7(), Money.FromDollars(50), DateTimeOffset.UtcNow.AddDays(30), "For the outage of Monday.", "T-41", await Staff("support@example.com"));
        Assert.IsType<GoodwillOutcome.Waiting>(await Submit(asked));
        await using var killed = await PortalProcess.Start(demo.Database, DemoPortal.Filled);
        AlsoGoesTo.Add(killed.Address.Authority);
        var page = await SignedIn("support2@example.com");
        await Open(page, new Uri(killed.Address, "/support/approvals").ToString());
        await using var other = new SqliteConnection(demo.Database.ConnectionString + ";Pooling=False;Default Timeout=1");
        await other.OpenAsync();
        const string everything = "sqlite_master a, sqlite_master b, sqlite_master c, sqlite_master d, sqlite_master e, sqlite_master f, sqlite_master g, sqlite_master h";
        await Run(other, $"CREATE TRIGGER hold_the_approval BEFORE UPDATE ON goodwill_requests WHEN NEW.account = '{owner.Account}' BEGIN SELECT count(*) FROM {everything}; END");
        try
        {
            await Approve(page, owner);
            await IsHeld(other);
            await page.Context.CloseAsync();
            await killed.Kill();
        }
        finally
        {
            await Run(other, "DROP TRIGGER hold_the_approval");
        }
        Assert.Equal(GoodwillState.Waiting, Assert.Single(await Rows<GoodwillRequest>(g => g.Id == asked.Id)).State);
        Assert.Empty(await Rows<Grant>(g => g.Account == owner.Account));

        var next = await SignedIn("support2@example.com");
        await next.GotoAsync("/support/approvals");
        await Approve(next, owner);

        await Expect(Content(next)).ToContainTextAsync($"$50.00 of goodwill credit is given to {owner.Account}.");
        Assert.IsType<GoodwillOutcome.Already>(await Submit(new ApproveGoodwill(owner.Account, asked.Id, await Staff("support2@example.com"))));
        Assert.Equal(Money.FromDollars(50), Assert.Single(await Rows<Grant>(g => g.Account == owner.Account)).Amount);
    }

    private static Task Approve(IPage page, Owner owner) =>
        page.GetByRole(AriaRole.Region, new() { Name = $"$50.00 of goodwill for {owner.Account}" }).GetByRole(AriaRole.Button, new() { Name = "Approve $50.00" }).ClickAsync();

    private static async Task IsHeld(SqliteConnection other)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var got = other.BeginTransaction(deferred: false);
            }
            catch (SqliteException held) when (held.SqliteErrorCode == 5)
            {
                return;
            }
            Assert.True(tries < 600, "It did not happen.");
            await Task.Delay(50);
        }
    }

    private async Task<List<T>> Rows<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await db.Set<T>().AsNoTracking().Where(which).ToListAsync();
    }

    private static async Task Run(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 30;
        await command.ExecuteNonQueryAsync();
    }
}
