using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Api;

/// <summary>
/// Whole numbers, in whatever way JSON writes them: 1000, 1000.0 and 1e3 are one number. What is not whole is refused, never rounded.
/// </summary>
internal sealed class WholeNumberJson : JsonConverter<long>
{
    /// <summary>More digits than any count has; ten to this power still fits.</summary>
    private const int MostDigits = 18;

    private const int LargestExponent = 1_000_000;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.Number ? throw new JsonException()
        : reader.TryGetInt64(out var plain) ? plain
        : TryParse(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, out var whole) ? whole
        : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    /// <summary>A number of JSON's grammar, taken apart into its digits without zeros at either end, and a power of ten.</summary>
    private static bool TryParse(ReadOnlySpan<byte> number, out long whole)
    {
        whole = 0;
        var (digits, count, zeros, power) = (0L, 0, 0, 0);
        var (isFraction, at) = (false, number[0] == '-' ? 1 : 0);
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (number[at] == '.')
            {
                isFraction = true;
                continue;
            }
            power -= isFraction ? 1 : 0;
            if (number[at] == '0')
            {
                zeros += count > 0 ? 1 : 0;
                continue;
            }
            for (zeros++; zeros > 0; zeros--)
            {
                if (++count > MostDigits)
                {
                    return false;
                }
                digits *= 10;
            }
            digits += number[at] - '0';
        }
        power += zeros + Exponent(number, at);
        if (count == 0)
        {
            return true;
        }
        if (power < 0 || count + power > MostDigits)
        {
            return false;
        }
        for (; power > 0; power--)
        {
            digits *= 10;
        }
        whole = number[0] == '-' ? -digits : digits;
        return true;
    }

    private static int Exponent(ReadOnlySpan<byte> number, int at)
    {
        var exponent = 0;
        foreach (var digit in number[Math.Min(at + 1, number.Length)..])
        {
            exponent = digit is (byte)'+' or (byte)'-' ? exponent : Math.Min(exponent * 10 + (digit - '0'), LargestExponent);
        }
        return at + 1 < number.Length && number[at + 1] == '-' ? -exponent : exponent;
    }
}
