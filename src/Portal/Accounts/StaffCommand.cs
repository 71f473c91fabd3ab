using Ledger;

namespace Portal.Accounts;

/// <summary>
/// What support does about the account of somebody else. Role, session and ownership are looked up in the transaction that the command runs in, and an audit
/// record says what became of it.
/// </summary>
public abstract record StaffCommand<TOutcome>(string Account, Actor By) : Command<TOutcome> where TOutcome : notnull
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Add(By);
    }

    internal sealed override TOutcome Outcome(Batch batch)
    {
        var account = batch.DemandSupport(Account, By);
        var before = Batch.Told(Audited(batch));
        var outcome = Decide(batch, account);
        batch.Audit(By, Account, GetType().Name, outcome switch { bool => "Done", Enum named => named.ToString(), _ => outcome }, before, Batch.Told(Audited(batch)), Why);
        return outcome;
    }

    /// <summary>The reason that the record names, if the command has one.</summary>
    private protected virtual string? Why => null;

    /// <summary>What the command is about, for the record: ids and amounts, before and after.</summary>
    private protected virtual object? Audited(Batch batch) => null;

    private protected abstract TOutcome Decide(Batch batch, Account account);
}

/// <summary>Somebody of support looks at an account. It changes nothing; the record of it is what it is for.</summary>
public sealed record LookAtAccount(string Account, Actor By) : StaffCommand<bool>(Account, By)
{
    private protected override bool Decide(Batch batch, Account account) => true;
}
