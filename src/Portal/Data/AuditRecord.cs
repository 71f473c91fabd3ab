using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Data;

/// <summary>
/// A command by a person: who did what to whose account, when, and what it changed. Holds ids, not e-mail addresses, so that a person can be
/// forgotten. Each is a link of the <see cref="AuditChain"/>: it carries the hash of the one before it and a hash of all its own fields.
/// </summary>
public sealed class AuditRecord
{
    /// <summary>Begins what is hashed, so that a hash of this form is never taken for one of another.</summary>
    private const string Form = "portal audit 1";

    private static long _waiting;

    /// <summary>Its number in the chain: 1, 2, 3 and so on, without a gap. Until it has one, a number below zero: a context tells its new rows apart by it.</summary>
    public long Id { get; private set; } = Interlocked.Decrement(ref _waiting);

    public DateTimeOffset At { get; init; }

    public string Actor { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Action { get; init; } = "";

    public string? Before { get; init; }

    public string? After { get; init; }

    public string Outcome { get; init; } = "";

    public string? Reason { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The hash of the record before it.</summary>
    public string Previous { get; private set; } = "";

    /// <summary>What <see cref="HashNow"/> came to when it was written.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Puts it behind another record.</summary>
    internal void Follow(AuditHead head)
    {
        Id = head.Seq + 1;
        Previous = head.Hash;
        Hash = HashNow();
    }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal digits, over all fields in a fixed order, each written as its length in bytes of UTF-8, a colon, the
    /// bytes and a comma (a field without a value: a hyphen and a comma), so that no two records have the same form.
    /// </summary>
    public string HashNow()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in (string?[])[Form, Previous, Number(Id), Number(Microseconds(At)), Actor, Subject, Action, Before, After, Outcome, Reason, RequestId])
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            hash.AppendData(Encoding.UTF8.GetBytes(field is null ? "-" : Number(bytes.Length) + ":"));
            hash.AppendData(bytes);
            hash.AppendData(","u8);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
