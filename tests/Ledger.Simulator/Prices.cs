using System.Numerics;

namespace Ledger.Simulator;

/// <summary>The arithmetic of money once more, in whole numbers without an end, from the words of the rules.</summary>
internal static class Prices
{
    /// <summary>Quantity x rate a million, times the modifiers, each line rounded once, half to even; fees take no modifiers.</summary>
    public static Money Of(RateCard card, string model, Usage use)
    {
        var prompt = use.InputTokens + use.CacheWrite5mTokens + use.CacheWrite1hTokens + use.CacheReadTokens;
        var tier = card.Models[model].Tiers.Last(t => t.AbovePromptTokens == 0 || prompt > t.AbovePromptTokens);
        (long Tokens, Money Rate)[] lines =
        [
            (use.InputTokens, tier.Input), (use.CacheWrite5mTokens, tier.CacheWrite5m), (use.CacheWrite1hTokens, tier.CacheWrite1h),
            (use.CacheReadTokens, tier.CacheRead), (use.OutputTokens, tier.Output),
        ];
        var (times, by) = (BigInteger.One, new BigInteger(1_000_000));
        if (use.Batch)
        {
            (times, by) = (times * card.Batch.Numerator, by * card.Batch.Denominator);
        }
        if (use.Region == Region.Us)
        {
            (times, by) = (times * card.RegionUs.Numerator, by * card.RegionUs.Denominator);
        }
        var sum = new BigInteger(use.WebSearches) * card.WebSearchFee.Nanos;
        foreach (var (tokens, rate) in lines)
        {
            sum += HalfToEven(tokens * rate.Nanos * times, by);
        }
        return new Money((long)sum);
    }

    public static BigInteger HalfToEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var twice = rest * 2;
        return twice > denominator || (twice == denominator && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    /// <summary>The part of an amount that falls to the time left of a period.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) Prorated(Money amount, AccountPeriod period, DateTimeOffset at) =>
        (new BigInteger(amount.Nanos) * (period.End - at).Ticks, (period.End - period.Start).Ticks);

    /// <summary>Extra less, per promotion, its percentage, rounded once in the subscriber's favour.</summary>
    public static Money Owed(AccountPeriod period)
    {
        BigInteger owed = 0;
        foreach (var extra in period.ExtraByPromotion)
        {
            owed += new BigInteger(extra.Amount.Nanos) * (1_000_000 - extra.PercentMillionths) / 1_000_000;
        }
        return new Money((long)owed);
    }

    /// <summary>The anchor's day and time in the month that is so many later, or the month's last day if it has no such day.</summary>
    public static DateTimeOffset Boundary(DateTimeOffset anchor, int months)
    {
        var month = anchor.Year * 12 + anchor.Month - 1 + months;
        var (year, of) = (month / 12, month % 12 + 1);
        return new DateTimeOffset(year, of, Math.Min(anchor.Day, DateTime.DaysInMonth(year, of)), 0, 0, 0, TimeSpan.Zero) + anchor.TimeOfDay;
    }
}
