using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Ledger;
using Portal.Watching;

namespace Portal.Accounts;

/// <summary>What can be watched of the door. Names of kinds only: no account, no id, no amount.</summary>
public sealed class DoorMeasures
{
    private const int MostLinks = 128;

    internal static readonly ActivitySource Traces = new(Instruments.Name);

    private static readonly FrozenDictionary<RefusalCode, object?> Reasons =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(code => code, code => (object?)JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString()));

    private readonly Meter _meter;
    private readonly Histogram<double> _commands;
    private readonly Histogram<double> _batches;
    private readonly Histogram<int> _sizes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _events;

    public DoorMeasures(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(Instruments.Name);
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = Instruments.Seconds };
        _commands = _meter.CreateHistogram("portal.command.duration", "s", "From when a command is handed in until it is answered.", advice: seconds);
        _batches = _meter.CreateHistogram("portal.batch.duration", "s", "A transaction of the door, from its begin to its commit.", advice: seconds);
        _sizes = _meter.CreateHistogram("portal.batch.size", "{command}", "How many commands shared a transaction.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        _refusals = _meter.CreateCounter<long>("portal.refusals", "{refusal}", "Authorizations that were refused.");
        _events = _meter.CreateCounter<long>("portal.events", "{event}", "Usage that was charged, parked (no price yet), or conflicts with what its id said before.");
    }

    /// <summary>Lets the length of the queue be watched.</summary>
    public void WatchQueue(Func<int> waiting) => _meter.CreateObservableGauge("portal.queue.length", waiting, "{command}", "Commands that wait for the door.");

    /// <summary>A command was answered.</summary>
    /// <param name="command">The command.</param>
    /// <param name="outcome">What became of it, or the exception that it ended with.</param>
    /// <param name="since">The timestamp of when it was handed in.</param>
    internal void Answered(Command command, object outcome, long since)
    {
        if (_commands.Enabled)
        {
            _commands.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new("command", command.GetType().Name), new("outcome", NameOf(outcome)));
        }
    }

    /// <summary>A batch was committed.</summary>
    internal void Committed(Batch batch, int commands, long since)
    {
        _batches.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
        _sizes.Record(commands);
        foreach (var refused in batch.NewRefusals)
        {
            _refusals.Add(1, new KeyValuePair<string, object?>("reason", Reasons[refused.Refusal.Code]));
        }
        if (_events.Enabled)
        {
            Count("charged", batch.Accounts.Values.Sum(a => a.Written.Charges.Count));
            Count("parked", batch.NewParked.Count);
            Count("conflicting", batch.NewConflicts.Count);
        }
    }

    /// <summary>The trace of a batch: it belongs to no request, so it is linked to all whose commands are in it.</summary>
    internal static Activity? Trace(int commands, IEnumerable<ActivityContext> callers)
    {
        if (!Traces.HasListeners())
        {
            return null;
        }
        var links = callers.Where(caller => caller != default).Distinct().Take(MostLinks).Select(caller => new ActivityLink(caller));
        return Traces.StartActivity("door.batch", ActivityKind.Internal, parentContext: default, [new("portal.batch.size", commands)], links);
    }

    private void Count(string kind, int more)
    {
        if (more > 0)
        {
            _events.Add(more, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    private static string NameOf(object outcome) => outcome switch
    {
        DoorBusyException => "Busy",
        NotAllowedException => "NotAllowed",
        Exception => "Failed",
        bool changed => changed ? "Changed" : "Unchanged",
        Enum named => named.ToString(),
        _ => outcome.GetType().Name,
    };
}
