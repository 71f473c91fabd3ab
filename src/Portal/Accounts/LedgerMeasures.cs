using System.Diagnostics.Metrics;
using Ledger;
using Portal.Watching;

namespace Portal.Accounts;

/// <summary>What can be watched of the ledger's laws, as this instance saw them last.</summary>
public sealed class LedgerMeasures
{
    private readonly Counter<long> _checked;
    private long _outsideMonths;
    private volatile IReadOnlyDictionary<LedgerLaw, int> _broken = new Dictionary<LedgerLaw, int>();

    public LedgerMeasures(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(Instruments.Name);
        _checked = meter.CreateCounter<long>("portal.ledger.checked", "{account}", "Accounts whose ledger was folded and compared.");
        meter.CreateObservableGauge("portal.ledger.broken", Broken, "{account}", "Accounts that break a law of the ledger, by law. Never anything but 0.");
        meter.CreateObservableGauge("portal.ledger.outside_months", () => Interlocked.Read(ref _outsideMonths), "{row}", "Charges and entries that lie outside any month's partition (PostgreSQL). 0, unless months could not be made.");
    }

    /// <summary>What a look at the months found.</summary>
    internal void SawOutsideMonths(long rows) => Interlocked.Exchange(ref _outsideMonths, rows);

    /// <summary>What a look at the faults found.</summary>
    internal void Saw(int accounts, IReadOnlyDictionary<LedgerLaw, int> broken)
    {
        _checked.Add(accounts);
        _broken = broken;
    }

    private IEnumerable<Measurement<int>> Broken() =>
        Enum.GetValues<LedgerLaw>().Select(law => new Measurement<int>(_broken.GetValueOrDefault(law), new KeyValuePair<string, object?>("law", law.ToString())));
}
