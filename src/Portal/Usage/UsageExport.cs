using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api;
using Portal.Data;
using Portal.SignIn;

namespace Portal.UsagePages;

/// <summary>
/// `GET /usage/export.csv` and `GET /usage/export.json`: what the page of the same address shows, all its rows, exact. Made of the same
/// table, and counted through the charge that the page's link names, so that what came since the page was drawn is not in it.
/// </summary>
public static class UsageExport
{
    private const int BytesAtOnce = 32 * 1024;

    private static readonly string[] Numbers =
    [
        "requests", "input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_read_tokens", "output_tokens", "web_searches",
        "list_usd", "credit_usd", "extra_usd", "uncollected_usd", "included_usd",
    ];

    public static Task<IResult> Csv(HttpContext context, Viewer viewer, UsageReader reader) => Send(context, viewer, reader, "csv", Accounts.Csv.ContentType, WriteCsv);

    public static Task<IResult> Json(HttpContext context, Viewer viewer, UsageReader reader) => Send(context, viewer, reader, "json", "application/json", WriteJson);

    private static async Task<IResult> Send(
        HttpContext context, Viewer viewer, UsageReader reader, string ending, string mediaType, Func<UsageQuery, UsageRead, PipeWriter, CancellationToken, Task> write)
    {
        var cancel = context.RequestAborted;
        if (await viewer.Who(context.User, cancel) is not { Account: { } account } acting || !acting.Is(Roles.Subscriber))
        {
            return TypedResults.NotFound();
        }
        var asked = context.Request.Query;
        var query = UsageQuery.Read(name => asked[name].FirstOrDefault());
        List<string> wrong = [.. query.Wrong, .. asked.Where(part => part.Value.Count > 1).Select(part => $"“{part.Key}” stands there twice.")];
        DateTimeOffset? asOf = null;
        if (asked["as_of"].FirstOrDefault() is { Length: > 0 } instant)
        {
            asOf = Instants.TryParse(instant, out var at) ? at : null;
            Demand(asOf is not null, "“as_of” is an instant such as 2026-11-23T10:00:00Z.");
        }
        long through = 0;
        var hasThrough = asked["through"].FirstOrDefault() is { Length: > 0 };
        Demand(!hasThrough || long.TryParse(asked["through"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out through), "“through” is the number of a charge.");
        if (wrong.Count > 0)
        {
            return Refused(wrong);
        }
        if (await reader.Read(account, query, asOf, hasThrough ? through : null, cancel) is not { } read)
        {
            return TypedResults.NotFound();
        }
        if (read.Wrong.Count > 0)
        {
            return Refused(read.Wrong);
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"{account}-usage-{read.Range.First:yyyy-MM-dd}-to-{read.Range.Last:yyyy-MM-dd}.{ending}");
        return TypedResults.Stream(async body =>
        {
            var pipe = PipeWriter.Create(body);
            await write(query, read, pipe, cancel);
            await pipe.CompleteAsync();
        }, mediaType, name);

        void Demand(bool holds, string why)
        {
            if (!holds)
            {
                wrong.Add(why);
            }
        }
    }

    private static ContentHttpResult Refused(IEnumerable<string> why) =>
        TypedResults.Text($"This export was not made. {string.Join(" ", why)}", statusCode: StatusCodes.Status400BadRequest);

    private static async Task WriteCsv(UsageQuery query, UsageRead read, PipeWriter pipe, CancellationToken cancel)
    {
        var group = GroupName(query);
        var text = new StringBuilder().AppendJoin(',', group is null ? ["day", .. Numbers] : ["day", group, .. Numbers]).Append(Accounts.Csv.LineEnd);
        foreach (var row in read.Table.Rows)
        {
            Line(Day(row, read.Range), row.Key, row.Sum);
            if (text.Length >= BytesAtOnce)
            {
                await Flush();
            }
        }
        Line("total", null, read.Table.Totals);
        await Flush();

        void Line(string day, string? key, UsageSum sum)
        {
            text.Append(day);
            if (group is not null)
            {
                text.Append(',').Append(Accounts.Csv.Cell(key));
            }
            text.Append(',').AppendJoin(',', Counts(sum)).Append(',').AppendJoin(',', Amounts(sum)).Append(Accounts.Csv.LineEnd);
        }

        async Task Flush()
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }
    }

    private static async Task WriteJson(UsageQuery query, UsageRead read, PipeWriter pipe, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(pipe, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("account", read.Account.Key);
        json.WriteString("as_of", Clock.Written(read.AsOf));
        json.WriteNumber("through", read.Cube.Through);
        json.WriteString("first_day", Written(read.Range.First));
        json.WriteString("last_day", Written(read.Range.Last));
        json.WriteString("group_by", UsageQuery.Groupings.First(g => g.By == query.By).Key is { Length: > 0 } by ? by : "payer");
        json.WriteStartObject("filters");
        json.WriteString("model", query.Model);
        json.WriteString("surface", query.Surface);
        json.WriteString("app", query.App);
        json.WriteString("paid", UsageQuery.PaidBy.First(p => p.Payer == query.Payer).Key is { Length: > 0 } paid ? paid : null);
        json.WriteEndObject();
        json.WriteStartArray("rows");
        foreach (var row in read.Table.Rows)
        {
            json.WriteStartObject();
            json.WriteString("day", Day(row, read.Range));
            if (GroupName(query) is { } group)
            {
                json.WriteString(group, row.Key == "" ? null : row.Key);
            }
            Write(row.Sum);
            json.WriteEndObject();
            if (json.BytesPending >= BytesAtOnce)
            {
                await json.FlushAsync(cancel);
                await pipe.FlushAsync(cancel);
            }
        }
        json.WriteEndArray();
        json.WriteStartObject("totals");
        Write(read.Table.Totals);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(cancel);

        void Write(UsageSum sum)
        {
            foreach (var (name, count) in Numbers.Zip(Counts(sum)))
            {
                json.WriteNumber(name, count);
            }
            foreach (var (name, amount) in Numbers.Skip(Counts(sum).Length).Zip(Amounts(sum)))
            {
                json.WriteString(name, amount.ToString());
            }
        }
    }

    private static long[] Counts(UsageSum sum) =>
        [sum.Requests, sum.InputTokens, sum.CacheWrite5mTokens, sum.CacheWrite1hTokens, sum.CacheReadTokens, sum.OutputTokens, sum.WebSearches];

    private static Ledger.Money[] Amounts(UsageSum sum) => [sum.List, sum.Credit, sum.Extra, sum.Uncollected, sum.Included];

    private static string? GroupName(UsageQuery query) => query.By == UsageGrouping.Payer ? null : UsageQuery.Groupings.First(g => g.By == query.By).Key;

    /// <summary>The row's day, or the days that it adds up.</summary>
    private static string Day(UsageRow row, UsageRange range) => row.Day is { } day ? Written(day) : $"{Written(range.First)}/{Written(range.Last)}";

    private static string Written(DateOnly day) => day.ToString(UsageQuery.DayForm, CultureInfo.InvariantCulture);
}
