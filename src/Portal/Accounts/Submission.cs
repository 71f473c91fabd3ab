using System.Diagnostics;

namespace Portal.Accounts;

/// <summary>
/// Commands that were handed in together, and what became of each: an outcome, or the exception that it ended with. Whoever waits for them is woken
/// once, when all are answered, and not once for each.
/// </summary>
internal sealed class Submission(int commands)
{
    private readonly object?[] _outcomes = new object?[commands];
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = commands;

    /// <summary>When they were handed in.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>The trace that they belong to, if it is traced.</summary>
    public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

    /// <summary>Done when each has its answer; fails with the first failure, in the order in which they were handed in.</summary>
    public Task Answered => _answered.Task;

    /// <summary>What became of one of them, once all are answered.</summary>
    public object this[int index] => _outcomes[index]!;

    /// <summary>Answers one of them; the first answer stays.</summary>
    public void Answer(int index, object outcome)
    {
        if (Interlocked.CompareExchange(ref _outcomes[index], outcome, null) is not null || Interlocked.Decrement(ref _open) > 0)
        {
            return;
        }
        if (Array.Find(_outcomes, answer => answer is Exception) is Exception failure)
        {
            _answered.SetException(failure);
        }
        else
        {
            _answered.SetResult();
        }
    }
}

/// <summary>One command that waits, and whose answer it is.</summary>
internal readonly record struct Pending(Command Command, string Line, Submission Submission, int Index)
{
    public void Answer(object outcome) => Submission.Answer(Index, outcome);
}
