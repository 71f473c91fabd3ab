using Ledger;

namespace Portal.Accounts;

/// <summary>What disputing a charge came to.</summary>
public abstract record DisputeOutcome
{
    private DisputeOutcome() { }

    /// <summary>It waits for support.</summary>
    public sealed record Disputed(Dispute Dispute) : DisputeOutcome;

    /// <summary>It is disputed already, or support has answered, which stands.</summary>
    public sealed record AlreadyDisputed(Dispute Dispute) : DisputeOutcome;

    /// <summary>The text is too short to act on, or too long.</summary>
    public sealed record WrongText : DisputeOutcome;

    /// <summary>The charge was reversed: there is nothing left to dispute.</summary>
    public sealed record AlreadyReversed : DisputeOutcome;

    /// <summary>The use was included in the plan and cost nothing.</summary>
    public sealed record CostNothing : DisputeOutcome;

    /// <summary>The account has no such charge.</summary>
    public sealed record UnknownCharge : DisputeOutcome;

    /// <summary>The dispute was taken back.</summary>
    public sealed record Withdrawn(Dispute Dispute) : DisputeOutcome;

    /// <summary>There is no dispute that could be taken back.</summary>
    public sealed record NotDisputed : DisputeOutcome;
}

/// <summary>What the owner of an account does about a dispute. It changes no money, so its audit record says how the dispute stood before and after; never the text, which may hold anything.</summary>
public abstract record DisputeCommand(string Account, long Charge, Actor By) : Command<DisputeOutcome>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Disputes.Add((Account, Charge));
        needs.Add(By);
    }

    internal override DisputeOutcome Outcome(Batch batch)
    {
        batch.DemandOwner(Account, By);
        var before = Audited(batch);
        var outcome = DecideOn(batch);
        batch.Audit(By, Account, GetType().Name, outcome, before, Audited(batch));
        return outcome;
    }

    private protected abstract DisputeOutcome DecideOn(Batch batch);

    private string? Audited(Batch batch) => batch.Disputes.GetValueOrDefault((Account, Charge)) is { } dispute ? Batch.Told(new Said(Charge, dispute.State.ToString())) : null;

    private sealed record Said(long Charge, string Dispute);
}

/// <summary>Object to a charge, with what is wrong about it. Not twice: only one that was taken back can be opened again.</summary>
public sealed record DisputeCharge(string Account, long Charge, string Text, Actor By) : DisputeCommand(Account, Charge, By)
{
    /// <summary>A text shorter than this says nothing that support could look into.</summary>
    public const int ShortestText = 10;

    public const int LongestText = 2000;

    private protected override DisputeOutcome DecideOn(Batch batch)
    {
        var text = Text.Trim();
        var dispute = batch.Disputes.GetValueOrDefault((Account, Charge));
        if (batch.DisputedCharges.GetValueOrDefault((Account, Charge)) is not { } charge)
        {
            return new DisputeOutcome.UnknownCharge();
        }
        if (charge.IsIncluded || charge.List.IsZero)
        {
            return new DisputeOutcome.CostNothing();
        }
        if (dispute is { State: not DisputeState.Withdrawn })
        {
            return new DisputeOutcome.AlreadyDisputed(dispute);
        }
        if (charge.IsReversed || batch.Accounts[Account].Written.Reversed.Exists(r => r.Charge == Charge))
        {
            return new DisputeOutcome.AlreadyReversed();
        }
        if (text.Length is < ShortestText or > LongestText || text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            return new DisputeOutcome.WrongText();
        }
        if (dispute is null)
        {
            batch.Disputes[(Account, Charge)] = dispute = new Dispute { Account = Account, Charge = Charge, IsNew = true };
        }
        (dispute.Text, dispute.OpenedAt, dispute.TakenBy, dispute.Answer) = (text, batch.Now, null, null);
        dispute.Become(DisputeState.Open, batch.Now);
        return new DisputeOutcome.Disputed(dispute);
    }
}

/// <summary>Take a dispute back that support has not answered yet.</summary>
public sealed record WithdrawDispute(string Account, long Charge, Actor By) : DisputeCommand(Account, Charge, By)
{
    private protected override DisputeOutcome DecideOn(Batch batch)
    {
        if (batch.Disputes.GetValueOrDefault((Account, Charge)) is not { IsPending: true } dispute)
        {
            return new DisputeOutcome.NotDisputed();
        }
        dispute.Become(DisputeState.Withdrawn, batch.Now);
        return new DisputeOutcome.Withdrawn(dispute);
    }
}
