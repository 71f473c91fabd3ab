using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.SignIn;
using Portal.Tests.Api;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security.Payloads;

/// <summary>Input that asks for more than it may, is another language's, is enormous, or is nearly somebody else.</summary>
public abstract class InputPayloads<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    /// <summary>Fields that a careless binder would take.</summary>
    private const string More =
        "\"role\": \"Admin\", \"roles\": [\"Admin\"], \"is_admin\": true, \"owner\": \"somebody\", \"owner_id\": \"1\", \"Owner\": \"1\", \"status_code\": 200, \"key\": \"x\", \"account_key\": \"x\", \"scopes\": \"All\", "
        + "\"cap\": \"1000000\", \"extra_usage\": true, \"credit\": \"1000\", \"price\": \"0\", \"included\": true, \"list_usd\": \"0\", \"recorded_at\": \"2020-01-01T00:00:00Z\", \"__proto__\": {\"is_admin\": true}, "
        + "\"constructor\": {}, \"$type\": \"System.Diagnostics.Process\", \"$id\": \"1\", \"$ref\": \"1\"";

    [Fact]
    public async Task Fields_that_nobody_asked_for_give_nothing()
    {
        var account = await NewAccount(claimed: true);
        var made = NewId("acc");
        (await Put($"/v1/accounts/{made}", $$"""{ {{More}}, "owner_email": "{{made}}@example.com", "plan": "pro", "status": "open"}""")).IsOk(201);
        await using (var db = Database.Open())
        {
            var owner = await db.Users.SingleAsync(u => u.Email == $"{made}@example.com");
            var roles = await db.UserRoles.Where(r => r.UserId == owner.Id).Join(db.Roles, r => r.RoleId, r => r.Id, (_, role) => role.Name).ToListAsync();
            Assert.Equal([Roles.Subscriber], roles);
            Assert.Equal((false, null), (owner.EmailConfirmed, owner.PasswordHash));
            Assert.Equal(owner.Id, (await db.Set<Account>().SingleAsync(a => a.Key == made)).Owner);
        }
        var id = NewId();
        var held = (await Post("/v1/authorizations",
            $$"""{ {{More}}, "id": "{{id}}", "account": "{{account}}", "model": "{{Sonnet}}", "surface": "headless", "status": "settled", "held_usd": "0", "expires_at": "2099-01-01T00:00:00Z", "max": { {{More}}, "output_tokens": 100000} }""")).IsOk(201);
        Assert.Equal(("held", "1", account), (held["status"], held["held_usd"], held["account"]));
        var settled = (await Post($"/v1/authorizations/{id}/settle", $$"""{ {{More}}, "account": "other", "usage": { {{More}}, "output_tokens": 100000} }""")).IsOk();
        Assert.Equal(("1", "False", account), (settled["charge.list_usd"], settled["charge.included"], settled["charge.account"]));
        var told = (await Tell(Event(account, NewId()).Replace("\"model\"", $"{More}, \"model\"", StringComparison.Ordinal).Replace("\"specversion\"", $"{More}, \"specversion\"", StringComparison.Ordinal))).IsOk();
        Assert.Equal(("1", "False"), (told["results.0.charge.list_usd"], told["results.0.charge.included"]));
        var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal(("2", "False"), (balance["credit.used_usd"], balance["extra_usage.on"]));
    }

    [Fact]
    public async Task A_forms_fields_that_nobody_asked_for_give_nothing()
    {
        (string, string)[] more =
        [
            ("Input.Role", Roles.Admin), ("Input.Roles", Roles.Admin), ("Input.Roles[0]", Roles.Admin), ("Input.IsAdmin", "true"), ("Input.EmailConfirmed", "true"), ("Input.UserId", "1"), ("Input.Id", "1"),
            ("Input.LockoutEnd", ""), ("Input.SecurityStamp", "x"), ("Input.User.Email", "admin@example.com"), ("Role", Roles.Admin), ("role", Roles.Admin), ("Input.ReturnUrl", "https://evil.example"),
        ];
        var email = await Portal.NewUser(Roles.Subscriber, password: null);
        await Portal.Invite(email);
        var link = (await Portal.MailTo(email, "Your invitation")).Link();
        using var browser = new FormClient(Portal.Address);
        var page = await browser.Get(link);
        var form = System.Text.RegularExpressions.Regex.Match(page.Html, "name=\"_handler\" value=\"([^\"]+)\"").Groups[1].Value;
        var set = await browser.Post(link, [("__RequestVerificationToken", FormClient.Token(page)), ("_handler", form), ("Input.Password", People.Password), ("Input.Again", People.Password), .. more]);
        Assert.Equal(HttpStatusCode.Found, set.Status);
        var signedIn = await browser.Submit("/sign-in", "sign-in", [("Input.Email", email), ("Input.Password", People.Password), .. more]);
        Assert.Equal((HttpStatusCode.Found, Portal.Address.Authority), (signedIn.Status, new Uri(Portal.Address, signedIn.Location).Authority));

        await using var scope = Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        Assert.Equal([Roles.Subscriber], await users.GetRolesAsync(await Portal.Find(email)));
    }

    [Theory]
    [MemberData(nameof(SqlWords.All), MemberType = typeof(SqlWords))]
    public async Task Words_of_SQL_are_only_words(string words)
    {
        var account = await NewAccount(claimed: true);
        var before = await Rows();
        var (inPath, inJson) = (Uri.EscapeDataString(words), System.Text.Json.JsonSerializer.Serialize(words));
        foreach (var path in new[] { $"/v1/accounts/{inPath}/balance", $"/v1/accounts/{inPath}", $"/v1/accounts/{inPath}/entries", $"/v1/accounts/{account}/statements/{inPath}", $"/v1/charges/{inPath}", $"/v1/charges/{account}.c1{inPath}", $"/v1/authorizations/{inPath}" })
        {
            (await Get(path)).Is(404, "not_found");
        }
        Assert.Equal(0, (await Get($"/v1/accounts/{account}/entries?model={inPath}")).IsOk().Json.GetProperty("entries").GetArrayLength());
        foreach (var query in new[] { "kind", "cursor", "limit", "from", "to" })
        {
            (await Get($"/v1/accounts/{account}/entries?{query}={inPath}")).Is(400, "invalid");
        }
        (await Get("/v1/accounts/x/balance", key: words.All(char.IsAscii) ? words : "x")).Is(401, "unauthorized");
        (await Post("/v1/authorizations", $$"""{"id": "x", "account": "{{account}}", "model": {{inJson}}, "surface": "headless", "max": {} }""")).Is(402, "unknown_model");
        (await Post("/v1/authorizations", $$"""{"id": "x", "account": "{{account}}", "model": "{{Sonnet}}", "surface": {{inJson}}, "max": {} }""")).Is(402, "unknown_surface");
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": {{inJson}}, "status": "open"}""")).Is(400, "invalid");
        // An app may be called anything; it comes back as it was sent.
        var app = (await Tell(Event(account, NewId()).Replace("\"headless\"", $"\"headless\", \"app\": {inJson}", StringComparison.Ordinal))).IsOk();
        Assert.Equal(words, (await Get($"/v1/charges/{app["results.0.charge.id"]}")).IsOk()["event.app"]);
        Assert.Equal((before.Accounts, before.Users, before.Entries + 1), await Rows());

        async Task<(int Accounts, int Users, int Entries)> Rows()
        {
            await using var db = Database.Open();
            return (await db.Set<Account>().CountAsync(), await db.Users.CountAsync(), await db.Set<Entry>().CountAsync(e => e.Account == account));
        }
    }

    [Fact]
    public async Task Bombs_of_JSON_are_refused_or_read_and_never_fell_Portal()
    {
        var digits = new string('9', 1_000_000);
        string[] bombs =
        [
            new string('[', 1_000_000), string.Concat(Enumerable.Repeat("{\"a\":", 200_000)), "{\"x\": " + new string('[', 31) + new string(']', 31) + "}", $"{{\"x\": {digits}}}", $"{{\"data\": {{\"output_tokens\": {digits}}}}}",
            $"{{\"data\": {{\"output_tokens\": 1e{digits}}}}}", $"{{\"data\": {{\"output_tokens\": 0.{digits}}}}}", $"{{\"id\": \"{new string('x', 3_000_000)}\"}}", $"{{\"id\": \"{string.Concat(Enumerable.Repeat("\\u0041", 400_000))}\"}}",
            $"{{{string.Join(',', Enumerable.Range(0, 150_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"k{i}\":{i}")))}}}", $"{{{string.Join(',', Enumerable.Repeat("\"a\":1", 400_000))}}}",
            $"\"{new string('\u00e9', 1_000_000)}\"", new string(' ', 4_000_000), $"[{string.Join(',', Enumerable.Repeat("[]", 1_000_000))}]", "\ufeff\ufeff{}", "{\"time\": \"2026-01-01T00:00:00." + new string('0', 1_000_000) + "Z\"}",
        ];
        foreach (var bomb in bombs)
        {
            foreach (var (path, type) in new[] { ("/v1/events", Structured), ("/v1/events", Batched), ("/v1/authorizations", "application/json"), ("/v1/authorizations/x/settle", "application/json") })
            {
                var answer = await Post(path, bomb, type);
                Assert.True(answer.Code is 400 or 413 or 422 || (type == Batched && answer.Code == 200), $"{answer.Code} at {path} for {bomb[..Math.Min(40, bomb.Length)]}");
                Assert.True(answer.Text.Length < 4_000_000 || type == Batched, $"{answer.Text.Length} characters answer {bomb[..Math.Min(40, bomb.Length)]}");
            }
        }
        Assert.Equal("live", (await Get("/health/live")).IsOk().Text);
    }

    [Theory]
    [InlineData("\u017fupport@example.com")] // Long s, whose capital is S.
    [InlineData("adm\u0131n@example.com")] // Dotless i.
    [InlineData("adm\u0130n@example.com")]
    [InlineData("\u212aim@example.com")] // Kelvin, whose small letter is k.
    [InlineData("\uff41dmin@example.com")] // Full-width a.
    [InlineData("\u0430dmin@example.com")] // Cyrillic a.
    [InlineData("admin@ex\u0430mple.com")]
    [InlineData("admin@example\u3002com")]
    [InlineData("admin\u200b@example.com")]
    [InlineData("admin\u00ad@example.com")]
    [InlineData("a\u0301dmin@example.com")]
    [InlineData("admin@example.com\u0000")]
    [InlineData("admin@example.com\r\nBcc: x@evil.example")]
    [InlineData("admin@example.com, x@evil.example")]
    [InlineData("Admin <admin@example.com>")]
    [InlineData("admin@example.com ")]
    public async Task An_address_that_is_nearly_anothers_is_no_address(string address)
    {
        Assert.False(Invitations.IsAddress(address));
        var body = new JsonObject { ["owner_email"] = address, ["plan"] = "pro", ["status"] = "open" };
        var answer = (await Put($"/v1/accounts/{NewId("acc")}", body.ToJsonString())).Is(400, "invalid");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("owner_email", out _));
    }

    [Fact]
    public async Task An_address_in_other_letters_signs_nobody_in_and_sends_no_mail_elsewhere()
    {
        var email = $"kiss-{Guid.NewGuid():n}@example.org";
        await using (var scope = Portal.Services.CreateAsyncScope())
        {
            var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
            Assert.True((await invitations.Accept(await invitations.FindOrCreate(email, Roles.Subscriber), People.Password)).Succeeded);
        }
        using var browser = new FormClient(Portal.Address);
        foreach (var nearly in new[] { email.Replace('k', '\u212a'), email.Replace("ss", "\u017f\u017f", StringComparison.Ordinal), email.Replace('i', '\u0131'), email.Normalize(NormalizationForm.FormKC).Replace('e', '\u0435'), Wide(email) })
        {
            await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", nearly));
            var mailbox = Portal.Services.GetRequiredService<global::Portal.Mail.DevMailbox>();
            Assert.DoesNotContain(mailbox.Mails, mail => mail.Mail.To == nearly);
        }
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn(email.ToUpperInvariant(), People.Password)).Status);

        static string Wide(string text) => string.Concat(text.Select(letter => letter is > ' ' and < '\x7f' ? (char)(letter + 0xFEE0) : letter));
    }
}

/// <summary>What means something in SQL.</summary>
public static class SqlWords
{
    public static TheoryData<string> All { get; } =
    [
        "'", "''", "\"", "`", "' OR '1'='1", "x' OR 1=1 --", "'; DROP TABLE entries; --", "x\"; DELETE FROM accounts; --", "x'/**/UNION/**/SELECT/**/1--", "%", "_", "acc%", "\\", "\\'", "$1", "@p0", ":p", "{0}", "[x]",
        "x;COMMIT;", "CHR(39)", "0x27", "\u02BC", "\uFF07", "pg_sleep(9)", "randomblob(1000000000)", "*", "x' LIKE '%", "null", "NULL",
    ];
}

[Collection(nameof(ApiOnSqlite))]
public sealed class InputPayloadsOnSqlite(ApiOn<SqliteDatabase> on) : InputPayloads<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class InputPayloadsOnPostgres(ApiOn<PostgresDatabase> on) : InputPayloads<PostgresDatabase>(on);
