using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Portal.Testing;

/// <summary>Waits for what happens by itself, on another thread or in another process. What is right comes soon; the patience is for slow machines.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    public static Task Holds(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") => Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(Pause))
        {
            Assert.True(clock.Elapsed < Patience, $"This did not come to hold: {what}");
        }
    }
}
