using Portal.Data;

namespace Portal.Tests.Accounts;

/// <summary>A disk that a test stops, breaks, or counts what comes to it.</summary>
internal sealed class Disk
{
    private volatile TaskCompletionSource? _stopped;

    public IOException? Failure { get; set; }

    public int Opened { get; set; }

    public int Flushed { get; set; }

    public void Stops() => _stopped = new TaskCompletionSource();

    public void GoesOn() => _stopped?.SetResult();

    public void Wait() => _stopped?.Task.Wait();
}

/// <summary>SQLite's way to write, on a disk that a test watches.</summary>
internal sealed class OnDisk(SqliteBulk bulk, Disk disk) : BulkWriter
{
    public override bool HasOneWriter => bulk.HasOneWriter;

    public override Task Open(PortalDb db)
    {
        disk.Opened++;
        return bulk.Open(db);
    }

    public override void Flush(Action<IOException?> done) => bulk.Flush(failure =>
    {
        disk.Wait();
        disk.Flushed++;
        done(disk.Failure ?? failure);
    });

    public override BulkReads Ask(PortalDb db) => bulk.Ask(db);

    public override BulkWrites Gather(PortalDb db) => bulk.Gather(db);
}
