namespace Portal.Watching;

/// <summary>
/// What Portal can be watched by carries this name: the meter of its figures and the source of its traces. Each room keeps its own instruments, in one file.
/// With nobody listening an instrument costs a comparison, so they are always there.
/// </summary>
internal static class Instruments
{
    public const string Name = "Portal";

    /// <summary>Seconds, from what the memory answers to what people give up on. The framework's own boundaries are made for milliseconds.</summary>
    public static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
}
