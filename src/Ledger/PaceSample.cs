namespace Ledger;

/// <summary>What the last weeks say about a day: how much is spent, and by how much days differ. See docs/rules.md, "Pace".</summary>
internal static class PaceSample
{
    /// <summary>A band of so many mean deviations to each side holds the mean of days to come about eight times in ten, if days differ by chance.</summary>
    private const int BandNumerator = 8;
    private const int BandDenominator = 5;

    /// <summary>A day, the part of it that is known, and its weight.</summary>
    internal readonly record struct Day(Money Spend, TimeSpan Known, int Weight);

    /// <summary>The days that say something: on which something was spent, or could have been.</summary>
    internal static List<Day> DaysOf(PaceSupply supply, PaceHistory history)
    {
        var days = new List<Day>(Pace.Window);
        var today = Period.DayOf(supply.Now);
        var credit = history.CreditBefore;
        var next = 0;
        for (var day = today.AddDays(1 - Pace.Window); day <= today; day = day.AddDays(1))
        {
            PaceDay? told = null;
            while (next < history.Days.Count && history.Days[next].Day <= day)
            {
                told = history.Days[next++];
                credit = told.Day < day ? told.LastCredit : credit;
            }
            told = told?.Day == day ? told : null;
            var (start, end) = (Period.StartOf(day), Period.StartOf(day.AddDays(1)));
            var known = Earlier(end, supply.Now) - Later(start, history.Since);
            var could = credit.IsPositive || told is { MostCredit.IsPositive: true } || told is { Spend.IsPositive: true } || supply.ExtraSince < end;
            if (could && known > TimeSpan.Zero)
            {
                days.Add(new Day(told?.Spend ?? Money.Zero, known, Pace.Window - (today.DayNumber - day.DayNumber)));
            }
            credit = told?.LastCredit ?? credit;
        }
        return days;
    }

    /// <summary>What is spent a day, and how far the mean of the days to come may be from it.</summary>
    internal static (Money PerDay, Money Spread) Burn(List<Day> days, TimeSpan horizon)
    {
        Int128 spend = 0, time = 0;
        foreach (var day in days)
        {
            spend += (Int128)day.Weight * day.Spend.Nanos;
            time += (Int128)day.Weight * day.Known.Ticks;
        }
        var perDay = new Money(Rounding.HalfToEven(spend * TimeSpan.TicksPerDay, time));
        return (perDay, Spread([.. days.Where(d => d.Known.Ticks == TimeSpan.TicksPerDay)], perDay, horizon));
    }

    /// <summary>The mean deviation of whole days from the mean, times the root of 1/(days known) + 1/(days to come).</summary>
    private static Money Spread(List<Day> days, Money perDay, TimeSpan horizon)
    {
        if (days.Count == 0)
        {
            return Money.Zero;
        }
        UInt128 deviation = 0, weights = 0;
        foreach (var day in days)
        {
            deviation += (UInt128)((Int128)day.Weight * Int128.Abs((Int128)day.Spend.Nanos - perDay.Nanos));
            weights += (UInt128)day.Weight;
        }
        var band = UInt128.Min(deviation * BandNumerator / (weights * BandDenominator), long.MaxValue);
        var (known, come) = ((UInt128)days.Count, (UInt128)Math.Max((horizon.Ticks + TimeSpan.TicksPerDay - 1) / TimeSpan.TicksPerDay, 1));
        return new Money((long)UInt128.Min(Rounding.RootDown(band * band / (known * come) * (known + come)), long.MaxValue));
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
