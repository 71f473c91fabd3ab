namespace Ledger;

/// <summary>
/// The one place that rounds. A price line is rounded once, half to even. A prorated credit is rounded down, so that no more is granted than the plan
/// promises; a discount is rounded up, in the subscriber's favour.
/// </summary>
/// <remarks>Source of the rules: docs/rules.md, "Money".</remarks>
public static class Rounding
{
    /// <summary>The quotient rounded to the nearest whole number, ties to the even one. Both numbers are at least 0; the denominator is above 0.</summary>
    public static long HalfToEven(Int128 numerator, Int128 denominator)
    {
        var (quotient, rest) = Divide(numerator, denominator);
        var twice = rest * 2;
        var up = twice > denominator || (twice == denominator && Int128.IsOddInteger(quotient));
        return checked((long)(up ? quotient + 1 : quotient));
    }

    /// <summary>The quotient rounded towards zero.</summary>
    public static long Down(Int128 numerator, Int128 denominator) => checked((long)Divide(numerator, denominator).Quotient);

    /// <summary>The quotient rounded away from zero.</summary>
    public static long Up(Int128 numerator, Int128 denominator) => checked((long)WideUp(numerator, denominator));

    /// <summary>The same where the quotient may be larger than an amount can be.</summary>
    internal static Int128 WideUp(Int128 numerator, Int128 denominator)
    {
        var (quotient, rest) = Divide(numerator, denominator);
        return rest > 0 ? quotient + 1 : quotient;
    }

    /// <summary>The square root rounded down.</summary>
    public static UInt128 RootDown(UInt128 square)
    {
        if (square < 2)
        {
            return square;
        }
        // Newton's steps from above fall until the root is passed.
        var root = UInt128.One << ((int)UInt128.Log2(square) / 2 + 1);
        while ((root + square / root) / 2 is var next && next < root)
        {
            root = next;
        }
        return root;
    }

    private static (Int128 Quotient, Int128 Remainder) Divide(Int128 numerator, Int128 denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        return Int128.DivRem(numerator, denominator);
    }
}
