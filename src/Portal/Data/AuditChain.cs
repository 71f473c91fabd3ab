using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data;

/// <summary>
/// How far the audit chain goes: the number and the hash of its last record. There is one row, and whoever writes records locks it, so
/// that there is one order of them.
/// </summary>
public sealed class AuditHead
{
    /// <summary>What the first record follows.</summary>
    public static readonly string NoHash = new('0', 64);

    public int Id { get; init; } = 1;

    public long Seq { get; set; }

    public string Hash { get; set; } = NoHash;

    /// <summary>As it is written to the log, and given to `verify-audit --head`.</summary>
    public override string ToString() => $"{Seq.ToString(CultureInfo.InvariantCulture)}:{Hash}";

    /// <summary>The opposite of <see cref="ToString"/>; null for what is no head.</summary>
    public static AuditHead? Parse(string? text) =>
        text?.Split(':') is [var seq, { Length: 64 } hash] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && hash.All(char.IsAsciiHexDigit)
            ? new AuditHead { Seq = number, Hash = hash.ToLowerInvariant() }
            : null;
}

/// <summary>
/// The one place that puts audit records into the chain. <see cref="PortalDb.SaveChangesAsync(bool, CancellationToken)"/> comes here with
/// whatever records it finds, and the database takes none that is not chained, so nobody who writes one has to think of it.
/// </summary>
/// <remarks>
/// The head is the last lock that a transaction takes: it is asked for when everything else is written, and held until the commit that
/// follows. So two transactions cannot wait for each other over it, and what has no record (usage) never waits for it at all. A caller with a
/// transaction of its own saves records last, and then commits.
/// </remarks>
internal static class AuditChain
{
    /// <summary>Records that a context is about to save.</summary>
    public static List<AuditRecord> NewRecords(PortalDb db) =>
        [.. db.ChangeTracker.Entries<AuditRecord>().Where(e => e.State == EntityState.Added).Select(e => e.Entity)];

    /// <summary>Does a context's own save, and then writes the records behind the last one. What fails leaves the context as it was, records included.</summary>
    /// <param name="db">The context.</param>
    /// <param name="records">Its new records.</param>
    /// <param name="save">Saves everything else, without taking it for saved yet.</param>
    /// <param name="accept">Whether it is to be taken for saved in the end.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<int> Save(PortalDb db, List<AuditRecord> records, Func<Task<int>> save, bool accept, CancellationToken cancel)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        var isSaved = false;
        try
        {
            Become(db, records, EntityState.Detached);
            var others = await save();
            await Append(db, records, cancel);
            if (own is not null)
            {
                await own.CommitAsync(cancel);
            }
            isSaved = true;
            return others + records.Count;
        }
        finally
        {
            if (!isSaved)
            {
                Become(db, records, EntityState.Added);
            }
            else if (accept)
            {
                db.ChangeTracker.AcceptAllChanges();
            }
        }
    }

    private static async Task Append(PortalDb db, List<AuditRecord> records, CancellationToken cancel)
    {
        var head = await Locked(db, cancel);
        foreach (var record in records)
        {
            record.Follow(head);
            (head.Seq, head.Hash) = (record.Id, record.Hash);
        }
        var writes = db.Bulk.Gather(db);
        writes.Insert(records);
        writes.Update([head]);
        await writes.Send(cancel);
    }

    private static void Become(PortalDb db, List<AuditRecord> records, EntityState state) => records.ForEach(record => db.Entry(record).State = state);

    /// <summary>The head, which is nobody else's until this transaction ends. SQLite's write transaction is alone already.</summary>
    private static async Task<AuditHead> Locked(PortalDb db, CancellationToken cancel)
    {
        var heads = db is PostgresPortalDb ? db.Set<AuditHead>().FromSql($"SELECT id, seq, hash FROM audit_head FOR UPDATE") : db.Set<AuditHead>();
        return (await heads.AsNoTracking().ToListAsync(cancel)).SingleOrDefault()
            ?? throw new InvalidOperationException("The audit chain's head is missing: somebody deleted it from the database. Nothing that needs an audit record is done until it is back.");
    }

    internal sealed class Records : IEntityTypeConfiguration<AuditRecord>
    {
        public void Configure(EntityTypeBuilder<AuditRecord> b)
        {
            b.ToTable("audit_records", t => t.HasCheckConstraint("audit_record_is_chained", "id > 0 AND length(previous) = 64 AND length(hash) = 64"));
            b.HasKey(a => a.Id);
            b.Property(a => a.Id).ValueGeneratedNever();
            b.HasIndex(a => new { a.Subject, a.At });
            b.HasIndex(a => new { a.Actor, a.Id });
            b.HasIndex(a => new { a.Action, a.Id });
            b.HasIndex(a => a.At);
        }
    }

    internal sealed class Heads : IEntityTypeConfiguration<AuditHead>
    {
        public void Configure(EntityTypeBuilder<AuditHead> b)
        {
            b.ToTable("audit_head", t => t.HasCheckConstraint("audit_head_is_one", "id = 1")).HasKey(h => h.Id);
            b.Property(h => h.Id).ValueGeneratedNever();
            b.HasData(new AuditHead());
        }
    }
}
