using System.Collections.Concurrent;

namespace Portal.Accounts;

/// <summary>
/// A thread for one piece of work, to which it also comes back after each wait. In the pool it would wait its turn behind the requests that wait
/// for it; and what works within its calls, as SQLite does, would keep a thread from them.
/// </summary>
internal sealed class OwnThread : TaskScheduler
{
    private readonly BlockingCollection<Task> _tasks = [];

    /// <summary>Does the work on a thread that ends with it.</summary>
    public static async Task Run(string name, Func<Task> work)
    {
        var scheduler = new OwnThread();
        new Thread(scheduler.Work) { IsBackground = true, Name = name }.Start();
        try
        {
            await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap().ConfigureAwait(false);
        }
        finally
        {
            scheduler._tasks.CompleteAdding();
        }
    }

    protected override void QueueTask(Task task) => _tasks.Add(task);

    /// <summary>Whoever waits for one of these tasks does not run it: it belongs to the thread.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Work()
    {
        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
