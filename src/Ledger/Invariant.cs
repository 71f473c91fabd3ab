namespace Ledger;

/// <summary>The assertions that stand behind every change: they hold by construction, and if one ever does not, nothing is written.</summary>
internal static class Invariant
{
    internal static void Holds(bool condition, string law)
    {
        if (!condition)
        {
            throw new LedgerBrokenException($"The ledger would break its law that {law}. Nothing was written.");
        }
    }
}

/// <summary>A decision would have broken a law of the ledger: a bug. The whole operation is abandoned; no money moved.</summary>
public sealed class LedgerBrokenException : Exception
{
    /// <summary>Says which law.</summary>
    public LedgerBrokenException(string message) : base(message) { }

    /// <summary>Says nothing; for serializers.</summary>
    public LedgerBrokenException() { }

    /// <summary>Says which law, and what led there.</summary>
    public LedgerBrokenException(string message, Exception innerException) : base(message, innerException) { }
}
