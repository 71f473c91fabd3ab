using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Admin.Audit;

/// <summary>
/// `GET /admin/audit/export.csv` and `.json`: the records that the page's filters choose, oldest first, streamed. With ids, as they are stored: the
/// file outlives the people. That somebody took it is in the audit itself.
/// </summary>
public static class AuditExport
{
    private const int BytesAtOnce = 32 * 1024;

    private static readonly string[] Columns = ["id", "at", "actor", "subject", "action", "outcome", "reason", "before", "after", "request_id", "previous", "hash"];

    public static Task<IResult> Csv(HttpContext context, Viewer viewer, StaffDesk desk, AuditReader reader) => Send(context, viewer, desk, reader, "csv", Accounts.Csv.ContentType, WriteCsv);

    public static Task<IResult> Json(HttpContext context, Viewer viewer, StaffDesk desk, AuditReader reader) => Send(context, viewer, desk, reader, "json", "application/json", WriteJson);

    private static async Task<IResult> Send(
        HttpContext context, Viewer viewer, StaffDesk desk, AuditReader reader, string ending, string mediaType, Func<IAsyncEnumerable<AuditRecord>, PipeWriter, CancellationToken, Task> write)
    {
        var cancel = context.RequestAborted;
        if (await viewer.Who(context.User, cancel) is not { } acting || !acting.Is(Roles.Admin))
        {
            return TypedResults.NotFound();
        }
        var query = AuditQuery.Read(name => context.Request.Query[name].FirstOrDefault()) with { Before = null };
        var now = await desk.Do(acting.Actor, Roles.Admin, work =>
        {
            work.Audit("ExportAudit", acting.Actor.Id, "Done", after: new { file = ending, filters = query.Path("") });
            return Task.FromResult(work.Now);
        });
        return TypedResults.Stream(async body =>
        {
            var pipe = PipeWriter.Create(body);
            await write(reader.All(query, cancel), pipe, cancel);
            await pipe.CompleteAsync();
        }, mediaType, $"audit-{now:yyyy-MM-dd}.{ending}");
    }

    private static async Task WriteCsv(IAsyncEnumerable<AuditRecord> records, PipeWriter pipe, CancellationToken cancel)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append(Accounts.Csv.LineEnd);
        await foreach (var a in records.WithCancellation(cancel))
        {
            string?[] cells = [a.Actor, a.Subject, a.Action, a.Outcome, a.Reason, a.Before, a.After, a.RequestId, a.Previous, a.Hash];
            text.Append(a.Id).Append(',').Append(Clock.Written(a.At)).Append(',').AppendJoin(',', cells.Select(Accounts.Csv.Cell)).Append(Accounts.Csv.LineEnd);
            if (text.Length >= BytesAtOnce)
            {
                await Flush();
            }
        }
        await Flush();

        async Task Flush()
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }
    }

    private static async Task WriteJson(IAsyncEnumerable<AuditRecord> records, PipeWriter pipe, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(pipe, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("records");
        await foreach (var a in records.WithCancellation(cancel))
        {
            json.WriteStartObject();
            json.WriteNumber("id", a.Id);
            string?[] values = [Clock.Written(a.At), a.Actor, a.Subject, a.Action, a.Outcome, a.Reason, a.Before, a.After, a.RequestId, a.Previous, a.Hash];
            foreach (var (name, value) in Columns.Skip(1).Zip(values))
            {
                json.WriteString(name, value);
            }
            json.WriteEndObject();
            if (json.BytesPending >= BytesAtOnce)
            {
                await json.FlushAsync(cancel);
                await pipe.FlushAsync(cancel);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }
}
