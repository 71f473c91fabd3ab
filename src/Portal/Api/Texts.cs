using System.Buffers;

namespace Portal.Api;

/// <summary>What texts callers may send.</summary>
internal static class Texts
{
    public const int LongestId = 128;
    public const int LongestKey = 64;
    public const int LongestName = 256;
    public const string IdPattern = "^[A-Za-z0-9._:-]{1,128}$";
    public const string AccountPattern = "^[a-z0-9_-]{1,64}$";

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");
    private static readonly SearchValues<char> KeyLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>An id that a caller makes.</summary>
    public static bool IsId(string? text) => text is { Length: > 0 and <= LongestId } && !text.AsSpan().ContainsAnyExcept(IdLetters);

    /// <summary>The key of an account.</summary>
    public static bool IsAccountKey(string? text) => text is { Length: > 0 and <= LongestKey } && !text.AsSpan().ContainsAnyExcept(KeyLetters);

    /// <summary>A name such as a model's: no control characters (PostgreSQL cannot keep NUL), no halves of characters.</summary>
    public static bool IsName(string? text)
    {
        if (text is not { Length: > 0 and <= LongestName })
        {
            return false;
        }
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (char.IsControl(letter) || (char.IsSurrogate(letter) && !(i + 1 < text.Length && char.IsSurrogatePair(letter, text[++i]))))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The source of an event: a URI reference, so without blanks.</summary>
    public static bool IsSource(string? text) => IsName(text) && !text!.Contains(' ', StringComparison.Ordinal);
}
