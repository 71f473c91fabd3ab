using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.ViewAs;

namespace Portal.Browser;

/// <summary>Two instances of the application on one PostgreSQL.</summary>
public sealed class TwoInstances(TwoInstances.Portals portals, ChromiumBrowser browser) : Journey(First(portals), browser), IClassFixture<TwoInstances.Portals>
{
    [Fact]
    public async Task What_comes_in_through_one_moves_a_page_that_is_open_on_the_other()
    {
        await using var other = PortalHost.Start(portals.Database, DemoPortal.Filled);
        var owner = await NewOwnerWithExtraUsage(10);
        var page = await SignedIn(owner.Email);
        await Expect(Content(page)).ToContainTextAsync("You have $20.00 of your $20.00");

        await Report(other, owner.Account, new { output_tokens = 2_150_000 });

        await Expect(Content(page)).ToContainTextAsync("Extra usage pays now: $8.50 remains of your $10.00 cap");
    }

    [Fact]
    public async Task A_view_as_that_is_ended_on_one_is_gone_from_the_page_that_is_open_on_the_other()
    {
        await using var other = PortalHost.Start(portals.Database, DemoPortal.Filled);
        var owner = await NewOwner();
        var page = await SignedIn("support2@example.com");

        await Closes(page, owner, async view => Assert.True(await other.Services.GetRequiredService<ViewAsBook>().End(Actor.User(view.Staff, session: view.Session))));
        await Expect(Content(page)).ToContainTextAsync("you ended it");

        await Closes(page, owner, async _ => Assert.True(await other.Services.GetRequiredService<AccountDoor>().Submit(new LetSupportLook(owner.Account, false, owner.Actor))));
        await Expect(Content(page)).ToContainTextAsync("the subscriber forbade it");
        await Submit(new LetSupportLook(owner.Account, true, owner.Actor));

        await Closes(page, owner, async view =>
        {
            await using var scope = other.Services.CreateAsyncScope();
            var user = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(view.Staff);
            await scope.ServiceProvider.GetRequiredService<SignInChanges>().RemoveRole(user!, Roles.Support, Actor.User("an-admin"));
        });
        await using var again = Host.Services.CreateAsyncScope();
        await again.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate("support2@example.com", Roles.Support);
    }

    /// <summary>
    /// The grant is written, the approval not yet, and nothing of it is committed: there the process dies. It is held there by a lock on the request's row.
    /// </summary>
    [Fact]
    public async Task An_instance_that_is_killed_between_approval_and_grant_leaves_neither_and_the_repeat_makes_one_grant()
    {
        var owner = await NewOwner();
        var asked = new GrantGoodwill(owner.Account, Guid.CreateVersion7(), Money.FromDollars(50), DateTimeOffset.UtcNow.AddDays(30), "For the outage of Monday.", "T-41", await Staff("support@example.com"));
        Assert.IsType<GoodwillOutcome.Waiting>(await Submit(asked));
        await using var killed = await PortalProcess.Start(portals.Database, DemoPortal.Filled);
        AlsoGoesTo.Add(killed.Address.Authority);
        var page = await SignedIn("support2@example.com");
        await Open(page, new Uri(killed.Address, "/support/approvals").ToString());
        await using (var hold = new NpgsqlConnection(portals.Database.ConnectionString + ";Pooling=false"))
        {
            await hold.OpenAsync();
            await using var held = await hold.BeginTransactionAsync();
            await Run(hold, $"SELECT 1 FROM goodwill_requests WHERE id = '{asked.Id}' FOR UPDATE");

            await Card(page, owner).GetByRole(AriaRole.Button, new() { Name = "Approve $50.00" }).ClickAsync();

            // By another connection: a transaction sees who waits as it was when it first looked.
            await using var watch = new NpgsqlConnection(portals.Database.ConnectionString + ";Pooling=false");
            await watch.OpenAsync();
            await Eventually.Holds(async () => await Run(watch, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%goodwill_requests%'") is 1L);
            await page.Context.CloseAsync();
            await killed.Kill();
        }
        await Eventually.Holds(async () => await Rows<GoodwillRequest>(g => g.Id == asked.Id) is [{ State: GoodwillState.Waiting }]);
        Assert.Empty(await Rows<Grant>(g => g.Account == owner.Account));

        var next = await SignedIn("support2@example.com");
        await next.GotoAsync("/support/approvals");
        await Card(next, owner).GetByRole(AriaRole.Button, new() { Name = "Approve $50.00" }).ClickAsync();

        await Expect(Content(next)).ToContainTextAsync($"$50.00 of goodwill credit is given to {owner.Account}.");
        Assert.IsType<GoodwillOutcome.Already>(await Submit(new ApproveGoodwill(owner.Account, asked.Id, await Staff("support2@example.com"))));
        Assert.Equal(Money.FromDollars(50), Assert.Single(await Rows<Grant>(g => g.Account == owner.Account)).Amount);
    }

    /// <summary>Looks at an account on the first instance, and sees the open page emptied once something ends the look on the other.</summary>
    private async Task Closes(IPage page, Owner owner, Func<ViewAsSession, Task> end)
    {
        await ViewingAs.Begin(page, owner.Account);
        await Open(page, "/credit");
        var view = Assert.Single(await Rows<ViewAsSession>(v => v.Account == owner.Account && v.EndedAt == null));

        await end(view);

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "View-as" })).ToHaveCountAsync(0);
        await Expect(page.GetByText("$20.00")).ToHaveCountAsync(0);
    }

    private static ILocator Card(IPage page, Owner owner) => page.GetByRole(AriaRole.Region, new() { Name = $"$50.00 of goodwill for {owner.Account}" });

    private async Task<List<T>> Rows<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await db.Set<T>().AsNoTracking().Where(which).ToListAsync();
    }

    private static async Task<object?> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static PortalHost First(Portals portals)
    {
        Tools.Require(portals.Database.Missing);
        return portals.Host;
    }

    public sealed class Portals : PortalOn<PostgresDatabase>
    {
        protected override HostOptions Options => DemoPortal.Filled;
    }
}
