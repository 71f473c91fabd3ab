namespace Ledger;

/// <summary>
/// Recomputes what an account came to from its entries alone, and compares. The laws: entries count without a gap, each states rightly what is
/// left after it, and none takes more than there is; granted = used + expired + left; list = credit + extra + uncollected for every charge, and
/// its entries say the same; a reversal takes back each part of its charge once and whole; the account's state is the fold of its entries; what is held
/// is what open authorizations hold; and with no hold open, extra means that no credit is left.
/// </summary>
/// <param name="account">The account's key.</param>
/// <param name="reversed">The charges that were reversed, if they are known: then only their entries are kept in memory. Otherwise those of all charges are.</param>
/// <remarks>
/// Feed an account's entries by seq and its charges by number, from the first, or from the first after an <see cref="Opening"/>; the two may
/// alternate in any way, and what is kept in memory is only what one is ahead of the other. Then ask <see cref="Broken"/>. Source: docs/rules.md, "Money" and "Who pays".
/// </remarks>
public sealed partial class Fold(string account, IReadOnlySet<long>? reversed = null)
{
    private const int MostBroken = 100;

    private readonly List<BrokenLaw> _broken = [];
    private readonly Dictionary<int, GrantSum> _grants = [];
    private readonly Dictionary<int, PeriodSum> _periods = [];
    private readonly Dictionary<long, Parts> _unmatched = [];
    private readonly Dictionary<long, List<Part>> _parts = [];
    private readonly HashSet<long> _reversed = [];
    private long _seq;
    private long _charges;
    private DateTimeOffset _at = DateTimeOffset.MinValue;
    private Money _credit;
    private LedgerLaw _law;

    /// <summary>How many entries were fed.</summary>
    public long Entries => _seq;

    /// <summary>How many charges were fed.</summary>
    public long Charges => _charges;

    /// <summary>Feeds the next entry.</summary>
    public void Add(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _law = LedgerLaw.Entries;
        Law(entry.Account == account, $"entry {entry.Seq} is of account {entry.Account}, not {account}");
        Law(entry.Seq == _seq + 1, $"entry {entry.Seq} follows entry {_seq}: a gap or a repeat");
        Law(entry.At >= _at, $"entry {entry.Seq} is older than the one before it");
        Law(entry.Amount >= Money.Zero, $"entry {entry.Seq} has a negative amount");
        (_seq, _at) = (entry.Seq, entry.At);
        var period = PeriodOf(entry.Period);
        switch (entry.Kind, entry.Pool)
        {
            case (EntryKind.Grant, EntryPool.Credit):
                Law(entry.Grant is { } number && _grants.TryAdd(number, new GrantSum()), $"entry {entry.Seq} grants what was granted before");
                GrantMore(entry, period);
                break;
            case (EntryKind.Adjustment, EntryPool.Credit):
                GrantMore(entry, period);
                break;
            case (EntryKind.Charge, EntryPool.Credit):
                UseCredit(entry, period);
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
                UseCredit(entry, period);
                period.Move(entry.Promotion, Money.Zero - entry.Amount);
                period.TakeOver(entry.Grant ?? 0, entry.Amount);
                break;
            case (EntryKind.Expiry, EntryPool.Credit):
                GrantOf(entry).Expired += entry.Amount;
                _credit -= entry.Amount;
                period.Count(entry, entry.Charge is { } corrected && PartsOf(corrected) is [var first, ..] && first.Period != entry.Period);
                break;
            case (EntryKind.Reversal, _):
                Reverse(entry, period);
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
        _law = LedgerLaw.Charges;
        Law(charge.Account == account, $"charge {charge.Number} is of account {charge.Account}, not {account}");
        Law(charge.Number == _charges + 1, $"charge {charge.Number} follows charge {_charges}: a gap or a repeat");
        Law(charge.List >= Money.Zero && charge.Credit >= Money.Zero && charge.Extra >= Money.Zero && charge.Uncollected >= Money.Zero, $"charge {charge.Number} has a negative part");
        var parts = charge.Credit + charge.Extra + charge.Uncollected;
        Law(charge.IsIncluded ? parts.IsZero : parts == charge.List, $"charge {charge.Number}: list is {charge.List}, its parts are {parts}");
        _charges = charge.Number;
        Match(charge.Number, new Parts(Money.Zero - charge.Credit, Money.Zero - charge.Extra, Money.Zero - charge.Uncollected));
    }

    private void GrantMore(Entry entry, PeriodSum period)
    {
        GrantOf(entry).Amount += entry.Amount;
        _credit += entry.Amount;
        period.Count(entry);
    }

    private void UseCredit(Entry entry, PeriodSum period)
    {
        GrantOf(entry).Used += entry.Amount;
        _credit -= entry.Amount;
        period.Count(entry);
    }

    /// <summary>Takes a part of a charge back. A reversal that stands in another period than its charge was too late to change that: it moves credit only.</summary>
    private void Reverse(Entry entry, PeriodSum period)
    {
        var part = PartsOf(entry.Charge ?? 0).Find(p => p.Seq == entry.Reverses);
        if (part is null)
        {
            Law(false, $"entry {entry.Seq} reverses entry {entry.Reverses}, which is no part of charge {entry.Charge}");
            return;
        }
        _reversed.Add(entry.Charge ?? 0);
        part.Reversed += entry.Amount;
        var isLate = part.Period != entry.Period;
        switch (part.Pool, entry.Pool)
        {
            case (EntryPool.Credit, EntryPool.Credit) or (EntryPool.Extra, EntryPool.Credit):
                GrantOf(entry).Used -= entry.Amount;
                _credit += entry.Amount;
                period.Count(entry, isLate);
                Law(part.Pool == EntryPool.Extra || part.Grant == entry.Grant, $"entry {entry.Seq} gives grant {entry.Grant} what entry {part.Seq} took from grant {part.Grant}");
                if (part.Pool == EntryPool.Extra)
                {
                    PeriodOf(part.Period).ComeBack(entry.Grant ?? 0, entry.Amount, isLate);
                }
                break;
            case (EntryPool.Extra, EntryPool.Extra) when !isLate:
                period.Move(entry.Promotion, Money.Zero - entry.Amount);
                break;
            case (EntryPool.Extra, EntryPool.None) when isLate:
                PeriodOf(part.Period).Refund(entry.Promotion, entry.Amount);
                break;
            case (EntryPool.None, EntryPool.None):
                period.Uncollected -= isLate ? Money.Zero : entry.Amount;
                break;
            default:
                Law(false, $"entry {entry.Seq} reverses {part.Pool} of period {part.Period} by {entry.Pool} of period {entry.Period}");
                break;
        }
        Law(entry.Grant is null || GrantOf(entry).Used >= Money.Zero, $"entry {entry.Seq} gives grant {entry.Grant} more than was used");
    }

    private List<Part> PartsOf(long charge) => _parts.GetValueOrDefault(charge) ?? [];

    private void Note(Entry entry, Money credit = default, Money extra = default, Money uncollected = default)
    {
        Law(entry.Charge is not null, $"entry {entry.Seq} is a part of no charge");
        if (entry.Charge is { } charge && reversed?.Contains(charge) is not false)
        {
            (_parts.TryGetValue(charge, out var parts) ? parts : _parts[charge] = []).Add(new Part(entry.Seq, entry.Period, entry.Pool, entry.Grant, entry.Amount));
        }
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

    private sealed class GrantSum
    {
        public Money Amount { get; set; }

        public Money Used { get; set; }

        public Money Expired { get; set; }

        public Money Left => Amount - Used - Expired;
    }

    private sealed class PeriodSum
    {
        public PeriodSum() => (ByPromotion, Refunded, TakenOver, CameBack) = ([], [], [], []);

        public PeriodSum(OpeningPeriod from)
        {
            (Extra, Credit, Uncollected) = (from.Extra, from.Credit, from.Uncollected);
            (ByPromotion, Refunded, TakenOver, CameBack) = (new(from.ByPromotion), new(from.Refunded), new(from.TakenOver), new(from.CameBack));
        }

        public Money Extra { get; private set; }

        public CreditFigures Credit { get; private set; }

        public Money Uncollected { get; set; }

        /// <summary>By the promotion's name; under "" what stands under none.</summary>
        public Dictionary<string, Money> ByPromotion { get; }

        /// <summary>Of <see cref="ByPromotion"/>, what was refunded once the period was final.</summary>
        public Dictionary<string, Money> Refunded { get; }

        /// <summary>What each grant took over of the extra, less what came back while the period was not final.</summary>
        public Dictionary<int, Money> TakenOver { get; }

        /// <summary>Of <see cref="TakenOver"/>, what came back once the period was final.</summary>
        public Dictionary<int, Money> CameBack { get; }

        public OpeningPeriod Opening(int index) => new(
            index, Extra, Credit, Uncollected, new Dictionary<string, Money>(ByPromotion), new Dictionary<string, Money>(Refunded), new Dictionary<int, Money>(TakenOver), new Dictionary<int, Money>(CameBack));

        public void Count(Entry entry, bool isLate = false) => Credit = Credit.With(entry.Kind, entry.Amount, isLate);

        public void TakeOver(int grant, Money amount) => TakenOver[grant] = TakenOver.GetValueOrDefault(grant) + amount;

        public void ComeBack(int grant, Money amount, bool isLate)
        {
            TakeOver(grant, isLate ? Money.Zero : Money.Zero - amount);
            CameBack[grant] = CameBack.GetValueOrDefault(grant) + (isLate ? amount : Money.Zero);
        }

        public void Refund(string? promotion, Money amount) => Refunded[promotion ?? ""] = Refunded.GetValueOrDefault(promotion ?? "") + amount;

        public void Move(string? promotion, Money amount)
        {
            ByPromotion[promotion ?? ""] = ByPromotion.GetValueOrDefault(promotion ?? "") + amount;
            Extra += amount;
        }
    }

    /// <summary>An entry that a charge was written with, and how much of it was taken back.</summary>
    private sealed record Part(long Seq, int Period, EntryPool Pool, int? Grant, Money Amount)
    {
        public Money Reversed { get; set; }
    }

    /// <summary>What the entries of a charge say less what the charge says: nothing, once both were fed.</summary>
    private readonly record struct Parts(Money Credit, Money Extra, Money Uncollected)
    {
        public Parts Plus(Parts other) => new(Credit + other.Credit, Extra + other.Extra, Uncollected + other.Uncollected);
    }
}
