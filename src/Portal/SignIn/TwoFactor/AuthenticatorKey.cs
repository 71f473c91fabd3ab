using System.Security.Cryptography;
using OtpNet;

namespace Portal.SignIn.TwoFactor;

/// <summary>
/// The secret that Portal and an authenticator app share, and the codes that both make of it and of the time (RFC 6238): six digits
/// for each thirty seconds. A phone's clock may be one step early or late.
/// </summary>
public static class AuthenticatorKey
{
    public const int Digits = 6;

    private const int Bytes = 20;

    private static readonly VerificationWindow neighbours = new(previous: 1, future: 1);

    public static string New() => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether the code is the key's at this time, and of which thirty seconds since 1970.</summary>
    public static bool Matches(string key, string code, DateTimeOffset now, out long step) =>
        new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(now.UtcDateTime, code, out step, neighbours);

    /// <summary>In groups of four, for those who type it.</summary>
    public static string Readable(string key) => string.Join(' ', key.ToLowerInvariant().Chunk(4).Select(group => new string(group)));

    /// <summary>What the picture says to the app: the key, and what to list it as.</summary>
    public static string Uri(string provider, string email, string key) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(provider)}:{System.Uri.EscapeDataString(email)}?secret={key}&issuer={System.Uri.EscapeDataString(provider)}&digits={Digits}";
}
