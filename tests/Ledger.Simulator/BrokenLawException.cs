namespace Ledger.Simulator;

/// <summary>Something that the product promises did not hold.</summary>
public sealed class BrokenLawException(string law) : Exception(law)
{
    /// <summary>Fails with what is broken.</summary>
    internal static void Unless(bool holds, Func<string> law)
    {
        if (!holds)
        {
            throw new BrokenLawException(law());
        }
    }
}
