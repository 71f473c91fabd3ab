using System.Runtime.CompilerServices;

namespace Ledger;

/// <summary>What the entries come to, compared with what is stored.</summary>
public sealed partial class Fold
{
    /// <summary>The laws that do not hold, in words; empty if all hold.</summary>
    /// <param name="state">The account as it is after the entries that were fed, with its live grants and open periods.</param>
    /// <param name="open">Its open authorizations, if what they hold shall be compared; <c>null</c> leaves that out.</param>
    /// <param name="over">Grants that are over and periods that are final, if they shall be compared too.</param>
    /// <param name="final">See <paramref name="over"/>.</param>
    public IReadOnlyList<string> Broken(Account state, IEnumerable<Authorization>? open = null, IEnumerable<Grant>? over = null, IEnumerable<AccountPeriod>? final = null) =>
        [.. BrokenLaws(state, open, over, final).Select(broken => broken.Says)];

    /// <summary>The same, each with the law that it breaks.</summary>
    /// <inheritdoc cref="Broken" path="/param"/>
    public IReadOnlyList<BrokenLaw> BrokenLaws(Account state, IEnumerable<Authorization>? open = null, IEnumerable<Grant>? over = null, IEnumerable<AccountPeriod>? final = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var ofEntries = _broken.Count;
        _law = LedgerLaw.State;
        Law(state.Key == account, $"the state is of account {state.Key}, not {account}");
        Law(state.LastSeq == _seq, $"the account's last entry is {state.LastSeq}, {_seq} entries were found");
        Law(state.LastCharge == _charges, $"the account's last charge is {state.LastCharge}, {_charges} charges were found");
        Law(state.LastGrant == _grants.Count, $"the account's last grant is {state.LastGrant}, its entries grant {_grants.Count} times");
        Law(state.CreditLeft == _credit, $"the account has {state.CreditLeft} of credit left, its entries say {_credit}");
        _law = LedgerLaw.Charges;
        foreach (var (number, parts) in _unmatched)
        {
            Law(false, $"charge {number} and its entries differ by {parts.Credit} of credit, {parts.Extra} of extra and {parts.Uncollected} uncollected");
        }
        CompareGrants([.. state.Grants, .. over ?? []]);
        foreach (var period in state.Periods.Concat(final ?? []))
        {
            ComparePeriod(period);
        }
        CompareReversals();
        if (final is not null)
        {
            CompareRefunds([.. state.Periods.Concat(final).DistinctBy(p => p.Index)]);
        }
        CompareHolds(state, open?.ToList());
        _law = LedgerLaw.CreditFirst;
        Law(state.OpenHolds > 0 || state.CreditLeft.IsZero || state.Current.ExtraUsed.IsZero,
            $"no hold is open, {state.Current.ExtraUsed} of extra is used, and yet {state.CreditLeft} of credit is left");
        BrokenLaw[] broken = [.. _broken];
        _broken.RemoveRange(ofEntries, _broken.Count - ofEntries);
        return broken;
    }

    private void CompareGrants(List<Grant> grants)
    {
        _law = LedgerLaw.Grants;
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
        _law = LedgerLaw.Periods;
        var sum = _periods.GetValueOrDefault(period.Index) ?? new PeriodSum();
        Law(period.ExtraUsed == sum.Extra, $"period {period.Index} has {period.ExtraUsed} of extra, its entries say {sum.Extra}");
        Law(period.Uncollected == sum.Uncollected, $"period {period.Index} has {period.Uncollected} uncollected, its entries say {sum.Uncollected}");
        var credit = new CreditFigures(period.CreditGranted, period.CreditUsed, period.CreditExpired);
        Law(credit == sum.Credit, $"period {period.Index} has {Told(credit)}, its entries say {Told(sum.Credit)}");
        foreach (var grant in period.MovedToCredit.Select(m => m.Grant).Union(sum.TakenOver.Keys))
        {
            var stated = Money.Sum(period.MovedToCredit.Where(m => m.Grant == grant), m => m.Amount);
            Law(stated == sum.TakenOver.GetValueOrDefault(grant), $"grant {grant} took over {stated} of the extra of period {period.Index}, its entries say {sum.TakenOver.GetValueOrDefault(grant)}");
        }
        Law(period.Fee == Money.Sum(period.FeeLines, f => f.Amount), $"the fee of period {period.Index} is {period.Fee}, its lines say something else");
        foreach (var promotion in period.ExtraByPromotion.Select(e => e.Promotion ?? "").Union(sum.ByPromotion.Keys))
        {
            var stated = Money.Sum(period.ExtraByPromotion.Where(e => (e.Promotion ?? "") == promotion), e => e.Amount);
            var folded = sum.ByPromotion.GetValueOrDefault(promotion);
            Law(stated == folded, $"period {period.Index} has {stated} of extra under '{promotion}', its entries say {folded}");
        }
        Law(period.Owed >= Money.Zero && period.Owed <= period.ExtraUsed, $"period {period.Index} has {period.ExtraUsed} of extra and owes {period.Owed}");
        Law(period.ExtraHeld == Money.Sum(period.ModelFlows, f => f.Held), $"period {period.Index} holds {period.ExtraHeld} of extra, its models hold something else");
    }

    /// <summary>Whoever is reversed is reversed whole.</summary>
    private void CompareReversals()
    {
        _law = LedgerLaw.Corrections;
        foreach (var charge in _reversed)
        {
            foreach (var part in PartsOf(charge))
            {
                Law(part.Reversed == part.Amount, $"charge {charge} is reversed, and yet {part.Reversed} of the {part.Amount} of entry {part.Seq} came back");
            }
        }
        foreach (var charge in reversed?.Where(c => !_reversed.Contains(c)) ?? [])
        {
            Law(false, $"charge {charge} is reversed, and no entry says so");
        }
    }

    /// <summary>What reversals of a final period's charges refund is what they changed in what it owed, and nothing of it comes back twice.</summary>
    private void CompareRefunds(List<AccountPeriod> periods)
    {
        _law = LedgerLaw.Corrections;
        foreach (var period in periods)
        {
            var sum = _periods.GetValueOrDefault(period.Index) ?? new PeriodSum();
            var late = periods.SelectMany(p => p.LateCorrections).Where(c => c.Period == period.Index).ToList();
            var without = Money.Sum(period.ExtraByPromotion, e => (e with { Amount = (e.Amount - sum.Refunded.GetValueOrDefault(e.Promotion ?? "")).OrZero }).Owed);
            var refund = Money.Sum(late, c => c.Refund);
            Law(refund == period.Owed - without, $"{refund} of what period {period.Index} owed is refunded, its entries say {period.Owed - without}");
            foreach (var (promotion, amount) in sum.Refunded)
            {
                var stated = Money.Sum(late.SelectMany(c => c.Extra).Where(e => (e.Promotion ?? "") == promotion), e => e.Amount);
                Law(stated == amount && amount <= sum.ByPromotion.GetValueOrDefault(promotion), $"{stated} of the extra of period {period.Index} under '{promotion}' is refunded, its entries say {amount}");
            }
            foreach (var (grant, amount) in sum.CameBack)
            {
                var stated = Money.Sum(late.SelectMany(c => c.Credit).Where(m => m.Grant == grant), m => m.Amount);
                Law(stated == amount && amount <= sum.TakenOver.GetValueOrDefault(grant), $"{stated} of what grant {grant} took over of period {period.Index} came back, its entries say {amount}");
            }
        }
    }

    private static string Told(CreditFigures credit) => $"{credit.Granted} of credit granted, {credit.Used} used and {credit.Expired} expired";

    private void CompareHolds(Account state, List<Authorization>? open)
    {
        _law = LedgerLaw.Holds;
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

    private void Law(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Words broken)
    {
        if (!holds && _broken.Count < MostBroken)
        {
            _broken.Add(new BrokenLaw(_law, $"{account}: {broken.Text.ToStringAndClear()}."));
        }
    }

    private void Law(bool holds, string broken) => Law(holds, $"{broken}");

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
