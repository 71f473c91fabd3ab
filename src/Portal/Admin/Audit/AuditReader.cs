using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Admin.Audit;

/// <summary>A record as the list shows it.</summary>
public sealed record AuditLine(long Id, DateTimeOffset At, string Actor, string ActorName, string Subject, string SubjectName, string Action, string Outcome, string? Reason);

/// <summary>What the page of the audit shows.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Address">The address that it was read for.</param>
/// <param name="Lines">The records, newest first.</param>
/// <param name="Older">Where the next page begins; null at the end.</param>
/// <param name="Actions">Actions to choose from: those of the latest records.</param>
/// <param name="ActorName">Whom the address names as actor.</param>
/// <param name="SubjectName">Whom it names as subject.</param>
public sealed record AuditFigures(
    DateTimeOffset AsOf, string Address, IReadOnlyList<AuditLine> Lines, long? Older, IReadOnlyList<string> Actions, string? ActorName, string? SubjectName);

/// <summary>One record, whole.</summary>
public sealed record AuditDetail(AuditLine Line, IReadOnlyList<AuditChange> Changes, string? RequestId, string Previous, string Hash, bool IsItself);

/// <summary>Reads the audit. The names of people are looked up as they are now; the records themselves hold ids, and who left has no name any more.</summary>
public sealed class AuditReader(IDbContextFactory<PortalDb> databases, Clock clock)
{
    private const int PageSize = 40;

    /// <summary>So many of the latest records say which actions there are to choose from.</summary>
    private const int Latest = 2_000;

    private const int AtOnce = 500;

    public async Task<AuditFigures> Read(AuditQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var records = db.Set<AuditRecord>().AsNoTracking();
        var found = await query.Of(records).OrderByDescending(a => a.Id).Take(PageSize + 1).ToListAsync(cancel);
        var last = await records.MaxAsync(a => (long?)a.Id, cancel) ?? 0;
        var actions = await records.Where(a => a.Id > last - Latest).Select(a => a.Action).Distinct().OrderBy(name => name).ToListAsync(cancel);
        var shown = found.Take(PageSize).ToList();
        var names = await Names(db, [.. shown.SelectMany(a => new[] { a.Actor, a.Subject }), query.Actor ?? "", query.Subject ?? ""], cancel);
        return new AuditFigures(clock.Now, query.Path(), [.. shown.Select(a => Line(a, names))], found.Count > PageSize ? shown[^1].Id : null, actions,
            query.Actor is null ? null : NameOf(query.Actor, names), query.Subject is null ? null : NameOf(query.Subject, names));
    }

    /// <summary>One record; null if there is none of this number.</summary>
    public async Task<AuditDetail?> Find(long id, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<AuditRecord>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel) is not { } record ? null : new AuditDetail(
            Line(record, await Names(db, [record.Actor, record.Subject], cancel)), AuditChange.Between(record.Before, record.After), record.RequestId, record.Previous, record.Hash,
            record.HashNow() == record.Hash);
    }

    /// <summary>What somebody typed to look for, as records have it: an address becomes the id of whoever has it now.</summary>
    public async Task<string?> Resolve(string? typed, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(typed) || !typed.Contains('@', StringComparison.Ordinal))
        {
            return string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        var normalized = typed.Trim().ToUpperInvariant();
        return await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => u.Id).SingleOrDefaultAsync(cancel) is { } id ? SignInAudit.Subject(id) : "nobody";
    }

    /// <summary>All that the query asks for, oldest first, some hundreds at a time.</summary>
    public async IAsyncEnumerable<AuditRecord> All(AuditQuery query, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        long after = 0;
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var last = after;
            var some = await query.Of(db.Set<AuditRecord>().AsNoTracking()).Where(a => a.Id > last).OrderBy(a => a.Id).Take(AtOnce).ToListAsync(cancel);
            foreach (var record in some)
            {
                yield return record;
            }
            if (some.Count < AtOnce)
            {
                yield break;
            }
            after = some[^1].Id;
        }
    }

    private static AuditLine Line(AuditRecord a, Dictionary<string, string?> names) =>
        new(a.Id, a.At, a.Actor, NameOf(a.Actor, names), a.Subject, NameOf(a.Subject, names), a.Action, a.Outcome, a.Reason);

    private static async Task<Dictionary<string, string?>> Names(PortalDb db, IEnumerable<string> said, CancellationToken cancel)
    {
        var ids = said.Where(IsPerson).Select(name => name[SignInAudit.Subject("").Length..]).Distinct().ToArray();
        return await db.Users.Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.Email }).ToDictionaryAsync(u => SignInAudit.Subject(u.Id), u => u.Email, cancel);
    }

    private static bool IsPerson(string said) => said.StartsWith(SignInAudit.Subject(""), StringComparison.Ordinal);

    private static string NameOf(string said, Dictionary<string, string?> names) =>
        names.GetValueOrDefault(said) ?? (IsPerson(said) ? "someone who is gone" : said == Ledger.Actors.Portal ? "Portal itself" : said.Replace("key:", "the key ", StringComparison.Ordinal));
}
