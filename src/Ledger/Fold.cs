using System.Runtime.CompilerServices;

namespace Ledger;

/// <summary>
/// Recomputes what an account came to from its entries alone, and compares. The laws: entries count without a gap, each states rightly what is
/// left after it, and none takes more than there is; granted = used + expired + left; list = credit + extra + uncollected for every charge, and
/// its entries say the same; the account's state is the fold of its entries; what is held is what open authorizations hold; and with no hold
/// open, extra means that no credit is left.
/// </summary>
/// <remarks>
/// Feed an account's entries by seq and its charges by number, from the first; the two may alternate in any way, and what is kept in memory is only
/// what one is ahead of the other. Then ask <see cref="Broken"/>. Source: docs/rules.md, "Money" and "Who pays".
/// </remarks>
public sealed class Fold(string account)
{
    private const int MostBroken = 100;

    private readonly List<string> _broken = [];
    private readonly Dictionary<int, GrantSum> _grants = [];
    private readonly Dictionary<int, PeriodSum> _periods = [];
    private readonly Dictionary<long, Parts> _unmatched = [];
    private long _seq;
    private long _charges;
    private DateTimeOffset _at = DateTimeOffset.MinValue;
    private Money _credit;

    /// <summary>How many entries were fed.</summary>
    public long Entries => _seq;

    /// <summary>How many charges were fed.</summary>
    public long Charges => _charges;

    /// <summary>Feeds the next entry.</summary>
    public void Add(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Law(entry.Account == account, $"entry {entry.Seq} is of account {entry.Account}, not {account}");
        Law(entry.Seq == _seq + 1, $"entry {entry.Seq} follows entry {_seq}: a gap or a repeat");
        Law(entry.At >= _at, $"entry {entry.Seq} is older than the one before it");
        Law(entry.Amount >= Money.Zero, $"entry {entry.Seq} has an amount below nothing");
        (_seq, _at) = (entry.Seq, entry.At);
        var period = PeriodOf(entry.Period);
        switch (entry.Kind, entry.Pool)
        {
            case (EntryKind.Grant, EntryPool.Credit):
                Law(entry.Grant is { } number && _grants.TryAdd(number, new GrantSum()), $"entry {entry.Seq} grants what was granted before");
                GrantOf(entry).Amount += entry.Amount;
                _credit += entry.Amount;
                break;
            case (EntryKind.Adjustment, EntryPool.Credit):
                GrantOf(entry).Amount += entry.Amount;
                _credit += entry.Amount;
                break;
            case (EntryKind.Charge, EntryPool.Credit):
                UseCredit(entry);
                Note(entry, credit: entry.Amount);
                break;
            case (EntryKind.Charge, EntryPool.Extra):
                period.Move(entry.Promotion, entry.Amount);
                Note(entry, extra: entry.Amount);
                break;
            case (EntryKind.Charge, EntryPool.None):
                period.Uncollected += entry.Amount;
                Note(entry, uncollected: entry.Amount);
                break;
            case (EntryKind.Reallocation, EntryPool.Credit):
                UseCredit(entry);
                period.Move(entry.Promotion, Money.Zero - entry.Amount);
                break;
            case (EntryKind.Expiry, EntryPool.Credit):
                GrantOf(entry).Expired += entry.Amount;
                _credit -= entry.Amount;
                break;
            default:
                Law(false, $"entry {entry.Seq} is a {entry.Kind} of {entry.Pool}, which there is none of");
                break;
        }
        Law(entry.Grant is null || GrantOf(entry).Left >= Money.Zero, $"entry {entry.Seq} takes more from grant {entry.Grant} than is left");
        Law(period.ByPromotion.GetValueOrDefault(entry.Promotion ?? "") >= Money.Zero, $"entry {entry.Seq} takes more extra than was used");
        Law(entry.CreditAfter == _credit, $"entry {entry.Seq} says {entry.CreditAfter} of credit is left after it, its entries say {_credit}");
        Law(entry.ExtraAfter == period.Extra, $"entry {entry.Seq} says {entry.ExtraAfter} of extra is used after it, its entries say {period.Extra}");
    }

    /// <summary>Feeds the next charge.</summary>
    public void Add(Charge charge)
    {
        ArgumentNullException.ThrowIfNull(charge);
        Law(charge.Account == account, $"charge {charge.Number} is of account {charge.Account}, not {account}");
        Law(charge.Number == _charges + 1, $"charge {charge.Number} follows charge {_charges}: a gap or a repeat");
        Law(charge.List >= Money.Zero && charge.Credit >= Money.Zero && charge.Extra >= Money.Zero && charge.Uncollected >= Money.Zero, $"charge {charge.Number} has a part below nothing");
        var parts = charge.Credit + charge.Extra + charge.Uncollected;
        Law(charge.IsIncluded ? parts.IsZero : parts == charge.List, $"charge {charge.Number}: list is {charge.List}, its parts are {parts}");
        _charges = charge.Number;
        Match(charge.Number, new Parts(Money.Zero - charge.Credit, Money.Zero - charge.Extra, Money.Zero - charge.Uncollected));
    }

    /// <summary>The laws that do not hold, in words; empty if all hold.</summary>
    /// <param name="state">The account as it is after the entries that were fed, with its live grants and open periods.</param>
    /// <param name="open">Its open authorizations, if what they hold shall be compared; <c>null</c> leaves that out.</param>
    /// <param name="over">Grants that are over and periods that are final, if they shall be compared too.</param>
    /// <param name="final">See <paramref name="over"/>.</param>
    public IReadOnlyList<string> Broken(Account state, IEnumerable<Authorization>? open = null, IEnumerable<Grant>? over = null, IEnumerable<AccountPeriod>? final = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var ofEntries = _broken.Count;
        Law(state.Key == account, $"the state is of account {state.Key}, not {account}");
        Law(state.LastSeq == _seq, $"the account's last entry is {state.LastSeq}, {_seq} entries were found");
        Law(state.LastCharge == _charges, $"the account's last charge is {state.LastCharge}, {_charges} charges were found");
        Law(state.LastGrant == _grants.Count, $"the account's last grant is {state.LastGrant}, its entries grant {_grants.Count} times");
        Law(state.CreditLeft == _credit, $"the account has {state.CreditLeft} of credit left, its entries say {_credit}");
        foreach (var (number, parts) in _unmatched)
        {
            Law(false, $"charge {number} and its entries differ by {parts.Credit} of credit, {parts.Extra} of extra and {parts.Uncollected} uncollected");
        }
        CompareGrants([.. state.Grants, .. over ?? []]);
        foreach (var period in state.Periods.Concat(final ?? []))
        {
            ComparePeriod(period);
        }
        CompareHolds(state, open?.ToList());
        Law(state.OpenHolds > 0 || state.CreditLeft.IsZero || state.Current.ExtraUsed.IsZero,
            $"no hold is open, {state.Current.ExtraUsed} of extra is used, and yet {state.CreditLeft} of credit is left");
        string[] broken = [.. _broken];
        _broken.RemoveRange(ofEntries, _broken.Count - ofEntries);
        return broken;
    }

    private void CompareGrants(List<Grant> grants)
    {
        foreach (var grant in grants)
        {
            var sum = _grants.GetValueOrDefault(grant.Number) ?? new GrantSum();
            Law(sum.Amount == grant.Amount && sum.Used == grant.Used && sum.Expired == grant.Expired,
                $"grant {grant.Number} is {grant.Amount} with {grant.Used} used and {grant.Expired} expired, its entries say {sum.Amount}, {sum.Used} and {sum.Expired}");
            Law(grant.Used >= Money.Zero && grant.Held >= Money.Zero && grant.Expired >= Money.Zero && grant.Free >= Money.Zero,
                $"grant {grant.Number} of {grant.Amount} has {grant.Used} used, {grant.Held} held and {grant.Expired} expired");
        }
        var listed = grants.Select(g => g.Number).ToHashSet();
        foreach (var (number, sum) in _grants.Where(g => !listed.Contains(g.Key)))
        {
            Law(sum.Left.IsZero, $"grant {number} is over, yet {sum.Left} of it is neither used nor expired");
        }
    }

    private void ComparePeriod(AccountPeriod period)
    {
        var sum = _periods.GetValueOrDefault(period.Index) ?? new PeriodSum();
        Law(period.ExtraUsed == sum.Extra, $"period {period.Index} has {period.ExtraUsed} of extra, its entries say {sum.Extra}");
        Law(period.Uncollected == sum.Uncollected, $"period {period.Index} has {period.Uncollected} uncollected, its entries say {sum.Uncollected}");
        foreach (var promotion in period.ExtraByPromotion.Select(e => e.Promotion ?? "").Union(sum.ByPromotion.Keys))
        {
            var stated = Money.Sum(period.ExtraByPromotion.Where(e => (e.Promotion ?? "") == promotion), e => e.Amount);
            var folded = sum.ByPromotion.GetValueOrDefault(promotion);
            Law(stated == folded, $"period {period.Index} has {stated} of extra under '{promotion}', its entries say {folded}");
        }
        Law(period.Owed >= Money.Zero && period.Owed <= period.ExtraUsed, $"period {period.Index} has {period.ExtraUsed} of extra and owes {period.Owed}");
        Law(period.ExtraHeld == Money.Sum(period.ModelFlows, f => f.Held), $"period {period.Index} holds {period.ExtraHeld} of extra, its models hold something else");
    }

    private void CompareHolds(Account state, List<Authorization>? open)
    {
        Law(state.OpenHolds == state.Periods.Sum(p => p.OpenHolds), "the account's open holds are not those of its periods");
        Law(state.OpenHolds > 0 || (Money.Sum(state.Grants, g => g.Held) + Money.Sum(state.Periods, p => p.ExtraHeld) + state.DayHeld).IsZero, "no hold is open, yet something is held");
        if (open is null)
        {
            return;
        }
        Law(state.OpenHolds == open.Count, $"the account has {state.OpenHolds} open holds, {open.Count} authorizations are open");
        foreach (var grant in state.Grants)
        {
            var held = Money.Sum(open.SelectMany(a => a.Credit).Where(c => c.Grant == grant.Number), c => c.Amount);
            Law(grant.Held == held, $"grant {grant.Number} has {grant.Held} held, its open authorizations hold {held}");
        }
        foreach (var period in state.Periods)
        {
            var held = Money.Sum(open.Where(a => a.Period == period.Index), a => a.Extra);
            Law(period.ExtraHeld == held, $"period {period.Index} has {period.ExtraHeld} of extra held, its open authorizations hold {held}");
        }
    }

    private void UseCredit(Entry entry)
    {
        GrantOf(entry).Used += entry.Amount;
        _credit -= entry.Amount;
    }

    private void Note(Entry entry, Money credit = default, Money extra = default, Money uncollected = default)
    {
        Law(entry.Charge is not null, $"entry {entry.Seq} is a part of no charge");
        Match(entry.Charge ?? 0, new Parts(credit, extra, uncollected));
    }

    private void Match(long charge, Parts parts)
    {
        var both = _unmatched.GetValueOrDefault(charge).Plus(parts);
        if (both == default)
        {
            _unmatched.Remove(charge);
            return;
        }
        _unmatched[charge] = both;
    }

    private GrantSum GrantOf(Entry entry)
    {
        var number = entry.Grant ?? 0;
        Law(_grants.ContainsKey(number), $"entry {entry.Seq} moves grant {number}, which was not granted before");
        return _grants.TryGetValue(number, out var sum) ? sum : _grants[number] = new GrantSum();
    }

    private PeriodSum PeriodOf(int index) => _periods.TryGetValue(index, out var sum) ? sum : _periods[index] = new PeriodSum();

    private void Law(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Words broken)
    {
        if (!holds && _broken.Count < MostBroken)
        {
            _broken.Add($"{account}: {broken.Text.ToStringAndClear()}.");
        }
    }

    private void Law(bool holds, string broken) => Law(holds, $"{broken}");

    private sealed class GrantSum
    {
        public Money Amount { get; set; }

        public Money Used { get; set; }

        public Money Expired { get; set; }

        public Money Left => Amount - Used - Expired;
    }

    private sealed class PeriodSum
    {
        public Money Extra { get; private set; }

        public Money Uncollected { get; set; }

        /// <summary>By the promotion's name; under "" what stands under none.</summary>
        public Dictionary<string, Money> ByPromotion { get; } = [];

        public void Move(string? promotion, Money amount)
        {
            ByPromotion[promotion ?? ""] = ByPromotion.GetValueOrDefault(promotion ?? "") + amount;
            Extra += amount;
        }
    }

    /// <summary>What the entries of a charge say less what the charge says: nothing, once both were fed.</summary>
    private readonly record struct Parts(Money Credit, Money Extra, Money Uncollected)
    {
        public Parts Plus(Parts other) => new(Credit + other.Credit, Extra + other.Extra, Uncollected + other.Uncollected);
    }

    /// <summary>The words of a broken law; put together only if it is broken, because millions of entries keep it.</summary>
    [InterpolatedStringHandler]
    private ref struct Words
    {
        public DefaultInterpolatedStringHandler Text;

        public Words(int literalLength, int formattedCount, bool holds, out bool isBroken)
        {
            isBroken = !holds;
            Text = isBroken ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => Text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => Text.AppendFormatted(value);
    }
}
