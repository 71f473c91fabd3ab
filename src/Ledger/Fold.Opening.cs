namespace Ledger;

/// <summary>A fold may stop at an instant, and another go on from there without what came before.</summary>
public sealed partial class Fold
{
    /// <summary>Goes on from an opening: feed what comes after it.</summary>
    /// <param name="from">What had come before.</param>
    /// <param name="reversed">The charges that were reversed, as in a fold from the first entry.</param>
    public Fold(Opening from, IReadOnlySet<long>? reversed = null) : this((from ?? throw new ArgumentNullException(nameof(from))).Account, reversed)
    {
        var state = from.State;
        (_seq, _charges, _at, _credit) = (from.Seq, from.Charge, state.At, state.Credit);
        foreach (var grant in state.Grants)
        {
            _grants.Add(grant.Number, new GrantSum { Amount = grant.Amount, Used = grant.Used, Expired = grant.Expired });
        }
        foreach (var period in state.Periods)
        {
            _periods.Add(period.Index, new PeriodSum(period));
        }
        foreach (var ofCharge in state.Parts.GroupBy(p => p.Charge))
        {
            _parts.Add(ofCharge.Key, [.. ofCharge.Select(p => new Part(p.Seq, p.Period, p.Pool, p.Grant, p.Amount) { Reversed = p.Reversed })]);
        }
        _reversed.UnionWith(state.Reversed);
    }

    /// <summary>Whether all that was fed keeps the laws of entries, and each charge has its entries and each entry its charge: only then may another go on from here.</summary>
    public bool IsWhole => _unmatched.Count == 0 && _broken.Count == 0;

    /// <summary>What was fed so far came to; all of it counts before an instant.</summary>
    public Opening OpeningAt(DateTimeOffset until)
    {
        Invariant.Holds(IsWhole && _at < until, "an opening cuts through no charge, comes after nothing that is broken, and has nothing of later");
        // What is wholly taken back is never looked at again.
        var parts = _parts.SelectMany(
            ofCharge => ofCharge.Value.Where(p => p.Reversed != p.Amount || !_reversed.Contains(ofCharge.Key)),
            (ofCharge, p) => new OpeningPart(ofCharge.Key, p.Seq, p.Period, p.Pool, p.Grant, p.Amount, p.Reversed));
        return new Opening(account, until, _seq, _charges, new OpeningState(
            _at, _credit, [.. _grants.OrderBy(g => g.Key).Select(g => new OpeningGrant(g.Key, g.Value.Amount, g.Value.Used, g.Value.Expired))],
            [.. _periods.OrderBy(p => p.Key).Select(p => p.Value.Opening(p.Key))], [.. parts.OrderBy(p => p.Seq)], [.. _reversed.Order()]));
    }
}
