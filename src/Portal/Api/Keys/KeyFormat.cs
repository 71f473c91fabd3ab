using System.Security.Cryptography;
using System.Text;

namespace Portal.Api.Keys;

/// <summary>
/// How secrets of keys look: "portal_gw_" (a gateway key) or "portal_pt_" (a personal token), 32 random letters and digits (190 bits),
/// "_", and six that check the rest. So scanners of leaked secrets know one when they see it, the kind is known before the database is
/// asked, and a mistyped one is told from an unknown one without asking at all.
/// </summary>
public static class KeyFormat
{
    public const string GatewayBeginning = "portal_gw_";
    public const string PersonalBeginning = "portal_pt_";
    public const int Longest = 256;

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Random = 32;
    private const int Check = 6;
    private const int Readable = 8;
    private const uint Polynomial = 0xEDB88320;

    public static string NewSecret(string beginning = GatewayBeginning)
    {
        var body = beginning + RandomNumberGenerator.GetString(Letters, Random);
        return $"{body}_{Checksum(body)}";
    }

    /// <summary>Whether the secret is a personal token's.</summary>
    public static bool IsPersonal(string secret) => secret.StartsWith(PersonalBeginning, StringComparison.Ordinal);

    /// <summary>Whether it looks like a key but for a wrong letter. Keys in another form (a configured one) are never mistyped.</summary>
    public static bool IsMistyped(string secret) => BeginningOf(secret) is { } beginning
        && !(secret.Length == beginning.Length + Random + 1 + Check && secret[^(Check + 1)] == '_' && secret.EndsWith(Checksum(secret[..^(Check + 1)]), StringComparison.Ordinal));

    /// <summary>What may be shown of a secret. Of one in another form not even the beginning: it may not be random.</summary>
    public static string PrefixOf(string secret, string hash) =>
        BeginningOf(secret) is { } beginning ? secret[..(beginning.Length + Readable)] : $"configured_{hash[..Readable]}";

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string? BeginningOf(string secret) =>
        secret.StartsWith(GatewayBeginning, StringComparison.Ordinal) ? GatewayBeginning : IsPersonal(secret) ? PersonalBeginning : null;

    /// <summary>CRC-32 in base 62.</summary>
    private static string Checksum(string text)
    {
        var crc = uint.MaxValue;
        foreach (var letter in Encoding.UTF8.GetBytes(text))
        {
            crc ^= letter;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            }
        }
        crc = ~crc;
        Span<char> digits = stackalloc char[Check];
        for (var i = Check - 1; i >= 0; i--)
        {
            digits[i] = Letters[(int)(crc % (uint)Letters.Length)];
            crc /= (uint)Letters.Length;
        }
        return new string(digits);
    }
}
