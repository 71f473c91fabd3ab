using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Limits;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn;

public sealed class DataOnSqlite(SignInOn<SqliteDatabase> portal) : DataTests<SqliteDatabase>(portal);

public sealed class DataOnPostgres(SignInOn<PostgresDatabase> portal) : DataTests<PostgresDatabase>(portal);

/// <summary>People download what is held about them: all of it, nothing of others, and only they.</summary>
public abstract partial class DataTests<TDatabase>(SignInOn<TDatabase> portal) : LeavingPeople<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    /// <summary>Where each table stands in the file, or why it does not. Whoever adds a table decides here whether it is people's.</summary>
    private static readonly Dictionary<string, string> _tables = new()
    {
        ["users"] = "user",
        ["user_roles"] = "user.roles",
        ["user_logins"] = "user.linked_logins",
        ["user_passkeys"] = "user.passkeys",
        ["password_failures"] = "user.wrong_passwords",
        ["sessions"] = "sessions",
        ["personal_tokens"] = "personal_tokens",
        ["audit_head"] = "not: it says how far the audit goes, and nothing of anybody",
        ["audit_records"] = "audit_records",
        ["accounts"] = "accounts.settings",
        ["account_changes"] = "accounts.changes",
        ["account_periods"] = "accounts.statements",
        ["grants"] = "accounts.grants",
        ["authorizations"] = "accounts.authorizations_open",
        ["charges"] = "accounts.charges",
        ["entries"] = "accounts.entries",
        ["openings"] = "accounts.kept_in_the_archive",
        ["refusals"] = "accounts.refusals",
        ["alerts"] = "accounts.alerts",
        ["alert_deliveries"] = "accounts.alert_mails",
        ["disputes"] = "accounts.disputes",
        ["view_as_sessions"] = "accounts.support_looks",
        ["view_as_pages"] = "accounts.support_looked_at",
        ["parked_events"] = "accounts.events_not_yet_priced",
        ["reversed_charges"] = "not: entries of kind reversal say it",
        ["registrations"] = "not: gone once the account is open, and the account says it",
        ["event_ids"] = "not: charges say it",
        ["authorization_ids"] = "not: charges and authorizations say it",
        ["user_tokens"] = "not: secrets of second factors",
        ["used_challenges"] = "not: names nobody, and gone within hours",
        ["user_claims"] = "not: nothing is ever written there",
        ["role_claims"] = "not: of no person",
        ["roles"] = "not: of no person",
        ["gateway_keys"] = "not: of no person",
        ["data_protection_keys"] = "not: of no person",
        ["plan_terms"] = "not: of no person",
        ["rate_cards"] = "not: of no person",
        ["programme_phases"] = "not: of no person",
        ["surface_rules"] = "not: of no person",
        ["promotions"] = "not: of no person",
        ["terms_revision"] = "not: of no person",
        ["terms_versions"] = "not: of no person",
        ["terms_proposals"] = "not: of no person",
        ["impact_progress"] = "not: of no person",
        ["account_notes"] = "accounts.support_notes",
        ["goodwill_requests"] = "not: what was given stands in the grants, the rest is a question among staff",
        ["corrections"] = "not: entries of kind reversal say it",
        ["correction_items"] = "not: entries of kind reversal say it",
        ["event_conflicts"] = "not: told a second time with other content and refused; charges say the first",
        ["event_rates"] = "not: of no person",
        ["ledger_rounds"] = "not: of no person",
        ["ledger_faults"] = "not: says which law broke, for administrators; the figures themselves stand in the file",
    };

    [Fact]
    public async Task The_file_holds_everything_about_the_person_in_the_words_of_the_API()
    {
        var (email, account, _) = await NewOwnerWithEverything();
        using var browser = await SignedIn(email);

        var answer = await Download(browser);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"attachment; filename=my-data-{Time.GetUtcNow():yyyy-MM-dd}.json; filename*=UTF-8''my-data-{Time.GetUtcNow():yyyy-MM-dd}.json", answer.Response.Content.Headers.ContentDisposition!.ToString());
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
        var file = JsonDocument.Parse(answer.Html).RootElement;
        Assert.Equal(email, file.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal("Subscriber", Assert.Single(file.GetProperty("user").GetProperty("roles").EnumerateArray()).GetString());
        Assert.True(file.GetProperty("user").GetProperty("has_password").GetBoolean());
        Assert.Equal("password", Assert.Single(file.GetProperty("sessions").EnumerateArray()).GetProperty("method").GetString());
        Assert.Equal("nightly report", Assert.Single(file.GetProperty("personal_tokens").EnumerateArray()).GetProperty("name").GetString());
        var mine = Assert.Single(file.GetProperty("accounts").EnumerateArray());
        Assert.Equal(account, mine.GetProperty("account").GetString());
        Assert.Equal("20", mine.GetProperty("settings").GetProperty("cap").GetString());
        Assert.Equal(["opened", "extra_usage_on", "model_cap"], mine.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        Assert.Equal("20", Assert.Single(mine.GetProperty("grants").EnumerateArray()).GetProperty("used_usd").GetString());
        Assert.Equal(["19", "3", "0.01"], mine.GetProperty("charges").EnumerateArray().Select(c => c.GetProperty("charge").GetProperty("list_usd").GetString()));
        Assert.Equal("22", Assert.Single(mine.GetProperty("statements").EnumerateArray()).GetProperty("total_due_usd").GetString());
        Assert.Equal("3", Assert.Single(mine.GetProperty("authorizations_open").EnumerateArray()).GetProperty("extra_usd").GetString());
        Assert.Equal("30", Assert.Single(mine.GetProperty("refusals").EnumerateArray()).GetProperty("refusal").GetProperty("need").GetString());
        Assert.Equal("Called about a cap.", Assert.Single(mine.GetProperty("support_notes").EnumerateArray()).GetProperty("text").GetString());
        Assert.Equal("a-model-of-tomorrow", Assert.Single(mine.GetProperty("events_not_yet_priced").EnumerateArray()).GetProperty("model").GetString());
        Assert.Equal(Enumerable.Range(1, 6), mine.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("seq").GetInt32()));
        Assert.Equal(
            ["ClaimCredit", "TurnOnExtraUsage", "SetModelCap", "ReverseCharge", "WriteNote", "DisputeCharge", "MakePersonalToken", "SignIn", "DownloadData"],
            file.GetProperty("audit_records").EnumerateArray().Select(r => r.GetProperty("action").GetString()).Where(action => action is not ("GiveRole" or "AcceptInvitation")));
        Assert.DoesNotMatch(AmountAsNumber(), answer.Html);
    }

    [Fact]
    public async Task Every_table_stands_in_the_file_or_has_a_reason_why_not()
    {
        var (email, _, _) = await NewOwnerWithEverything();
        using var browser = await SignedIn(email);
        var file = JsonDocument.Parse((await Download(browser)).Html).RootElement;
        await using var db = Database.Open();

        Assert.Equal(db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct().Order(StringComparer.Ordinal), _tables.Keys.Order(StringComparer.Ordinal));
        foreach (var place in _tables.Values.Where(place => !place.StartsWith("not: ", StringComparison.Ordinal)))
        {
            var at = place.Split('.').Aggregate(file, (element, name) => (element.ValueKind == JsonValueKind.Array ? element[0] : element).GetProperty(name));
            Assert.NotEqual(JsonValueKind.Undefined, at.ValueKind);
        }
    }

    [Fact]
    public async Task Every_field_of_the_person_stands_in_the_file_but_for_secrets_and_copies()
    {
        string[] not = [nameof(User.PasswordHash), nameof(User.SecurityStamp), nameof(User.ConcurrencyStamp), nameof(User.NormalizedEmail), nameof(User.NormalizedUserName)];
        using var browser = await SignedIn(await Host.NewSubscriber());
        var user = JsonDocument.Parse((await Download(browser)).Html).RootElement.GetProperty("user");

        var fields = user.EnumerateObject().Select(field => field.Name).ToHashSet();
        Assert.Empty(typeof(User).GetProperties().Select(p => p.Name).Except(not).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Except(fields));
    }

    [Fact]
    public async Task No_secret_and_nothing_of_others_is_in_the_file()
    {
        var (theirs, theirAccount, _) = await NewOwnerWithEverything();
        using var them = await SignedIn(theirs);
        var (email, account, secret) = await NewOwnerWithEverything();
        using var browser = await SignedIn(email);

        var text = (await Download(browser)).Html;

        var (me, other) = (await Host.Find(email), await Host.Find(theirs));
        var token = (await Rows<PersonalToken>(t => t.Account == account)).Single();
        string[] secrets = [me.PasswordHash!, me.SecurityStamp!, me.ConcurrencyStamp!, token.Hash, secret];
        Assert.All([.. secrets, other.Id, theirs, theirAccount], forbidden => Assert.DoesNotContain(forbidden, text, StringComparison.OrdinalIgnoreCase));
        var reversal = (await Rows<AuditRecord>(r => r.Subject == account && r.Action == "ReverseCharge")).Single();
        Assert.DoesNotContain(reversal.Actor, text, StringComparison.Ordinal);
        Assert.Contains("\"actor\": \"staff\"", text, StringComparison.Ordinal);
        Assert.Contains("A mistake of ours.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_staff_did_to_others_is_theirs_as_an_act_without_what_it_changed()
    {
        var (email, account) = await NewOwner();
        await Use(account, "mistake", 1_000);
        var staff = await Host.NewUser(Roles.Support);
        await Door.Submit(new ReverseCharge(account, 1, "Known to the two.", null, Actor.User((await Host.Find(staff)).Id)));
        await AsSubscriber(staff);
        using var browser = await SignedIn(staff);

        var text = (await Download(browser)).Html;

        Assert.Contains("\"action\": \"ReverseCharge\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(account, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Known to the two.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(email, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_present_password_nothing_is_sent_and_the_page_says_so_next_to_the_field()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);

        foreach (var wrong in new[] { "", "another password of some length" })
        {
            var answer = await Download(browser, wrong);
            Assert.Equal((HttpStatusCode.Found, "/profile/data?refused=Password"), (answer.Status, answer.Location));
            var page = await browser.Get(answer.Location!);
            Assert.Contains("""<p id="password-error" class="field-error">This is not your present password.</p>""", page.Html, StringComparison.Ordinal);
            Assert.Contains("aria-invalid=\"true\"", page.Html, StringComparison.Ordinal);
            Assert.Contains("Nothing was downloaded.", page.Html, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(await Audit(email), r => r.Action == "DownloadData");
    }

    [Fact]
    public void Guessing_the_password_here_is_limited()
    {
        var limited = Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<LimitedAttribute>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));
        Assert.Superset(new HashSet<string> { "/profile/data/file", "/profile/leave" }, limited.ToHashSet());
    }

    [Fact]
    public async Task Somebody_without_a_password_downloads_within_ten_minutes_of_signing_in()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        await TakePasswordAway(email);

        Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Contains("that is enough", (await browser.Get("/profile/data")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Download(browser, "")).Status);
        var token = FormClient.Token(await browser.Get("/profile/data"));
        Time.Advance(TimeSpan.FromMinutes(1));

        var late = await browser.Post("/profile/data/file", ("__RequestVerificationToken", token));
        Assert.Equal("/profile/data?refused=TooLongAgo", late.Location);
        var page = await browser.Get(late.Location!);
        Assert.Contains("You signed in too long ago.", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Download my data</button>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sign_in_of_just_now_is_no_proof_for_an_old_one()
    {
        var email = await Host.NewSubscriber();
        using var old = await SignedIn(email);
        Time.Advance(TimeSpan.FromMinutes(11));
        using var fresh = await SignedIn(email);
        await TakePasswordAway(email);
        var token = FormClient.Token(await old.Get("/profile/data"));

        Assert.Equal("/profile/data?refused=TooLongAgo", (await old.Post("/profile/data/file", ("__RequestVerificationToken", token))).Location);
    }

    [Fact]
    public async Task A_long_list_is_read_in_pages_without_a_gap()
    {
        var (email, account) = await NewOwner();
        await Hold(account, "refused", 3_000_000);
        var first = (await Rows<RefusalRecord>(r => r.Account == account)).Single();
        await using (var db = Database.Open())
        {
            db.AddRange(Enumerable.Range(0, 1_200).Select(i => new RefusalRecord
            {
                Account = account,
                Id = Guid.NewGuid(),
                At = first.At,
                Authorization = $"{i}",
                Model = first.Model,
                Surface = first.Surface,
                Max = first.Max,
                Refusal = first.Refusal,
            }));
            await db.SaveChangesAsync();
        }
        using var browser = await SignedIn(email);

        var file = JsonDocument.Parse((await Download(browser)).Html).RootElement;

        var all = file.GetProperty("accounts")[0].GetProperty("refusals").EnumerateArray().Select(r => r.GetProperty("authorization").GetString()).ToList();
        Assert.Equal(1_201, all.Count);
        Assert.Equal(1_201, all.Distinct().Count());
    }

    [Fact]
    public async Task Whose_sign_in_is_over_is_sent_to_the_sign_in()
    {
        var email = await Host.NewSubscriber();
        using var browser = await SignedIn(email);
        var token = FormClient.Token(await browser.Get("/profile/data"));
        await using (var db = Database.Open())
        {
            await db.Set<SignInSession>().ExecuteDeleteAsync();
        }

        var answer = await browser.Post("/profile/data/file", ("__RequestVerificationToken", token), ("Input.Password", People.Password));

        Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain(email, answer.Html, StringComparison.Ordinal);
    }

    private static async Task<Answer> Download(FormClient browser, string password = People.Password) =>
        await browser.Post("/profile/data/file", ("__RequestVerificationToken", FormClient.Token(await browser.Get("/profile/data"))), ("Input.Password", password));

    /// <summary>Who was staff once: a role of staff may ask for more than a password at the sign-in.</summary>
    private async Task AsSubscriber(string email)
    {
        var id = (await Host.Find(email)).Id;
        await using var db = Database.Open();
        await db.UserRoles.Where(r => r.UserId == id).ExecuteDeleteAsync();
        db.UserRoles.Add(new() { UserId = id, RoleId = Roles.Subscriber });
        await db.SaveChangesAsync();
    }

    [GeneratedRegex("""("(\w*cap|\w*usd|amount|need|most|used|held|remaining|claimable|owed|credit_left|extra_used|refunds|uncollected)": -?\d|": -?\d{9,})""")]
    private static partial Regex AmountAsNumber();
}
