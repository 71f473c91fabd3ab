using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Keys;
using Portal.SignIn;
using Portal.Tests.Api;
using Portal.Tests.SignIn;

namespace Portal.Tests.Keys;

/// <summary>Personal tokens: who makes and revokes them, what they read, and when they end.</summary>
public abstract class PersonalTokensTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    private PersonalTokens Tokens => Portal.Services.GetRequiredService<PersonalTokens>();

    [Fact]
    public async Task A_token_reads_its_own_account_and_nothing_else()
    {
        var (mine, other) = (await NewAccount(claimed: true), await NewAccount(claimed: true));
        foreach (var account in new[] { mine, other })
        {
            (await Tell(Event(account, NewId()))).IsOk();
        }
        var token = (await Make(mine)).Secret;

        Assert.Equal(mine, (await Get("/v1/balance", token)).IsOk()["account"]);
        Assert.Equal((await Get($"/v1/accounts/{mine}/balance")).Text, (await Get("/v1/balance", token)).Text);
        Assert.Equal((await Get($"/v1/accounts/{mine}/entries")).Text, (await Get("/v1/entries", token)).Text);
        Assert.Equal((await Get($"/v1/accounts/{mine}/entries", accept: "text/csv")).Text, (await Get("/v1/entries", token, accept: "text/csv")).Text);
        Assert.Equal("20", (await Get($"/v1/accounts/{mine}/balance", token)).IsOk()["credit.granted_usd"]);
        (await Get($"/v1/accounts/{mine}/entries", token)).IsOk();
        Assert.Equal("1", (await Get($"/v1/charges/{mine}.c1", token)).IsOk()["list_usd"]);

        foreach (var hidden in new[] { $"/v1/accounts/{other}/balance", $"/v1/accounts/{other}/entries", $"/v1/charges/{other}.c1", "/v1/accounts/nobody/balance" })
        {
            (await Get(hidden, token)).Is(404, "not_found");
        }
    }

    [Fact]
    public async Task A_token_writes_nothing()
    {
        var account = await NewAccount(claimed: true);
        var token = (await Make(account)).Secret;
        var id = NewId("auth");
        (await Authorize(account, id, 1)).IsOk(201);
        var before = await EntriesOf(account);
        (string Method, string Path, string? Body, string MediaType)[] writes =
        [
            ("POST", "/v1/events", Event(account, NewId()), Structured),
            ("POST", "/api/v1/events", Event(account, NewId()), Structured),
            ("POST", "/v1/authorizations", $$"""{"id": "x", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "max": {} }""", "application/json"),
            ("POST", $"/v1/authorizations/{id}/settle", """{"usage": {}}""", "application/json"),
            ("POST", $"/v1/authorizations/{id}/release", null, "application/json"),
            ("GET", $"/v1/authorizations/{id}", null, "application/json"),
            ("PUT", $"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-20x", "status": "open"}""", "application/json"),
            ("GET", $"/v1/accounts/{account}", null, "application/json"),
        ];
        foreach (var (method, path, body, mediaType) in writes)
        {
            Assert.Contains("personal token", (await Send(new HttpMethod(method), path, body, mediaType, token)).Is(403, "forbidden")["detail"], StringComparison.Ordinal);
        }
        Assert.Equal(before, await EntriesOf(account));
        Assert.Equal("held", (await Get($"/v1/authorizations/{id}"))["status"]);
    }

    [Fact]
    public async Task Only_the_owner_makes_and_revokes_whoever_else_asks_and_however()
    {
        var account = await NewAccount();
        var token = await Make(account);
        var support = Actor.User((await Portal.Find(await Portal.NewUser(Roles.Support))).Id);
        var admin = Actor.User((await Portal.Find(await Portal.NewUser(Roles.Admin))).Id);
        Actor[] others = [await OwnerOf(await NewAccount()), support, admin, Actor.Key("portal_gw_12345678"), Actor.Portal, Actor.User("nobody")];
        var before = await Written();
        foreach (var by in others)
        {
            await Refused(by);
        }
        await Assert.ThrowsAsync<NotAllowedException>(async () => await Tokens.Make("no-such-account", "mine now", 30, await OwnerOf(account)));

        // The owner, but in a session that nobody began or that is another's, or locked out.
        var owner = await OwnerOf(account);
        await Refused(owner with { Session = "no-such-session" });
        await InUsers(async (users, user) => Assert.True((await users.SetLockoutEndDateAsync(user, Time.GetUtcNow().AddMinutes(1))).Succeeded), owner);
        await Refused(owner);
        await InUsers(async (users, user) => Assert.True((await users.SetLockoutEndDateAsync(user, null)).Succeeded), owner);

        // An owner who is a subscriber no more: the role counts at this moment, not when the page was opened.
        await InUsers(async (users, user) => Assert.True((await users.RemoveFromRoleAsync(user, Roles.Subscriber)).Succeeded), owner);
        await Refused(owner);
        Assert.Equal(before, await Written());

        async Task Refused(Actor by)
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Tokens.Make(account, "mine now", 30, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Tokens.Revoke(account, token.Token.Prefix, by));
        }

        async Task<string> Written()
        {
            await using var db = Database.Open();
            return $"{await db.Set<PersonalToken>().CountAsync(t => t.Account == account && t.RevokedAt == null)} tokens, {await db.Set<AuditRecord>().CountAsync(a => a.Subject == account)} records";
        }
    }

    [Fact]
    public async Task An_owner_does_not_revoke_anothers_token_by_its_beginning()
    {
        var (mine, other) = (await NewAccount(), await NewAccount());
        var theirs = await Make(other);
        Assert.Equal(RevokeTokenOutcome.HadEnded, await Tokens.Revoke(mine, theirs.Token.Prefix, await OwnerOf(mine)));
        (await Get("/v1/balance", theirs.Secret)).IsOk();
    }

    [Fact]
    public async Task An_account_has_so_many_tokens_and_no_more_even_if_all_are_made_at_once()
    {
        var account = await NewAccount();
        var owner = await OwnerOf(account);
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Tokens.Make(account, $"t{i}", 30, owner))));
        var made = all.OfType<MakeTokenOutcome.Made>().ToList();
        Assert.Equal((10, 6), (made.Count, all.OfType<MakeTokenOutcome.TooMany>().Count(refused => refused.Most == 10)));

        // One that ended makes room.
        Assert.Equal(RevokeTokenOutcome.Revoked, await Tokens.Revoke(account, made[0].Token.Prefix, owner));
        Assert.Equal(RevokeTokenOutcome.HadEnded, await Tokens.Revoke(account, made[0].Token.Prefix, owner));
        await Make(account);
        Assert.IsType<MakeTokenOutcome.TooMany>(await Tokens.Make(account, "one more", 30, owner));
        Time.Leap(TimeSpan.FromDays(30));
        await Make(account);
    }

    [Fact]
    public async Task What_no_token_can_be_is_refused()
    {
        var account = await NewAccount();
        var owner = await OwnerOf(account);
        foreach (var name in new[] { "", "  ", "a\nb", "a\0b", "\ud800", new string('n', 65) })
        {
            Assert.IsType<MakeTokenOutcome.WrongName>(await Tokens.Make(account, name, 30, owner));
        }
        foreach (var days in new[] { 0, -1, 366, int.MaxValue })
        {
            Assert.Equal(365, Assert.IsType<MakeTokenOutcome.WrongDays>(await Tokens.Make(account, "name", days, owner)).Longest);
        }
        Assert.Equal("trimmed", Assert.IsType<MakeTokenOutcome.Made>(await Tokens.Make(account, " trimmed ", 365, owner)).Token.Name);
    }

    [Fact]
    public async Task A_revoked_token_ends_at_once_here_and_within_seconds_elsewhere()
    {
        var account = await NewAccount();
        var (token, other) = (await Make(account), await Make(account));
        await using var second = PortalHost.Start(Database, new HostOptions { Time = Time });
        var elsewhere = second.Services.GetRequiredService<KeyRing>();
        (await Get("/v1/balance", token.Secret)).IsOk();
        Assert.NotNull(await elsewhere.Find(token.Secret));

        await Tokens.Revoke(account, token.Token.Prefix, await OwnerOf(account));

        (await Get("/v1/balance", token.Secret)).Is(401, "unauthorized");
        (await Get("/v1/balance", other.Secret)).IsOk();
        Time.Leap(KeyRing.Memory);
        Assert.Null(await elsewhere.Find(token.Secret));
    }

    [Fact]
    public async Task A_token_ends_on_its_instant()
    {
        var account = await NewAccount();
        var token = (await Make(account, days: 30)).Secret;
        Time.Leap(TimeSpan.FromDays(30) - TimeSpan.FromMicroseconds(1));
        (await Get("/v1/balance", token)).IsOk();
        Time.Leap(TimeSpan.FromMicroseconds(1));
        (await Get("/v1/balance", token)).Is(401, "unauthorized");
    }

    [Fact]
    public async Task A_token_ends_with_its_owner_their_role_or_their_ownership()
    {
        await Ends(account => InUsers(async (users, user) => Assert.True((await users.DeleteAsync(user)).Succeeded), account));
        await Ends(account => InUsers(async (users, user) => Assert.True((await users.RemoveFromRoleAsync(user, Roles.Subscriber)).Succeeded), account));
        await Ends(async account =>
        {
            await using var db = Database.Open();
            await db.Set<Account>().Where(a => a.Key == account).ExecuteUpdateAsync(set => set.SetProperty(a => a.Owner, "somebody-else"));
        });

        async Task Ends(Func<string, Task> happens)
        {
            var account = await NewAccount();
            var token = (await Make(account)).Secret;
            (await Get("/v1/balance", token)).IsOk();
            await happens(account);
            Time.Leap(KeyRing.Memory);
            (await Get("/v1/balance", token)).Is(401, "unauthorized");
        }
    }

    [Fact]
    public async Task Only_the_hash_is_kept_and_what_was_done_is_in_the_audit()
    {
        var account = await NewAccount();
        var owner = await OwnerOf(account);
        var (token, secret) = await Make(account, name: "my=script@example.com");
        await Tokens.Revoke(account, token.Prefix, owner);

        await using var db = Database.Open();
        var stored = await db.Set<PersonalToken>().SingleAsync(t => t.Account == account);
        Assert.Equal(KeyFormat.Hash(secret), stored.Hash);
        var hidden = secret[token.Prefix.Length..^4];
        Assert.DoesNotContain(hidden, JsonSerializer.Serialize(stored), StringComparison.Ordinal);
        var records = await db.Set<AuditRecord>().Where(a => a.Subject == account).OrderBy(a => a.Id).ToListAsync();
        Assert.Equal(["MakePersonalToken Made", "RevokePersonalToken Revoked"], records.Select(r => $"{r.Action} {r.Outcome}"));
        Assert.All(records, record => Assert.Equal(owner.Id, record.Actor));
        Assert.Contains(token.Prefix, records[0].After, StringComparison.Ordinal);
        Assert.Contains(token.Prefix, records[1].Before, StringComparison.Ordinal);
        Assert.All(records, record => Assert.DoesNotContain("example.com", record.Before + record.After, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_owner_is_told_by_mail()
    {
        var account = await NewAccount();
        var (token, secret) = await Make(account, name: "nightly report");
        var mail = await Portal.MailTo($"{account}@example.com", "A personal token was made");
        Assert.Contains("\"nightly report\"", mail.Text, StringComparison.Ordinal);
        Assert.Contains(token.LastFour, mail.Text, StringComparison.Ordinal);
        Assert.EndsWith("/keys", mail.Link(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_over_its_rate_is_told_to_wait_and_others_are_not()
    {
        var account = await NewAccount();
        var (token, other) = ((await Make(account)).Secret, (await Make(account)).Secret);
        await Took(20);
        (await Get("/v1/balance", other)).IsOk();
        Time.Leap(TimeSpan.FromSeconds(1));
        await Took(10);
        // What was looked up again goes on counting.
        Time.Leap(KeyRing.Memory);
        await Took(20);

        async Task Took(int requests)
        {
            for (var i = 0; i < requests; i++)
            {
                (await Get("/v1/balance", token)).IsOk();
            }
            Assert.Equal(TimeSpan.FromSeconds(1), (await Get("/v1/balance", token)).Is(429, "too_many_requests").Headers.RetryAfter!.Delta);
        }
    }

    [Fact]
    public async Task A_remembered_token_costs_no_query_and_its_use_is_noted()
    {
        var account = await NewAccount();
        var token = await Make(account);
        var ring = Portal.Services.GetRequiredService<KeyRing>();
        Assert.Null(Assert.Single((await Tokens.Read(account)).Tokens).LastUsedAt);
        Assert.Equal(account, (await ring.Find(token.Secret))!.Account);
        Assert.Equal(Time.GetUtcNow(), Assert.Single((await Tokens.Read(account)).Tokens).LastUsedAt);
        var remembered = ring.Find(token.Secret);
        Assert.True(remembered.IsCompletedSuccessfully);
        Assert.Equal(account, (await remembered)!.Account);
        Time.Leap(KeyRing.Memory);
        Assert.Equal(account, (await ring.Find(token.Secret))!.Account);
    }

    [Fact]
    public async Task Ended_tokens_are_listed_for_a_month()
    {
        var account = await NewAccount();
        var revoked = await Make(account, name: "revoked", days: 365);
        await Make(account, name: "expired", days: 30);
        await Tokens.Revoke(account, revoked.Token.Prefix, await OwnerOf(account));
        Assert.Equal(["expired", "revoked"], (await Tokens.Read(account)).Tokens.Select(t => t.Name).Order());
        Time.Leap(TimeSpan.FromDays(30));
        var listed = (await Tokens.Read(account)).Tokens;
        Assert.Equal(("expired", false), (Assert.Single(listed).Name, listed[0].CountsAt(Time.GetUtcNow())));
        Time.Leap(TimeSpan.FromDays(30));
        Assert.Empty((await Tokens.Read(account)).Tokens);
    }

    private async Task<MakeTokenOutcome.Made> Make(string account, string name = "script", int days = 90) =>
        Assert.IsType<MakeTokenOutcome.Made>(await Tokens.Make(account, name, days, await OwnerOf(account)));

    private async Task InUsers(Func<Microsoft.AspNetCore.Identity.UserManager<User>, User, Task> change, string account) => await InUsers(change, await OwnerOf(account));

    private async Task InUsers(Func<Microsoft.AspNetCore.Identity.UserManager<User>, User, Task> change, Actor owner)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<User>>();
        await change(users, (await users.FindByIdAsync(owner.UserId!))!);
    }
}

// On applications of their own: they move the clock by months.
public sealed class PersonalTokensOnSqlite(ApiOn<SqliteDatabase> on) : PersonalTokensTests<SqliteDatabase>(on), IClassFixture<ApiOn<SqliteDatabase>>;

public sealed class PersonalTokensOnPostgres(ApiOn<PostgresDatabase> on) : PersonalTokensTests<PostgresDatabase>(on), IClassFixture<ApiOn<PostgresDatabase>>;
