using CsCheck;

namespace Ledger.Tests.Laws;

/// <summary>
/// A statement says what entries and changes of settings say, to the nano, whatever happened. It is put together here a second time, from them alone;
/// that a final one never changes, <see cref="World"/> sees after every saving.
/// </summary>
public class A_statement
{
    [Fact]
    public void Is_what_entries_and_changes_come_to()
    {
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario);
            foreach (var period in world.Periods)
            {
                var (stated, told) = (Figures.Of(Statement.Of(period)), Figures.From(world, period));
                Law.Require(stated == told, $"The statement of period {period.Index} is {stated}, entries and changes come to {told}.");
            }
        }, iter: Law.Times(200, 10_000), print: RandomCommands.Print);
    }

    private sealed record Figures(Money Fee, Money Granted, Money Used, Money Expired, Money Extra, Money Owed, Money Uncollected, Money Refunds, Money Due)
    {
        public static Figures Of(Statement s) => new(
            s.PlanFee, s.Credit.Granted, s.Credit.Used, s.Credit.Expired, s.ExtraUsed, s.ExtraOwed, s.Uncollected,
            Money.Zero - Money.Sum(s.Lines.Where(l => l.Kind == StatementLineKind.Refund), l => l.Amount), s.TotalDue);

        public static Figures From(World world, AccountPeriod period)
        {
            var own = world.Entries.Where(e => e.Period == period.Index).ToList();
            var late = own.Where(e => e.Kind is EntryKind.Reversal or EntryKind.Expiry && e.Charge is { } c && PeriodOf(world, c) != period.Index).ToList();
            var inTime = own.Except(late).ToList();
            Money Sum(EntryKind kind, EntryPool pool, List<Entry>? of = null) => Money.Sum((of ?? inTime).Where(e => e.Kind == kind && e.Pool == pool), e => e.Amount);
            var extra = Sum(EntryKind.Charge, EntryPool.Extra) - Sum(EntryKind.Reallocation, EntryPool.Credit) - Sum(EntryKind.Reversal, EntryPool.Extra);
            var owed = OwedFor(world, period.Index, upTo: long.MaxValue, refunds: false);
            var refunds = RefundsOf(world, late);
            var fee = FeeOf(world, period);
            return new Figures(
                fee,
                Sum(EntryKind.Grant, EntryPool.Credit) + Sum(EntryKind.Adjustment, EntryPool.Credit) + Sum(EntryKind.Reversal, EntryPool.Credit, late) - Sum(EntryKind.Expiry, EntryPool.Credit, late),
                Sum(EntryKind.Charge, EntryPool.Credit) + Sum(EntryKind.Reallocation, EntryPool.Credit) - Sum(EntryKind.Reversal, EntryPool.Credit),
                Sum(EntryKind.Expiry, EntryPool.Credit), extra, owed,
                Sum(EntryKind.Charge, EntryPool.None) - Sum(EntryKind.Reversal, EntryPool.None), refunds, fee + owed - refunds);
        }

        private static int PeriodOf(World world, long charge) => world.Charges.Single(c => c.Number == charge).Period;

        /// <summary>What a period owes for its extra; with what was refunded of it up to an entry taken off, if so asked.</summary>
        private static Money OwedFor(World world, int period, long upTo, bool refunds)
        {
            var owed = Money.Zero;
            foreach (var promotion in new[] { null, "ten", "third" })
            {
                var under = world.Entries.Where(e => e.Promotion == promotion && e.Seq <= upTo).ToList();
                var extra = Money.Sum(under.Where(e => e.Period == period), e => (e.Kind, e.Pool) switch
                {
                    (EntryKind.Charge, EntryPool.Extra) => e.Amount,
                    (EntryKind.Reallocation, _) or (EntryKind.Reversal, EntryPool.Extra) => Money.Zero - e.Amount,
                    _ => Money.Zero,
                });
                extra -= refunds ? Money.Sum(under.Where(e => IsRefundOf(world, e, period)), e => e.Amount) : Money.Zero;
                var millionths = world.Book.Promotion(promotion)?.PercentMillionths ?? 0;
                owed += extra - new Money(Rounding.Up((Int128)extra.Nanos * millionths, 1_000_000));
            }
            return owed;
        }

        private static bool IsRefundOf(World world, Entry entry, int period) =>
            entry is { Kind: EntryKind.Reversal, Pool: EntryPool.None } && world.Entries[(int)entry.Reverses!.Value - 1] is { Pool: EntryPool.Extra } part && part.Period == period && entry.Period != period;

        /// <summary>Each refund is what it changes in what the charge's period owed, in the order in which they came.</summary>
        private static Money RefundsOf(World world, List<Entry> late) => Money.Sum(late, e =>
        {
            var period = PeriodOf(world, e.Charge!.Value);
            return IsRefundOf(world, e, period) ? OwedFor(world, period, e.Seq - 1, refunds: true) - OwedFor(world, period, e.Seq, refunds: true) : Money.Zero;
        });

        /// <summary>The fee of the plan at the period's start, or nothing if it began closed, and the prorated difference of every upgrade and of the reopening in it.</summary>
        private static Money FeeOf(World world, AccountPeriod period)
        {
            // On the boundary what Portal changed comes first, and is how the period begins; what its owner or provider changes then, happens in it.
            var begun = world.Changes.Last(c => c.Kind == AccountChangeKind.Opened || c.At < period.Start || (c.At == period.Start && c.Actor == Actors.Portal));
            var isClosed = begun.After.Status == AccountStatus.Closed;
            var paid = isClosed ? Money.Zero : world.Book.PlanAt(begun.After.Plan, period.Start).MonthlyFee;
            var fee = paid;
            foreach (var change in world.Changes.Where(c => c.Number > begun.Number && c.At < period.End))
            {
                if (change.Kind == AccountChangeKind.Plan || (change.Kind == AccountChangeKind.Reopened && isClosed))
                {
                    var next = world.Book.PlanAt(change.After.Plan, change.At).MonthlyFee;
                    fee += new Money(Rounding.HalfToEven((Int128)(next - paid).Nanos * (period.End - change.At).Ticks, (period.End - period.Start).Ticks));
                    (paid, isClosed) = (next, false);
                }
            }
            return fee;
        }
    }
}
