using System.Text;
using Ledger;
using Portal.Accounts;
using Portal.SignIn;

namespace Portal.Statements;

/// <summary>
/// `GET /statements/{period}/file`: a statement as CSV. First what the page shows, then every entry that it is made of, as they are read. Amounts are exact;
/// what an entry's amount moves, its kind and its pool say.
/// </summary>
public static class StatementFile
{
    private const string Columns = "part,text,at,kind,pool,charge,amount_usd";
    private const int LinesAtOnce = 200;

    public static async Task<IResult> Get(string period, HttpContext context, Viewer viewer, AccountStatements statements)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (StatementAddress.Day(period) is not { } start || await viewer.Who(context.User, context.RequestAborted) is not { Account: { } account } acting || !acting.Is(Roles.Subscriber)
            || await statements.InFull(account, start, context.RequestAborted) is not { } full)
        {
            return TypedResults.NotFound();
        }
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(body => Write(body, full, context.RequestAborted), Csv.ContentType, $"statement-{account}-{period}.csv");
    }

    private static async Task Write(Stream body, StatementInFull full, CancellationToken cancel)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = Csv.LineEnd };
        await text.WriteLineAsync(Columns);
        foreach (var line in Figures(full))
        {
            await text.WriteLineAsync(line);
        }
        if (full.Archived is { } archived)
        {
            await text.WriteLineAsync(Line("archived", archived));
        }
        var written = 0;
        await foreach (var entry in full.Entries.WithCancellation(cancel))
        {
            await text.WriteLineAsync(Line("entry", Words(entry), entry.At, entry.Kind, entry.Pool, entry.Charge is { } charge ? PublicIds.Charge(entry.Account, charge) : null, entry.Amount));
            if (++written % LinesAtOnce == 0)
            {
                await text.FlushAsync(cancel);
            }
        }
    }

    /// <summary>What the page shows.</summary>
    private static IEnumerable<string> Figures(StatementInFull full)
    {
        var statement = full.Stated.Statement;
        yield return Line("period_start", null, statement.Period.Start);
        yield return Line("period_end", null, statement.Period.End);
        yield return Line("plan", full.PlanName);
        yield return Line("state", statement.IsFinal ? "final" : "not final");
        foreach (var line in full.Stated.Lines)
        {
            yield return Line("line", line.Text, amount: line.Amount);
        }
        yield return Line("total_due", "Plan fee and extra usage, less refunds", amount: statement.TotalDue);
        yield return Line("plan_fee", "With the proration of upgrades", amount: statement.PlanFee);
        yield return Line("credit_granted", null, amount: statement.Credit.Granted);
        yield return Line("credit_used", null, amount: statement.Credit.Used);
        yield return Line("credit_lost", null, amount: statement.Credit.Expired);
        yield return Line("extra_used", "At API rates", amount: statement.ExtraUsed);
        foreach (var discount in statement.Discounts)
        {
            yield return Line("discount", discount.Promotion, amount: discount.Discount);
        }
        yield return Line("extra_owed", "Less discounts", amount: statement.ExtraOwed);
        yield return Line("refunds", null, amount: statement.Refunds);
        yield return Line("not_owed", "Uncollected: nobody owes it", amount: statement.Uncollected);
    }

    private static string Words(Entry entry) => entry.Model is null ? StatementWords.Title(entry.Kind) : $"{StatementWords.Title(entry.Kind)}, {entry.Model}";

    private static string Line(
        string part, string? text, DateTimeOffset? at = null, EntryKind? kind = null, EntryPool? pool = null, string? charge = null, Money? amount = null) =>
        string.Join(',', part, Csv.Cell(text), at is { } instant ? Clock.Written(instant) : null, Lower(kind?.ToString()), Lower(pool?.ToString()), Csv.Cell(charge), amount?.ToString());

    private static string? Lower(string? name) => name?.ToLowerInvariant();
}
