using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Data;

/// <summary>
/// SQLite's write-ahead log, brought to disk beside the transactions that write it. SQLite flushes within a commit, and the next transaction waits for
/// it; flushed from here, the next one is decided and written meanwhile. A commit counts once the log was flushed after it, exactly as with
/// <c>synchronous=FULL</c>: SQLite itself flushes the log before it copies it into the file, so what is lost with the power is only what nobody was told of.
/// </summary>
internal sealed class SqliteLog : IDisposable
{
    private const int Interrupted = 4;

    private readonly BlockingCollection<Action<IOException?>> _asked = [];
    private readonly SafeFileHandle _file;

    /// <summary>On a thread of its own: in the pool it would wait its turn behind the requests that wait for it.</summary>
    public SqliteLog(string database)
    {
        _file = File.OpenHandle($"{database}-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        new Thread(Work) { IsBackground = true, Name = "SQLite's log" }.Start();
    }

    /// <summary>Whether a flush failed. The system forgets that it could not write, so the log cannot be trusted to be whole on disk from then on, whatever the next flush says.</summary>
    public bool HasFailed { get; internal set; }

    /// <summary>Brings to disk what was committed before.</summary>
    /// <param name="done">Called once it is there, or with what went wrong in this flush or one before it.</param>
    public void Flush(Action<IOException?> done) => _asked.Add(done);

    /// <summary>What was asked for before is still done.</summary>
    public void Dispose() => _asked.CompleteAdding();

    private void Work()
    {
        foreach (var done in _asked.GetConsumingEnumerable())
        {
            done(Failure());
        }
        _file.Dispose();
    }

    private IOException? Failure()
    {
        if (HasFailed)
        {
            return new IOException("The database's log could not be brought to disk before.");
        }
        try
        {
            ToDisk();
            return null;
        }
        catch (IOException failure)
        {
            HasFailed = true;
            return failure;
        }
    }

    private void ToDisk()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_file);
            return;
        }
        // .NET's own call writes the file's times too, for which the file system's journal has to be written each time.
        while (DataSync(_file) != 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw new IOException($"The database's log could not be brought to disk: {new Win32Exception(error).Message}.");
            }
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DataSync(SafeFileHandle file);
}
