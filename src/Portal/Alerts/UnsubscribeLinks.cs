using System.Security.Cryptography;
using Ledger;
using Microsoft.AspNetCore.DataProtection;
using Portal.SignIn;

namespace Portal.Alerts;

/// <summary>
/// The links that turn mails of a kind off. A link holds the account and the kind, signed and unreadable to others; it lies in no table and
/// never expires, because a mail may be years old, and it can do nothing else.
/// </summary>
public sealed class UnsubscribeLinks(IDataProtectionProvider protection, Links links)
{
    private const int Longest = 1_000;

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.Alerts.Unsubscribe");

    /// <summary>The address for an account's mails of a kind.</summary>
    public string To(string account, AlertKind kind) => links.To($"/unsubscribe/{_protector.Protect($"{account} {kind}")}");

    /// <summary>What a token is for; <c>null</c> for one that Portal did not make.</summary>
    public (string Account, AlertKind Kind)? Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > Longest)
        {
            return null;
        }
        try
        {
            return _protector.Unprotect(token).Split(' ') is [var account, var kind] && Enum.TryParse<AlertKind>(kind, out var known) ? (account, known) : null;
        }
        catch (CryptographicException)
        {
            // Cut short, changed, or made up.
            return null;
        }
    }
}
