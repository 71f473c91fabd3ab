namespace Ledger;

/// <summary>What an account has to spend, and what comes of its pace. See docs/rules.md, "Pace".</summary>
public sealed partial class Account
{
    /// <summary>The pace as of an instant; <c>null</c> while nothing is spent at all: the account is closed, or the programme is not active.</summary>
    /// <param name="history">What the last weeks say.</param>
    /// <param name="book">The terms in force.</param>
    /// <param name="now">The instant. Whoever only wants to look does so on a copy that is not written.</param>
    public Pace? PaceAt(PaceHistory history, PriceBook book, DateTimeOffset now)
    {
        now = AdvanceTo(now, book);
        if (Status == AccountStatus.Closed || !book.ProgrammeAt(now).IsActive)
        {
            return null;
        }
        // Credit that waits to be claimed counts as if it were claimed now; after a cancellation no credit outlives the period.
        var credit = Grants.FindAll(g => g.CanPayFor(now) && g.Left.IsPositive)
            .ConvertAll(g => new CreditPortion(g.Left, IsCancelled && g.ExpiresAt > Current.End ? Current.End : g.ExpiresAt));
        if (Claimable.IsPositive)
        {
            credit.Add(new CreditPortion(Claimable, Current.End));
        }
        credit.Sort((a, b) => a.Until.CompareTo(b.Until));
        return Pace.Of(
            new PaceSupply(now, Current.End, credit, Current.ExtraUsed + Current.ExtraHeld, ExtraUsageOn ? Current.Cap : null, ExtraUsageOn ? ExtraUsageOnSince : null),
            history);
    }
}
