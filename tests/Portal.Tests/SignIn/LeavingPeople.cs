using System.Data.Common;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Keys;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

/// <summary>What tests of people's data and of leaving share: someone of whom every kind of thing is kept.</summary>
public abstract class LeavingPeople<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    protected const string Sonnet = "claude-sonnet-5-5";

    protected static readonly Actor Gateway = Actor.Key("test");

    /// <summary>
    /// Someone on Pro whose credit of $20 is used up by $19 and $3, so that $2 are extra; a request for $3 holds, one for $30 was refused, staff
    /// reversed a charge of $0.01, and one event is not priced yet. They have a token.
    /// </summary>
    protected async Task<(string Email, string Account, string Token)> NewOwnerWithEverything()
    {
        var (email, account) = await NewOwner();
        var me = Actor.User((await Host.Find(email)).Id);
        await Door.Submit(new ClaimCredit(account, me));
        await Door.Submit(new TurnOnExtraUsage(account, Money.FromDollars(20), "I agree.", me));
        await Door.Submit(new SetModelCap(account, Sonnet, Money.FromDollars(15), me));
        await Use(account, "first", 1_900_000);
        await Use(account, "second", 300_000);
        await Use(account, "mistake", 1_000);
        var support = Actor.User((await Host.Find(await Host.NewUser(Roles.Support))).Id);
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 3, "A mistake of ours.", null, support)));
        await Door.Submit(new WriteNote(account, Guid.CreateVersion7(), "Called about a cap.", support));
        Assert.IsType<DisputeOutcome.Disputed>(await Door.Submit(new DisputeCharge(account, 2, $"{email} never asked for this.", me)));
        Assert.IsType<AuthorizeAnswer.Granted>(await Hold(account, "hold", 300_000));
        Assert.IsType<AuthorizeAnswer.Refused>(await Hold(account, "refused", 3_000_000));
        await Door.Submit(new RecordUsage(account, "test", $"{account}-parked", null, "a-model-of-tomorrow", "headless", null, new Usage { OutputTokens = 1 }, null, Gateway));
        var made = Assert.IsType<MakeTokenOutcome.Made>(await Host.Services.GetRequiredService<PersonalTokens>().Make(account, "nightly report", 30, me));
        return (email, account, made.Secret);
    }

    protected Task<EventAnswer> Use(string account, string id, long outputTokens) =>
        Door.Submit(new RecordUsage(account, "test", $"{account}-{id}", null, Sonnet, "headless", null, new Usage { OutputTokens = outputTokens }, null, Gateway));

    protected Task<AuthorizeAnswer> Hold(string account, string id, long outputTokens) =>
        Door.Submit(new Authorize(account, new AuthorizationRequest($"{account}-{id}", Sonnet, "headless", null, new Usage { OutputTokens = outputTokens }, 900), Gateway));

    /// <summary>Someone who came in another way than by a password, such as a passkey: it is taken away without ending the session.</summary>
    protected async Task TakePasswordAway(string email)
    {
        await using var db = Database.Open();
        Assert.Equal(1, await db.Users.Where(u => u.Email == email).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, (string?)null)));
    }

    /// <summary>The tables of the database in which a text stands, in any column, whatever its case.</summary>
    protected async Task<List<string>> TablesThatSay(string text)
    {
        await using var db = Database.Open();
        var isPostgres = db is PostgresPortalDb;
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        var tables = await Column(connection, isPostgres
            ? "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
            : "SELECT name FROM sqlite_master WHERE type = 'table'");
        Assert.True(tables.Count > 20);
        var found = new List<string>();
        foreach (var table in tables)
        {
            var row = isPostgres ? "t::text"
                : string.Join(" || ' ' || ", (await Column(connection, $"SELECT name FROM pragma_table_info('{table}')")).Select(c => $"coalesce(CAST(t.\"{c}\" AS TEXT), '')"));
            var hits = await Column(connection, $"SELECT CAST(count(*) AS TEXT) FROM \"{table}\" AS t WHERE lower({row}) LIKE '%{text.ToLowerInvariant()}%'");
            if (hits.Single() != "0")
            {
                found.Add(table);
            }
        }
        return found;
    }

    private static async Task<List<string>> Column(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words and the names of tables.
        command.CommandText = sql;
#pragma warning restore CA2100 // As above.
        await using var reader = await command.ExecuteReaderAsync();
        var all = new List<string>();
        while (await reader.ReadAsync())
        {
            all.Add(reader.GetString(0));
        }
        return all;
    }

    protected static Task<Answer> Leave(FormClient browser, string word, string password = People.Password) =>
        browser.Submit("/profile/leave", "leave", ("Input.Password", password), ("Input.Word", word));

    protected HttpClient Client(string secret)
    {
        var client = Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    protected static Task<HttpResponseMessage> Put(HttpClient gateway, string account, string email, string status) =>
        gateway.PutAsJsonAsync(new Uri($"/v1/accounts/{account}", UriKind.Relative), new { owner_email = email, plan = "pro", status });
}
