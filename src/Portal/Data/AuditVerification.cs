using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>What was done to the audit chain by somebody who writes into the database past Portal.</summary>
public enum AuditFault
{
    /// <summary>A field of the record is not what was written, or its hash is not what the next one remembers.</summary>
    Edited,

    /// <summary>Another record stands in this place.</summary>
    Swapped,

    /// <summary>The record is gone, and later ones are there.</summary>
    Removed,

    /// <summary>The record and all after it are gone.</summary>
    Cut,

    /// <summary>A record stands behind the head.</summary>
    Added,

    /// <summary>The record is not the one that the logged head tells of: it, or what is before it, was written anew.</summary>
    Rewritten,

    /// <summary>The head itself is gone.</summary>
    NoHead,
}

/// <summary>What a verification found: the last record that is as it was written, with its hash, and what is wrong with which one after it, if anything is.</summary>
public sealed record AuditVerdict(long Through, string Hash, AuditFault? Fault = null, long? At = null)
{
    /// <summary>The verdict for people.</summary>
    public string Sentence => Fault switch
    {
        null => Through == 0 ? "The audit chain is empty, and so says its head." : $"The audit chain holds: every record from 1 to {Through} is as it was written.",
        AuditFault.Edited => $"Record {At} was edited: what it says now is not what was written.",
        AuditFault.Swapped => $"Record {At} was replaced: another record stands in its place.",
        AuditFault.Removed => $"Record {At} was removed: later ones are there, it is not.",
        AuditFault.Cut => $"The chain was cut: record {At} and all after it are gone.",
        AuditFault.Added => $"Record {At} was added behind the chain's end, by somebody who is not Portal.",
        AuditFault.Rewritten => $"Record {At}, or one before it, was written anew: the logged head tells of another.",
        AuditFault.NoHead => "The chain's head is gone, so nothing says where it ends.",
        _ => throw new InvalidOperationException($"The fault {Fault} has no sentence."),
    };
}

/// <summary>
/// Walks the audit chain from its start and compares every record with its own hash and with the one before it, and the last one with the head.
/// It holds a thousand records at a time, waits for no writer, and no writer waits for it: what is written meanwhile is left to the next one.
/// </summary>
public sealed class AuditVerification(IDbContextFactory<PortalDb> databases)
{
    private const int AtOnce = 1_000;

    /// <summary>Verifies the whole chain.</summary>
    /// <param name="logged">A head that was written down elsewhere: it shows what was cut or written anew together with the head in the database.</param>
    /// <param name="progress">Is told how many records are verified, of how many.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<AuditVerdict> Run(AuditHead? logged = null, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (head, last) = await Ends(db, cancel);
        if (head is null)
        {
            return new AuditVerdict(0, AuditHead.NoHash, AuditFault.NoHead);
        }
        AuditRecord? good = null;
        while (await Next(db, good?.Id ?? 0, head.Seq, cancel) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                if (await WrongWith(record, good, head, db, cancel) is { } wrong)
                {
                    return wrong;
                }
                if (logged?.Seq == record.Id && logged.Hash != record.Hash)
                {
                    return Until(good, AuditFault.Rewritten, record.Id);
                }
                good = record;
            }
            progress?.Invoke(good!.Id, head.Seq);
        }
        return WrongWithTheEnd(good, head, last, logged);
    }

    private static AuditVerdict Until(AuditRecord? good, AuditFault? fault = null, long? at = null) => new(good?.Id ?? 0, good?.Hash ?? AuditHead.NoHash, fault, at);

    /// <summary>The head, and the number of the last record, of one moment.</summary>
    private static async Task<(AuditHead? Head, long Last)> Ends(PortalDb db, CancellationToken cancel)
    {
        await using var moment = await Moment.Of(db, cancel);
        var head = await db.Set<AuditHead>().AsNoTracking().SingleOrDefaultAsync(cancel);
        return (head, await db.Set<AuditRecord>().MaxAsync(a => (long?)a.Id, cancel) ?? 0);
    }

    private static Task<List<AuditRecord>> Next(PortalDb db, long after, long until, CancellationToken cancel) =>
        db.Set<AuditRecord>().AsNoTracking().Where(a => a.Id > after && a.Id <= until).OrderBy(a => a.Id).Take(AtOnce).ToListAsync(cancel);

    private static async Task<AuditVerdict?> WrongWith(AuditRecord record, AuditRecord? good, AuditHead head, PortalDb db, CancellationToken cancel)
    {
        var place = (good?.Id ?? 0) + 1;
        if (record.Id != place)
        {
            return Until(good, AuditFault.Removed, place);
        }
        var isItself = record.HashNow() == record.Hash;
        if (record.Previous == (good?.Hash ?? AuditHead.NoHash))
        {
            return isItself ? null : Until(good, AuditFault.Edited, place);
        }
        // Two neighbours disagree. If the one after this knows it, this one is genuine: then the one before was edited, and its hash made to fit.
        return good is not null && isItself && await Remembered(record, head, db, cancel) == record.Hash
            ? Before(good, AuditFault.Edited)
            : Until(good, AuditFault.Swapped, place);
    }

    /// <summary>The record itself is the wrong one, so only those before it are good.</summary>
    private static AuditVerdict Before(AuditRecord wrong, AuditFault fault) => new(wrong.Id - 1, wrong.Previous, fault, wrong.Id);

    /// <summary>The hash of a record as whatever follows it remembers it.</summary>
    private static async Task<string?> Remembered(AuditRecord record, AuditHead head, PortalDb db, CancellationToken cancel) => record.Id == head.Seq
        ? head.Hash
        : await db.Set<AuditRecord>().Where(a => a.Id == record.Id + 1).Select(a => a.Previous).SingleOrDefaultAsync(cancel);

    private static AuditVerdict WrongWithTheEnd(AuditRecord? good, AuditHead head, long last, AuditHead? logged) =>
        (good?.Id ?? 0) < head.Seq ? Until(good, AuditFault.Cut, (good?.Id ?? 0) + 1)
        : good is not null && good.Hash != head.Hash ? Before(good, AuditFault.Edited)
        : last > head.Seq ? Until(good, AuditFault.Added, head.Seq + 1)
        : logged?.Seq > head.Seq ? Until(good, AuditFault.Cut, head.Seq + 1)
        : Until(good);
}
