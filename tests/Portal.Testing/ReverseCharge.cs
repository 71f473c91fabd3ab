using Ledger;
using Portal.Accounts;

namespace Portal.Testing;

/// <summary>A charge reversed as a correction reverses it, without the desk that asks for one and agrees to it.</summary>
public sealed record ReverseCharge(string Account, long Charge, string Reason, DateTimeOffset? GoodwillUntil, Actor By) : Command<ReversalOutcome>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Corrections.Add((Account, Charge));
    }

    internal override ReversalOutcome Outcome(Batch batch) => Reversing.Run(batch, Account, Charge, Reason, GoodwillUntil, By);
}
