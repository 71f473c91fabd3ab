using System.Globalization;
using System.Net;
using System.Text.Json;
using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tests.SignIn;
using Portal.UsagePages;

namespace Portal.Tests.UsagePages;

/// <summary>The exports are what the page shows, to the nano; and what they are asked wrongly they say.</summary>
public abstract class UsageExportTests<TDatabase> : IClassFixture<UsageOn<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    private const int CountColumns = 7;
    private const int AmountColumns = 5;

    private readonly UsageOn<TDatabase> on;

    protected UsageExportTests(UsageOn<TDatabase> on)
    {
        Tools.Require(on.Database.Missing);
        this.on = on;
    }

    private UsageReader Reader => on.Host.Services.GetRequiredService<UsageReader>();

    [Theory]
    [InlineData("")]
    [InlineData("range=last-period&by=model")]
    [InlineData("range=90d&by=app")]
    [InlineData("range=90d&by=app&rows=whole")]
    [InlineData("range=30d&rows=whole")]
    [InlineData("by=surface&paid=extra")]
    [InlineData("from=2026-10-20&to=2026-11-05&by=model&surface=third_party_app")]
    [InlineData("range=90d&app=")]
    [InlineData("range=7d&model=unknown")]
    public async Task The_exports_have_exactly_the_rows_and_totals_of_the_page(string address)
    {
        var query = Query(address);
        var figures = (await Reader.Figures(UsageOn<TDatabase>.Mine, query))!;
        var read = (await Reader.Read(UsageOn<TDatabase>.Mine, query))!;

        var lines = Cells((await Get(query.Export("csv", figures.AsOf, figures.Through))).Html);
        var json = JsonDocument.Parse((await Get(query.Export("json", figures.AsOf, figures.Through))).Html).RootElement;

        Assert.Equal(figures.RowCount, lines.Count - 2);
        Assert.Equal(figures.Rows, read.Table.Rows.Take(figures.Rows.Count));
        Assert.Equal(figures.Totals, SumOf(lines[^1]));
        Assert.Equal("total", lines[^1][0]);
        Assert.Equal(read.Table.Rows.Select(r => r.Sum), lines[1..^1].Select(SumOf));
        if (query.By == UsageGrouping.Payer && query.IsWhole)
        {
            Assert.Empty(lines[1..^1]);
        }
        Assert.Equal(figures.Totals, SumOf(json.GetProperty("totals")));
        var rows = json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(read.Table.Rows.Select(r => r.Sum), rows.Select(SumOf));
        Assert.Equal(lines[1..^1].Select(l => l[0]), rows.Select(r => r.GetProperty("day").GetString()));
        if (query.By != UsageGrouping.Payer)
        {
            var name = UsageQuery.Groupings.First(g => g.By == query.By).Key;
            Assert.Equal(name, lines[0][1]);
            Assert.Equal(read.Table.Rows.Select(r => r.Key == "" ? null : r.Key), rows.Select(r => r.GetProperty(name).GetString()));
        }
    }

    [Fact]
    public async Task What_comes_after_the_page_was_drawn_is_not_in_the_export_that_its_link_leads_to()
    {
        var figures = (await Reader.Figures(UsageOn<TDatabase>.Mine, new UsageQuery(UsageSpan.Week)))!;
        var address = new UsageQuery(UsageSpan.Week).Export("csv", figures.AsOf, figures.Through);
        var before = await Get(address);
        on.Time.Advance(TimeSpan.FromHours(1));
        await on.Use("claude-haiku-4-5", "headless", null, new Usage { OutputTokens = 999 });
        Assert.Equal(before.Html, (await Get(address)).Html);
        var now = await Get("/usage/export.csv?range=7d");
        Assert.Equal(figures.Totals.Requests + 1, SumOf(Cells(now.Html)[^1]).Requests);
    }

    [Fact]
    public async Task The_file_is_named_by_account_and_days_and_kept_by_no_cache()
    {
        var csv = (await Get("/usage/export.csv?from=2026-10-20&to=2026-11-05")).Response;
        Assert.Equal("maya-usage-2026-10-20-to-2026-11-05.csv", csv.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal("attachment", csv.Content.Headers.ContentDisposition.DispositionType);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.True(csv.Headers.CacheControl!.NoStore);
        Assert.Equal("maya-usage-2026-10-20-to-2026-11-05.json", (await Get("/usage/export.json?from=2026-10-20&to=2026-11-05")).Response.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task No_cell_is_a_formula()
    {
        var text = (await Get("/usage/export.csv?range=90d&by=app&rows=whole")).Html;
        Assert.Contains("'=HYPERLINK", text, StringComparison.Ordinal);
        Assert.Contains("'@sum", text, StringComparison.Ordinal);
        Assert.All(Cells(text).SelectMany(line => line).Where(cell => cell != ""), cell => Assert.DoesNotContain(cell[0], "=+-@\t\r\n"));
        Assert.Contains(Cells(text), line => line[1] == "ночь, and day");
    }

    [Theory]
    [InlineData("from=yesterday", "“from” is a day such as 2026-11-01.")]
    [InlineData("to=2026-02-30", "“to” is a day such as 2026-11-01.")]
    [InlineData("from=2026-11-05&to=2026-11-04", "“to” is a day before “from”.")]
    [InlineData("from=2001-01-01&to=2026-11-04", "At most 366 days are shown at once.")]
    [InlineData("range=30d&to=2026-11-04", "“range” does not count beside “from” and “to”.")]
    [InlineData("range=forever", "“range” is one of last-period, 7d, 30d, 90d.")]
    [InlineData("by=colour", "“by” is one of model, surface, app.")]
    [InlineData("rows=none", "“rows” is one of whole.")]
    [InlineData("paid=me", "“paid” is one of programmatic, credit, extra, uncollected, included.")]
    [InlineData("model=a%00b", "“model” is a name of at most 256 characters.")]
    [InlineData("start=-1", "“start” is a number of rows.")]
    [InlineData("as_of=now", "“as_of” is an instant such as 2026-11-23T10:00:00Z.")]
    [InlineData("through=1%27%20OR%201=1", "“through” is the number of a charge.")]
    [InlineData("model=a&model=b", "“model” stands there twice.")]
    public async Task What_is_asked_wrongly_is_answered_with_what_is_wrong(string address, string why)
    {
        foreach (var format in (string[])["csv", "json"])
        {
            var answer = await Get($"/usage/export.{format}?{address}", HttpStatusCode.BadRequest);
            Assert.Equal($"This export was not made. {why}", answer.Html);
            Assert.Equal("text/plain", answer.Response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("from=2026-11-01&to=8999-12-31", HttpStatusCode.BadRequest)]
    [InlineData("from=8999-01-01", HttpStatusCode.OK)]
    [InlineData("to=2001-01-01", HttpStatusCode.OK)]
    [InlineData("as_of=0001-01-01T00:00:00Z", HttpStatusCode.OK)]
    [InlineData("as_of=9999-12-31T23:59:59Z&through=9223372036854775807", HttpStatusCode.OK)]
    [InlineData("range=90d&through=0", HttpStatusCode.OK)]
    [InlineData("model=%3Cscript%3E&surface=%27--&app=%F0%9F%92%A5", HttpStatusCode.OK)]
    public async Task The_ends_of_the_world_are_answered(string address, HttpStatusCode status)
    {
        await Get($"/usage/export.json?{address}", status);
        Assert.Equal(HttpStatusCode.OK, (await on.Browser.Get($"/usage?{address}")).Status);
    }

    [Fact]
    public async Task The_page_before_its_circuit_shows_what_the_address_says()
    {
        var page = (await on.Browser.Get("/usage?range=last-period&by=model&paid=programmatic&rows=whole&model=claude-haiku-4-5")).Html;
        Assert.Contains("Haiku 4.5", page, StringComparison.Ordinal);
        Assert.Contains("/usage/export.csv?range=last-period&amp;by=model&amp;rows=whole&amp;model=claude-haiku-4-5&amp;paid=programmatic&amp;as_of=", page, StringComparison.Ordinal);
    }

    private async Task<Answer> Get(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await on.Browser.Get(path);
        Assert.True(answer.Status == status, $"{path}: {answer.Status}, {answer.Html}");
        return answer;
    }

    private static UsageQuery Query(string address)
    {
        var parts = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address);
        return UsageQuery.Read(name => parts.GetValueOrDefault(name).FirstOrDefault());
    }

    private static UsageSum SumOf(IReadOnlyList<string> line)
    {
        var counts = line.Skip(line.Count - AmountColumns - CountColumns).Take(CountColumns).Select(c => long.Parse(c, CultureInfo.InvariantCulture)).ToArray();
        var amounts = line.TakeLast(AmountColumns).Select(Money.Parse).ToArray();
        var sum = new UsageSum(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], amounts[1], amounts[2], amounts[3], amounts[4]);
        Assert.Equal(sum.List, amounts[0]);
        return sum;
    }

    private static UsageSum SumOf(JsonElement row)
    {
        long Count(string name) => row.GetProperty(name).GetInt64();
        Money Amount(string name) => Money.Parse(row.GetProperty(name).GetString()!);
        var sum = new UsageSum(
            Count("requests"), Count("input_tokens"), Count("cache_write_5m_tokens"), Count("cache_write_1h_tokens"), Count("cache_read_tokens"), Count("output_tokens"), Count("web_searches"),
            Amount("credit_usd"), Amount("extra_usd"), Amount("uncollected_usd"), Amount("included_usd"));
        Assert.Equal(sum.List, Amount("list_usd"));
        return sum;
    }

    /// <summary>A reader of RFC 4180 that shares nothing with the writer.</summary>
    private static List<List<string>> Cells(string csv)
    {
        var lines = new List<List<string>> { new() };
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            if (quoted && csv[i] == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
            {
                cell.Append(csv[++i]);
            }
            else if (csv[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && csv[i] is ',' or '\r' && !quoted)
            {
                lines[^1].Add(cell.ToString());
                cell.Clear();
                if (csv[i] == '\r')
                {
                    i++;
                    lines.Add([]);
                }
            }
            else
            {
                cell.Append(csv[i]);
            }
        }
        Assert.Empty(lines[^1]);
        lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}

public sealed class UsageExportOnSqlite(UsageOn<SqliteDatabase> on) : UsageExportTests<SqliteDatabase>(on);

public sealed class UsageExportOnPostgres(UsageOn<PostgresDatabase> on) : UsageExportTests<PostgresDatabase>(on);
