using System.ComponentModel;
using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;

namespace Portal.Api;

/// <summary>One line of the ledger.</summary>
[Description("One line of the ledger. The amount is never below 0: kind and pool say which way it moved.")]
public sealed record EntryAnswer(
    string Id,
    [property: Description("Counts the account's entries without a gap.")] long Seq,
    DateTimeOffset At, EntryKind Kind, Money AmountUsd,
    [property: Description("`credit`, `extra`, or null for what moves neither: an uncollected part, or extra of a final period that becomes a refund.")] string? Pool,
    string? Grant, string? Charge, string? Model, string? Surface, string? App,
    [property: Description("Who caused it: `key:...`, `user:...` or `portal`.")] string Actor,
    string? Reason, Money CreditAfterUsd, Money ExtraAfterUsd,
    [property: Description("The entry that it corrects.")] string? Reverses)
{
    internal static EntryAnswer Of(Entry e) => new(
        PublicIds.Entry(e.Account, e.Seq), e.Seq, e.At, e.Kind, e.Amount,
        e.Pool switch { EntryPool.Credit => "credit", EntryPool.Extra => "extra", _ => null },
        e.Grant is { } grant ? PublicIds.Grant(e.Account, grant) : null,
        e.Charge is { } charge ? PublicIds.Charge(e.Account, charge) : null,
        e.Model, e.Surface, e.App, e.Actor, e.Reason, e.CreditAfter, e.ExtraAfter,
        e.Reverses is { } reversed ? PublicIds.Entry(e.Account, reversed) : null);
}

/// <summary>A page of entries, newest first.</summary>
[Description("A page of entries, newest first. `next_cursor` leads to the next page; null on the last. With `model`, a page may hold fewer than `limit`, or none, and still not be the last: a long history is looked through in parts.")]
public sealed record EntriesAnswer(IReadOnlyList<EntryAnswer> Entries, string? NextCursor);

/// <summary>What a reader of entries asks for.</summary>
internal sealed record EntryQuery(DateTimeOffset? From, DateTimeOffset? To, EntryKind? Kind, string? Model, long? Before, int Limit)
{
    private const int Usual = 100;
    private const int Most = 1_000;

    /// <summary>How many entries one page looks through for those of a model, which have no key.</summary>
    public int Reach { get; init; } = EntrySearch.Reach;

    public static EntryQuery Read(IQueryCollection query, Checks checks)
    {
        EntryKind? kind = null;
        if (One("kind") is { } name)
        {
            kind = name switch
            {
                "grant" => EntryKind.Grant,
                "charge" => EntryKind.Charge,
                "reallocation" => EntryKind.Reallocation,
                "expiry" => EntryKind.Expiry,
                "adjustment" => EntryKind.Adjustment,
                "reversal" => EntryKind.Reversal,
                _ => null,
            };
            checks.Demand(kind is not null, "kind", "It must be grant, charge, reallocation, expiry, adjustment or reversal.");
        }
        var model = One("model");
        checks.OptionalName("model", model);
        var limit = Usual;
        if (One("limit") is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= Most))
        {
            checks.Add("limit", "It must be a whole number from 1 to 1,000.");
        }
        long before = 0;
        var cursor = One("cursor");
        checks.Demand(cursor is null || long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before), "cursor", "It must be the next_cursor of an earlier answer.");
        return new(checks.Instant("from", One("from")), checks.Instant("to", One("to")), kind, model, cursor is null ? null : before, limit);

        string? One(string field)
        {
            var values = query[field];
            checks.Demand(values.Count <= 1, field, "It stands there twice.");
            return values.Count == 1 && values[0] is { Length: > 0 } value ? value : null;
        }
    }

    /// <summary>Where what is asked for lies among the account's entries: instants become numbers, so that pages are read by key however long the history is.</summary>
    public async Task<EntryRange> Range(PortalDb db, string account, CancellationToken cancel)
    {
        var first = From is { } from ? await EntrySearch.FirstSince(db, account, from, cancel) : 1;
        var end = Math.Min(To is { } to ? await EntrySearch.FirstSince(db, account, to, cancel) : long.MaxValue, Before ?? long.MaxValue);
        return new EntryRange(first, IsNarrow ? Math.Min(end, await EntrySearch.Last(db, account, cancel) + 1) : end);
    }

    /// <summary>The newest entries of the range that fit, and what of the range lies below them; <c>null</c> if nothing does.</summary>
    public async Task<(IReadOnlyList<Entry> Entries, EntryRange? Older)> Page(PortalDb db, string account, EntryRange range, int size, CancellationToken cancel)
    {
        var low = IsNarrow ? Math.Max(range.First, range.End - Reach) : range.First;
        var entries = db.Set<Entry>().AsNoTracking().Where(e => e.Account == account && e.Seq >= low && e.Seq < range.End);
        if (Kind is { } kind)
        {
            entries = (kind == EntryKind.Charge ? entries : entries.OtherThanCharges()).Where(e => e.Kind == kind);
        }
        if (Model is { } model)
        {
            entries = entries.Where(e => e.Model == model);
        }
        var read = await entries.OrderByDescending(e => e.Seq).Take(size + 1).ToListAsync(cancel);
        long? end = read.Count > size ? read[size - 1].Seq : low > range.First ? low : null;
        return (read[..Math.Min(read.Count, size)], end is { } rest ? range with { End = rest } : null);
    }

    /// <summary>Whether most entries may not fit. What is no charge has an index of its own, and is few.</summary>
    private bool IsNarrow => Model is not null && (Kind is null or EntryKind.Charge);
}

/// <summary>Entries by their numbers.</summary>
/// <param name="First">The lowest.</param>
/// <param name="End">One more than the highest.</param>
internal readonly record struct EntryRange(long First, long End);

/// <summary>`GET /v1/accounts/{account}/entries` and `GET /v1/entries`, as JSON in pages or as CSV whole.</summary>
internal static class EntriesApi
{
    public static Task Get(HttpContext context, string account, PortalDb db) =>
        Caller.Of(context).MaySee(account) && Texts.IsAccountKey(account) ? Show(context, account, db) : BalanceApi.NoAccount.Write(context);

    public static Task GetOwn(HttpContext context, PortalDb db) => Show(context, Caller.Of(context).Account!, db);

    private static async Task Show(HttpContext context, string account, PortalDb db)
    {
        var cancel = context.RequestAborted;
        var checks = new Checks();
        var query = EntryQuery.Read(context.Request.Query, checks);
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        if (!await db.Set<Account>().AnyAsync(a => a.Key == account, cancel))
        {
            await BalanceApi.NoAccount.Write(context);
            return;
        }
        if (EntriesCsv.IsWanted(context.Request))
        {
            await EntriesCsv.Write(context, db, account, query with { Before = null });
            return;
        }
        var (entries, older) = await query.Page(db, account, await query.Range(db, account, cancel), query.Limit, cancel);
        var cursor = older?.End.ToString(CultureInfo.InvariantCulture);
        await Answer.Write(context, new EntriesAnswer([.. entries.Select(EntryAnswer.Of)], cursor), ApiJson.Default.EntriesAnswer);
    }
}
