using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>A connection that stays open, so that its statements stay prepared; closed after a failure, because nobody knows in what state it is.</summary>
internal sealed class Lane(IDbContextFactory<PortalDb> databases, BulkWriter bulk)
{
    private PortalDb? _db;
    private Task _answering = Task.CompletedTask;
    private bool _diskFailed;

    public async Task<PortalDb> Open()
    {
        if (_diskFailed)
        {
            await Close();
            _diskFailed = false;
        }
        if (_db is null)
        {
            _db = await databases.CreateDbContextAsync();
            await bulk.Open(_db);
        }
        return _db;
    }

    /// <summary>Answers once what was just committed is on disk. The lane may go on meanwhile, but is never more than one commit ahead of the disk.</summary>
    public async Task Answer(Action tell, Action<IOException> fail)
    {
        await _answering;
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answering = answered.Task;
        bulk.Flush(failure =>
        {
            try
            {
                if (failure is null)
                {
                    tell();
                }
                else
                {
                    _diskFailed = true;
                    fail(failure);
                }
                answered.SetResult();
            }
            catch (Exception bug)
            {
                // This thread is the disk's, and must live on: the lane throws it.
                answered.SetException(bug);
            }
        });
    }

    public async Task Close()
    {
        await _answering;
        if (_db is { } db)
        {
            _db = null;
            await db.DisposeAsync();
        }
    }
}
