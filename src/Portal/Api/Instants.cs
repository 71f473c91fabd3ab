using Ledger;

namespace Portal.Api;

/// <summary>Instants as the contract has them: RFC 3339. Any offset is read; anything else that .NET would take for a date is not.</summary>
internal static class Instants
{
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }
        var rest = text[19..];
        if (!Fraction(ref rest, out var fraction) || !Offset(rest, out var offset))
        {
            return false;
        }
        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }
        instant = Period.ToMicrosecond(new DateTimeOffset(ticks, TimeSpan.Zero));
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
        {
            return true;
        }
        var end = rest[1..].IndexOfAnyExceptInRange('0', '9') + 1;
        if (end < 2)
        {
            return false;
        }
        for (var i = 1; i <= 7; i++)
        {
            ticks = ticks * 10 + (i < end ? rest[i] - '0' : 0);
        }
        rest = rest[end..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest is "Z" or "z")
        {
            return true;
        }
        if (rest.Length != 6 || rest[0] is not ('+' or '-') || rest[3] != ':'
            || !Number(rest[1..3], out var hours) || !Number(rest[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }
        ticks = (hours * 60 + minutes) * TimeSpan.TicksPerMinute * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }
            number = number * 10 + (digit - '0');
        }
        return true;
    }
}
