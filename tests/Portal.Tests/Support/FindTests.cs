using System.Data.Common;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.ViewAs;
using Portal.Support;
using Portal.Tests.SignIn;

namespace Portal.Tests.Support;

public sealed class FindOnSqlite(SignInOn<SqliteDatabase> portal) : FindTests<SqliteDatabase>(portal);

public sealed class FindOnPostgres(SignInOn<PostgresDatabase> portal) : FindTests<PostgresDatabase>(portal);

/// <summary>Support finds an account by whatever they were told, by indexes, and every search and look is recorded by ids.</summary>
public abstract class FindTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private ViewAsBook Book => Host.Services.GetRequiredService<ViewAsBook>();

    private AccountFinder Finder => Host.Services.GetRequiredService<AccountFinder>();

    [Fact]
    public async Task An_account_is_found_by_its_key_its_owner_a_charge_an_authorization_and_a_refused_request()
    {
        var (email, account) = await NewOwner();
        await Door.Submit(new ClaimCredit(account, Actor.User((await Host.Find(email)).Id)));
        var usage = new Usage { OutputTokens = 1_000 };
        await Door.Submit(new RecordUsage(account, "test", account, null, "claude-sonnet-5-5", "headless", null, usage, null, Actor.Key("test")));
        await Door.Submit(new Authorize(account, new AuthorizationRequest($"req-{account}", "claude-sonnet-5-5", "headless", null, usage, 900), Actor.Key("test")));
        var tooMuch = new AuthorizationRequest($"refused-{account}", "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = 100_000_000 }, 900);
        Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(new Authorize(account, tooMuch, Actor.Key("test"))));
        var support = await NewSupport();
        (string Typed, string By)[] ways =
        [
            (account, "account key"),
            ($"  {account.ToUpperInvariant()} ", "account key"),
            ($"{account}.c1", "charge"),
            ($"req-{account}", "authorization"),
            ($"refused-{account}", "refused request"),
            (email.ToUpperInvariant(), "e-mail address"),
            (account[..30], "beginning of the key"),
            (email[..20], "beginning of the e-mail address"),
            (email[4..25], "part of the e-mail address"),
        ];
        foreach (var (typed, by) in ways)
        {
            var found = Assert.Single((await Finder.Find(typed, support)).Accounts);
            Assert.Equal((account, email, "pro", true, by), (found.Key, found.Email, found.Plan, found.IsOpen, found.By));
        }
        foreach (var nothing in new[] { $"{account}.c2", "req-nobody-asked", "%", "_____________________________", "[a-z]*", "\\", "nobody@example.net" })
        {
            Assert.Empty((await Finder.Find(nothing, support)).Accounts);
        }
    }

    [Fact]
    public async Task A_search_is_recorded_by_what_it_found_and_never_by_what_was_typed()
    {
        var (email, account) = await NewOwner();
        var support = await NewSupport();

        await Finder.Find(email, support);
        await Finder.Find("somebody@secret.example", support);

        var records = (await Rows<AuditRecord>(r => r.Actor == support.Actor.Id && r.Action == "FindAccount")).OrderBy(r => r.Id).ToList();
        Assert.Equal([$$"""{"found":["{{account}}"]}""", """{"found":[]}"""], records.Select(r => r.After));
    }

    [Fact]
    public async Task The_accounts_that_somebody_looked_at_last_stand_first_and_for_them_alone()
    {
        var (support, other) = (await Host.NewUser(Roles.Support), await NewSupport());
        using var browser = await SignedIn(support);
        var actor = await LatestActor(support);
        var (_, first) = await NewOwner();
        var (_, second) = await NewOwner();
        foreach (var account in new[] { first, second, first })
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Assert.IsType<StartOutcome.Started>(await Book.Start(account, "She asks why it stopped.", "T-7", actor));
            Assert.True(await Book.End(actor));
        }

        var recent = (await Finder.Find("", new Acting(actor, [Roles.Support], null))).Accounts;

        Assert.Equal([first, second], recent.Select(a => a.Key));
        Assert.Equal(Time.GetUtcNow(), recent[0].LookedAt);
        Assert.Empty((await Finder.Find(null, other)).Accounts);
    }

    [Fact]
    public async Task Nobody_but_support_finds_anything()
    {
        foreach (var role in new[] { Roles.Subscriber, Roles.Admin })
        {
            var user = await Host.Find(await Host.NewUser(role));
            await Assert.ThrowsAsync<NotAllowedException>(() => Finder.Find("account", new Acting(Actor.User(user.Id), [Roles.Support], null)));
        }
    }

    [Fact]
    public async Task Beginnings_are_found_by_an_index()
    {
        await using var db = Database.Open();
        var isPostgres = db is PostgresPortalDb;
        Assert.Contains(isPostgres ? "ix_accounts_key_beginning" : "SEARCH accounts USING INDEX", await Plan(db, AccountFinder.Beginning(db, "account-12")), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(isPostgres ? "ix_users_email_beginning" : "SEARCH users USING INDEX", await Plan(db, AccountFinder.BeginningOfAddress(db, "somebody@")), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How the database would do it. PostgreSQL reads small tables whole unless it is told not to.</summary>
    private static async Task<string> Plan<T>(PortalDb db, IQueryable<T> query)
    {
        await db.Database.OpenConnectionAsync();
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlRawAsync("SET enable_seqscan = off; SET enable_bitmapscan = off");
        }
        await using var command = query.CreateDbCommand();
        command.CommandText = (db is PostgresPortalDb ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add($"{reader.GetValue(reader.FieldCount - 1)}");
        }
        return string.Join('\n', lines);
    }

    private async Task<Acting> NewSupport() => new(Actor.User((await Host.Find(await Host.NewUser(Roles.Support))).Id), [Roles.Support], null);
}
