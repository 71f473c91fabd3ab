using Portal.Data;

namespace Portal.Admin.Audit;

/// <summary>How far a verification has come.</summary>
public sealed record AuditProgress(long Done, long Of);

/// <summary>A verification that came to an end.</summary>
public sealed record AuditCheck(DateTimeOffset At, AuditVerdict Verdict);

/// <summary>
/// Verifies the audit chain behind everything else: soon after a start, once a day, and whenever an administrator asks. A chain that does not hold
/// is an error in the log too.
/// </summary>
public sealed class AuditWatch(AuditVerification verification, Clock clock, TimeProvider time, ILogger<AuditWatch> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    private TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the last one found, on this instance; null before the first.</summary>
    public AuditCheck? Last { get; private set; }

    /// <summary>How far the one is that runs now.</summary>
    public AuditProgress? Running { get; private set; }

    /// <summary>Whether the last one could not read the database.</summary>
    public bool CouldNotRead { get; private set; }

    /// <summary>Something of the above changed.</summary>
    public event Action? Moved;

    /// <summary>Verifies now, unless one runs.</summary>
    public void VerifyNow() => _asked.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = First; !stoppingToken.IsCancellationRequested; pause = Every)
        {
            await Task.WhenAny(_asked.Task, Task.Delay(pause, time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
            await Verify(stoppingToken);
            _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task Verify(CancellationToken cancel)
    {
        Tell(new AuditProgress(0, 0), false);
        try
        {
            var verdict = await verification.Run(progress: (done, of) => Tell(new AuditProgress(done, of), false), cancel: cancel);
            Last = new AuditCheck(clock.Now, verdict);
            if (verdict.Fault is not null)
            {
                log.LogError("The audit chain does not hold. {Sentence}", verdict.Sentence);
            }
            Tell(null, false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.Log(DatabaseOutage.LevelOf(failure), failure, "The audit chain could not be verified; the next try is tomorrow, or when somebody asks");
            Tell(null, true);
        }
    }

    private void Tell(AuditProgress? running, bool couldNotRead)
    {
        (Running, CouldNotRead) = (running, couldNotRead);
        Moved?.Invoke();
    }
}
