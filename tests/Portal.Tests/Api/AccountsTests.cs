using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.Api;

public abstract class AccountsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on)
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Putting_an_account_creates_it_with_its_owner_and_repeats_change_nothing()
    {
        var key = NewId("acc");
        var body = $$"""{"owner_email": "{{key}}@example.com", "plan": "pro", "anchor": "2026-10-31T10:00:00+02:00", "status": "open"}""";
        var made = (await Put($"/v1/accounts/{key}", body)).IsOk(201);
        Assert.Equal((key, $"{key}@example.com", "pro", "", "2026-10-31T08:00:00Z", "open", "2026-10-31T08:00:00Z"),
            (made["account"], made["owner_email"], made["plan"], made["next_plan"], made["anchor"], made["status"], made["period.start"]));
        Assert.Equal(made.Text, (await Put($"/v1/accounts/{key}", body)).IsOk(200).Text);
        Assert.Equal(made.Text, (await Get($"/v1/accounts/{key}")).IsOk().Text);
        await using var db = Database.Open();
        Assert.Equal(1, await db.Users.CountAsync(u => u.Email == $"{key}@example.com"));
    }

    [Fact]
    public async Task Plan_and_status_change_from_outside()
    {
        var account = await NewAccount("max-5x");
        Assert.Equal("closed", (await Change("max-5x", "closed")).IsOk()["status"]);
        Assert.Equal("open", (await Change("max-5x", "open")).IsOk()["status"]);
        Assert.Equal("max-20x", (await Change("max-20x", "open")).IsOk()["plan"]); // An upgrade counts at once.
        var less = (await Change("pro", "open")).IsOk();
        Assert.Equal(("max-20x", "pro"), (less["plan"], less["next_plan"]));

        Task<ApiAnswer> Change(string plan, string status) => Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "{{plan}}", "status": "{{status}}"}""");
    }

    [Fact]
    public async Task Owner_and_anchor_never_change()
    {
        var account = await NewAccount();
        (await Put($"/v1/accounts/{account}", """{"owner_email": "somebody-else@example.com", "plan": "pro", "status": "open"}""")).Is(409, "conflict");
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "pro", "anchor": "2026-11-01T00:00:00Z", "status": "open"}""")).Is(409, "conflict");
    }

    [Theory]
    [InlineData("owner_email", """{"owner_email": "no-address", "plan": "pro", "status": "open"}""")]
    [InlineData("owner_email", """{"plan": "pro", "status": "open"}""")]
    [InlineData("plan", """{"owner_email": "a@example.com", "plan": "gold", "status": "open"}""")]
    [InlineData("plan", """{"owner_email": "a@example.com", "status": "open"}""")]
    [InlineData("status", """{"owner_email": "a@example.com", "plan": "pro"}""")]
    [InlineData("status", """{"owner_email": "a@example.com", "plan": "pro", "status": "paused"}""")]
    [InlineData("anchor", """{"owner_email": "a@example.com", "plan": "pro", "status": "open", "anchor": "2099-01-01T00:00:00Z"}""")]
    [InlineData("anchor", """{"owner_email": "a@example.com", "plan": "pro", "status": "open", "anchor": "2026-02-30T00:00:00Z"}""")]
    [InlineData("anchor", """{"owner_email": "a@example.com", "plan": "pro", "status": "open", "anchor": "0001-01-01T00:00:00Z"}""")]
    public async Task What_is_wrong_is_named(string field, string body)
    {
        var answer = (await Put($"/v1/accounts/{NewId("acc")}", body)).Is(400, "invalid");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task A_key_that_is_no_key_is_refused()
    {
        (await Put("/v1/accounts/Upper", """{"owner_email": "a@example.com", "plan": "pro", "status": "open"}""")).Is(400, "invalid");
        (await Get("/v1/accounts/Upper")).Is(404, "not_found");
        (await Get("/v1/accounts/nobody")).Is(404, "not_found");
    }
}

[Collection(nameof(ApiOnSqlite))]
public sealed class AccountsOnSqlite(ApiOn<SqliteDatabase> on) : AccountsTests<SqliteDatabase>(on);

[Collection(nameof(ApiOnPostgres))]
public sealed class AccountsOnPostgres(ApiOn<PostgresDatabase> on) : AccountsTests<PostgresDatabase>(on);
