using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.TwoFactor;

/// <summary>
/// Ten codes for the day the phone is gone; each works once. Identity keeps what it is given, and it is given hashes only. A plain hash
/// will do: a code has 75 random bits, which nobody tries out.
/// </summary>
public sealed class RecoveryCodes(IUserStore<User> store)
{
    public const int Count = 10;

    public const int Groups = 4;

    public const int GroupLength = 4;

    /// <summary>No vowels, and none that looks like another.</summary>
    private const string Letters = "23456789BCDFGHJKMNPQRTVWXY";

    /// <summary>New ones in the place of all old ones, for the caller to save with the user. They can be shown now and never again.</summary>
    public async Task<IReadOnlyList<string>> Replace(User user)
    {
        var codes = Enumerable.Range(0, Count)
            .Select(_ => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength))))
            .ToList();
        await Store.ReplaceCodesAsync(user, codes.Select(Hash), CancellationToken.None);
        return codes;
    }

    /// <summary>Ends all of them; the caller saves.</summary>
    public Task Clear(User user) => Store.ReplaceCodesAsync(user, [], CancellationToken.None);

    /// <summary>What is kept of a code. How it was typed (small letters, other dashes, spaces) makes no difference.</summary>
    public static string Hash(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes([.. code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)])));

    private IUserTwoFactorRecoveryCodeStore<User> Store => (IUserTwoFactorRecoveryCodeStore<User>)store;
}
