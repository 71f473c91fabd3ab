using CsCheck;

namespace Ledger.Tests.Laws;

/// <summary>The laws of pace: faster loses less and runs out sooner, the two ends enclose the likely, and the amount that finishes the credit does so exactly.</summary>
public class Pace_is_exact
{
    private static readonly DateTimeOffset Now = TestTerms.At("2026-11-14 07:31:12.345678");
    private static readonly Gen<Money> Amount = Gen.OneOf(Gen.Long[0, 100], Gen.Long[0, 30_000_000_000], Gen.Long[0, 3_000_000_000_000]).Select(n => new Money(n));
    private static readonly Gen<TimeSpan> Span = Gen.Long[1, 31L * 86_400_000_000].Select(us => TimeSpan.FromMicroseconds(us));

    private static readonly Gen<PaceSupply> Supply = Gen.Select(Span, Gen.Select(Amount, Span).Array[0, 4], Amount, Amount, Gen.Bool).Select((end, portions, extra, cap, on) =>
        new PaceSupply(Now, Now + end, [.. portions.Select(p => new CreditPortion(p.Item1 + Money.Smallest, Now + p.Item2)).OrderBy(p => p.Until)], extra, on ? cap : null, on ? Now.AddDays(-9) : null));

    private static readonly Gen<PaceHistory> History = Gen.Select(Amount, Amount, Gen.Int[0, 40]).Array[0, 30].Select(days => new PaceHistory(
        Now.AddDays(-days.Length - 1), Money.Smallest,
        [.. days.DistinctBy(d => d.Item3).Select(d => new PaceDay(Period.DayOf(Now).AddDays(-d.Item3), d.Item1, d.Item2, d.Item2)).OrderBy(d => d.Day)]));

    [Fact]
    public void Faster_loses_less_runs_out_sooner_and_takes_more_extra() => Gen.Select(Supply, Amount, Amount).Sample((supply, a, b) =>
    {
        var (slow, fast) = (Pace.Outlook(supply, Money.Min(a, b)), Pace.Outlook(supply, Money.Max(a, b)));
        Assert.True(fast.Lost <= slow.Lost && (slow.Extra ?? Money.Zero) <= (fast.Extra ?? Money.Zero));
        // Amounts are whole nano-dollars, so an instant is true to the time in which one of them is spent.
        var nano = TimeSpan.FromTicks(TimeSpan.TicksPerDay / Math.Max(slow.PerDay.Nanos, 1) + TimeSpan.TicksPerMicrosecond);
        Assert.True(slow.CapReachedAt is null || fast.CapReachedAt <= slow.CapReachedAt + nano);
        Assert.True(slow.RunsOutAt is null || fast.RunsOutAt <= slow.RunsOutAt + nano);
    }, iter: Law.Times(2_000, 200_000));

    [Fact]
    public void What_is_spent_is_credit_that_is_neither_left_nor_lost_and_extra() => Gen.Select(Supply, Amount).Sample((supply, perDay) =>
    {
        var open = supply with { Cap = new Money(long.MaxValue) };
        var outlook = Pace.Outlook(open, perDay);
        var spent = (Int128)perDay.Nanos * (supply.End - supply.Now).Ticks / TimeSpan.TicksPerDay;
        var credit = Money.Sum(supply.Credit, p => p.Left) - outlook.Lost;
        var outlives = supply.Credit.Any(p => p.Until > supply.End);
        Assert.Equal(Int128.Max(spent - credit.Nanos, 0), (outlook.Extra!.Value - supply.Extra).Nanos);
        Assert.True(outlives || credit.Nanos <= spent);
    }, iter: Law.Times(2_000, 200_000));

    [Fact]
    public void The_amount_that_finishes_the_credit_loses_nothing_and_a_cent_less_a_day_does() => Supply.Sample(supply =>
    {
        if (Pace.Of(supply, new PaceHistory(Now, Money.Zero, [])).FinishPerDay is { } finish)
        {
            Assert.True(Pace.Outlook(supply, finish).Lost.IsZero);
            var less = (finish - Money.Parse("0.01")).OrZero;
            Assert.True(Pace.Outlook(supply, less).Lost.IsPositive || supply.Credit[0].Until - Now < TimeSpan.FromMinutes(1));
        }
        else
        {
            Assert.DoesNotContain(supply.Credit, p => p.Until <= supply.End);
        }
    }, iter: Law.Times(2_000, 200_000));

    [Fact]
    public void The_range_encloses_the_likely_pace_which_is_between_the_least_and_the_most_of_a_day() => Gen.Select(Supply, History).Sample((supply, history) =>
    {
        var pace = Pace.Of(supply, history);
        Assert.InRange(pace.DaysOfData, 0, Pace.Window);
        Assert.Equal(pace.DaysOfData >= Pace.FewestDays, pace.Likely is not null);
        if (pace is { Slow: { } slow, Likely: { } likely, Fast: { } fast })
        {
            Assert.True(slow.PerDay <= likely.PerDay && likely.PerDay <= fast.PerDay);
            Assert.True(fast.Lost <= likely.Lost && likely.Lost <= slow.Lost);
        }
    }, iter: Law.Times(2_000, 200_000));

    [Fact]
    public void Roots_are_rounded_down() => Gen.OneOf(Gen.ULong[0, 1_000], Gen.ULong[0, ulong.MaxValue]).Sample(n =>
    {
        var square = (UInt128)n * n;
        Assert.Equal((UInt128)n, Rounding.RootDown(square));
        Assert.Equal((UInt128)n, Rounding.RootDown(square + n));
        Assert.Equal(n == 0 ? 0 : (UInt128)n - 1, Rounding.RootDown(n == 0 ? 0 : square - 1));
    }, iter: Law.Times(2_000, 200_000));
}
