using System.Collections.Frozen;
using Portal.Demo;

namespace Portal.SignIn.Passwords;

/// <summary>
/// How much there is to guess in a password. Whoever guesses tries what people choose: common passwords, also several or with some signs
/// around; the person's own name; rows of keys, repetitions, years. Each of these is one piece to guess, and so is any other character.
/// What has few pieces is guessed soon, however long it is.
/// </summary>
public static class Guessing
{
    /// <summary>With fewer pieces a password is too easy.</summary>
    private const int Enough = 5;

    private const int ShortestWord = 4;
    private const int ShortestRow = 3;

    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <summary>What lies side by side: on keyboards, in the alphabet, among digits. Read in both directions.</summary>
    private static readonly string[] Rows = [.. BothWays(
        "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
        "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!@#$%^&*()")];

    /// <summary>Whether this password is guessed soon, by someone who knows these words of the person's own.</summary>
    public static bool IsEasy(string password, IEnumerable<string> ownWords)
    {
        ArgumentNullException.ThrowIfNull(password);
        var plain = password.ToLowerInvariant();
        HashSet<string> own = [.. ownWords.Select(word => word.ToLowerInvariant()).Where(word => word.Length >= ShortestWord)];
        return Common.Value.Contains(plain) || Pieces(Repeated(plain), own) < Enough;
    }

    /// <summary>What is repeated, if the text is one part several times; else the text.</summary>
    private static string Repeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && Enumerable.Range(0, text.Length - length).All(at => text[at] == text[at + length]))
            {
                return text[..length];
            }
        }

        return text;
    }

    /// <summary>The fewest pieces that make up the text.</summary>
    private static int Pieces(string text, HashSet<string> own)
    {
        var letters = Letters(text);
        var fewest = new int[text.Length + 1];
        for (var end = 1; end <= text.Length; end++)
        {
            fewest[end] = fewest[end - 1] + 1;
            for (var start = 0; start <= end - ShortestRow; start++)
            {
                if (fewest[start] + 1 < fewest[end] && IsPiece(text[start..end], letters[start..end], own))
                {
                    fewest[end] = fewest[start] + 1;
                }
            }
        }

        return fewest[^1];
    }

    private static bool IsPiece(string part, string letters, HashSet<string> own) =>
        own.Contains(part)
        || part.Distinct().Count() == 1
        || Array.Exists(Rows, row => row.Contains(part, StringComparison.Ordinal))
        || (part.Length == 4 && part[..2] is "19" or "20" && char.IsAsciiDigit(part[^1]) && char.IsAsciiDigit(part[^2]))
        || (part.Length >= ShortestWord && (IsCommonWord(part) || IsCommonWord(letters)));

    /// <summary>Digits alone are no word: random ones hold short ones of the list by chance.</summary>
    private static bool IsCommonWord(string part) => part.Any(char.IsAsciiLetter) && Common.Value.Contains(part);

    /// <summary>"p@ssw0rd" read as its owner reads it.</summary>
    private static string Letters(string text) => string.Create(text.Length, text, static (letters, original) =>
    {
        for (var at = 0; at < letters.Length; at++)
        {
            letters[at] = original[at] switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', '!' => 'i', var same => same };
        }
    });

    private static IEnumerable<string> BothWays(params string[] rows) => rows.Concat(rows.Select(row => new string([.. row.Reverse()])));

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(Guessing).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# ", StringComparison.Ordinal) && line != "#")
            .Append(DemoAccounts.Password).ToFrozenSet(StringComparer.Ordinal);
    }
}
