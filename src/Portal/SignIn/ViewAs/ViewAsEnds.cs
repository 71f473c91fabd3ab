using Portal.Data;


namespace Portal.SignIn.ViewAs;

/// <summary>
/// Looks twice a second for what counts no longer: its time is over, the role was taken away, the session ended. Writes the end down and tells the open pages, which would
/// otherwise show what they showed. Several instances may look; one of them writes.
/// </summary>
public sealed class ViewAsEnds(ViewAsBook book, TimeProvider time, ILogger<ViewAsEnds> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Not a timer that ticks by itself: a clock that jumps ahead would make up for each tick.
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await book.EndWhatIsOver(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.Log(DatabaseOutage.LevelOf(failure), failure, "Whether a view-as is over could not be looked up; the next look does. Nothing that is over counts meanwhile");
            }
        }
    }
}
