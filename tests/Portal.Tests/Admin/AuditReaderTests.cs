using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Admin.Audit;
using Portal.Data;
using Portal.SignIn;
using Portal.Tests.SignIn;

namespace Portal.Tests.Admin;

public sealed class AuditReaderOnSqlite(SignInOn<SqliteDatabase> portal) : AuditReaderTests<SqliteDatabase>(portal);

public sealed class AuditReaderOnPostgres(SignInOn<PostgresDatabase> portal) : AuditReaderTests<PostgresDatabase>(portal);

/// <summary>What administrators see of the audit: by whom, about whom, what and when; on pages, and in files that a spreadsheet runs nothing of.</summary>
public abstract class AuditReaderTests<TDatabase>(SignInOn<TDatabase> portal) : SignInTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private AuditReader Reader => Host.Services.GetRequiredService<AuditReader>();

    [Fact]
    public async Task Filters_choose_and_pages_follow_each_other_without_a_gap()
    {
        var subject = await Write(95);
        var query = AuditQuery.Read(name => name == "subject" ? subject : null);
        var seen = new List<long>();
        for (var more = true; more;)
        {
            var page = await Reader.Read(query);
            seen.AddRange(page.Lines.Select(line => line.Id));
            more = page.Older is not null;
            query = query with { Before = page.Older };
        }
        Assert.Equal(95, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);

        var even = await Reader.Read(new AuditQuery(Subject: subject, Action: "Even"));
        Assert.All(even.Lines, line => Assert.Equal("Even", line.Action));
        Assert.Equal(12, (await Reader.Read(new AuditQuery(Subject: subject, From: new DateOnly(2026, 1, 10), To: new DateOnly(2026, 1, 21)))).Lines.Count);
        Assert.Equal(["Even", "Odd"], even.Actions.Intersect(["Even", "Odd"]));
    }

    [Fact]
    public async Task Names_are_looked_up_and_whoever_is_gone_has_none()
    {
        var email = await Host.NewSubscriber();
        var id = SignInAudit.Subject((await Host.Find(email)).Id);
        var subject = await Write(1, id);
        Assert.Equal(email, (await Reader.Read(new AuditQuery(Subject: subject))).Lines[0].ActorName);
        Assert.Equal(id, await Reader.Resolve($" {email.ToUpperInvariant()} "));
        Assert.Equal("nobody", await Reader.Resolve("nobody@example.org"));

        var gone = await Write(1, "user:who-left");
        Assert.Equal("someone who is gone", (await Reader.Read(new AuditQuery(Subject: gone))).Lines[0].ActorName);
    }

    [Fact]
    public async Task A_record_opens_to_what_was_before_and_after()
    {
        var subject = await Write(1);
        var id = (await Reader.Read(new AuditQuery(Subject: subject))).Lines[0].Id;
        var record = (await Reader.Find(id))!;
        Assert.Equal([("cap", "$25", "$0.0000001", true), ("extra_usage_on", "yes", "yes", false), ("alerts.cap", null, "50, 75", true)], record.Changes.Select(c => (c.Field, c.Before, c.After, c.IsChanged)));
        Assert.True(record.IsItself);
        Assert.Null(await Reader.Find(long.MaxValue));
    }

    [Fact]
    public async Task Files_have_what_the_filters_choose_by_id_and_run_nothing_in_a_spreadsheet()
    {
        var email = await Host.NewUser(Roles.Admin);
        var subject = await Write(600, reason: "=HYPERLINK(\"http://example.org\")");
        using var browser = await SignedIn(email);

        var csv = await browser.Get($"/admin/audit/export.csv?subject={subject}");
        var lines = csv.Html.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(601, lines.Length);
        Assert.StartsWith("id,at,actor,subject,action,outcome,reason,before,after,request_id,previous,hash", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.Contains(",\"'=HYPERLINK(\"\"http", line, StringComparison.Ordinal));
        Assert.DoesNotContain(email, csv.Html, StringComparison.Ordinal);
        Assert.Equal("text/csv", csv.Response.Content.Headers.ContentType!.MediaType);

        var json = JsonDocument.Parse((await browser.Get($"/admin/audit/export.json?subject={subject}&action=Odd")).Html).RootElement.GetProperty("records");
        Assert.Equal(300, json.GetArrayLength());
        Assert.Equal(64, json[0].GetProperty("hash").GetString()!.Length);
        Assert.Equal(2, (await Audit(email)).Count(r => r.Action == "ExportAudit"));
    }

    [Fact]
    public async Task A_verification_that_was_asked_for_says_to_which_record_and_when()
    {
        var watch = Host.Services.GetRequiredService<AuditWatch>();
        var ended = new TaskCompletionSource();
        watch.Moved += () =>
        {
            if (watch.Running is null)
            {
                ended.TrySetResult();
            }
        };
        await Write(3);
        watch.VerifyNow();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Null(watch.Last!.Verdict.Fault);
        Assert.True(watch.Last.Verdict.Through >= 3);
        Assert.False(watch.CouldNotRead);
    }

    /// <summary>So many records about a new subject, a day apart.</summary>
    private async Task<string> Write(int count, string actor = "portal", string? reason = null)
    {
        var subject = $"account-{Guid.NewGuid():n}";
        await using var db = Database.Open();
        for (var i = 1; i <= count; i++)
        {
            db.Add(new AuditRecord
            {
                At = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(i - 1),
                Actor = actor,
                Subject = subject,
                Action = i % 2 == 0 ? "Even" : "Odd",
                Before = """{"cap":25000000000,"extra_usage_on":true}""",
                After = """{"cap":100,"extra_usage_on":true,"alerts":{"cap":[50,75]}}""",
                Outcome = "Done",
                Reason = reason,
            });
        }
        await db.SaveChangesAsync();
        return subject;
    }
}
