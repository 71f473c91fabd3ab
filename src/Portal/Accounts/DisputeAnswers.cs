using Ledger;

namespace Portal.Accounts;

/// <summary>What support did about a dispute. A closed set: switch over all of them.</summary>
public abstract record DisputeAnswerOutcome
{
    private DisputeAnswerOutcome() { }

    /// <summary>Whoever asked looks into it now.</summary>
    public sealed record Taken(Dispute Dispute) : DisputeAnswerOutcome;

    /// <summary>The charge stands, and the subscriber is told why.</summary>
    public sealed record Answered(Dispute Dispute) : DisputeAnswerOutcome;

    /// <summary>Nothing is to be done any more: it was answered, corrected or taken back.</summary>
    public sealed record IsOver(Dispute Dispute) : DisputeAnswerOutcome;

    /// <summary>A colleague has taken it meanwhile.</summary>
    public sealed record TakenByAnother(Dispute Dispute) : DisputeAnswerOutcome;

    /// <summary>The charge is not disputed.</summary>
    public sealed record NotDisputed : DisputeAnswerOutcome;

    /// <summary>The answer is empty, too long or not readable.</summary>
    public sealed record WrongText : DisputeAnswerOutcome;
}

/// <summary>What support does about a dispute; the record says how it stood before and after, never a text.</summary>
public abstract record DisputeAnswer(string Account, long Charge, Actor By) : StaffCommand<DisputeAnswerOutcome>(Account, By)
{
    internal override void Needs(Needs needs)
    {
        base.Needs(needs);
        needs.Disputes.Add((Account, Charge));
    }

    private protected override object? Audited(Batch batch) => Find(batch) is { } dispute ? new Said(Charge, dispute.State.ToString(), dispute.TakenBy) : null;

    private protected sealed override DisputeAnswerOutcome Decide(Batch batch, Account account) => Find(batch) switch
    {
        null => new DisputeAnswerOutcome.NotDisputed(),
        { IsPending: false } over => new DisputeAnswerOutcome.IsOver(over),
        var pending => Decide(batch, account, pending),
    };

    private protected abstract DisputeAnswerOutcome Decide(Batch batch, Account account, Dispute dispute);

    private Dispute? Find(Batch batch) => batch.Disputes.GetValueOrDefault((Account, Charge));

    private sealed record Said(long Charge, string Dispute, string? TakenBy);
}

/// <summary>Look into a dispute, also one that a colleague looks into: <paramref name="From"/> is who had it when that was decided.</summary>
public sealed record TakeDispute(string Account, long Charge, string? From, Actor By) : DisputeAnswer(Account, Charge, By)
{
    private protected override DisputeAnswerOutcome Decide(Batch batch, Account account, Dispute dispute)
    {
        if (dispute.TakenBy != By.Id)
        {
            if (dispute.TakenBy != From)
            {
                return new DisputeAnswerOutcome.TakenByAnother(dispute);
            }
            dispute.TakenBy = By.Id;
            dispute.Become(DisputeState.Taken, batch.Now);
        }
        return new DisputeAnswerOutcome.Taken(dispute);
    }
}

/// <summary>Let the charge stand and say why. The subscriber reads it on the charge's page, and is told that there is an answer.</summary>
public sealed record AnswerDispute(string Account, long Charge, string Text, Actor By) : DisputeAnswer(Account, Charge, By)
{
    private protected override DisputeAnswerOutcome Decide(Batch batch, Account account, Dispute dispute)
    {
        if (!StaffTexts.IsReadable(Text, StaffTexts.LongestAnswer, lines: true))
        {
            return new DisputeAnswerOutcome.WrongText();
        }
        if (dispute.TakenBy is { } other && other != By.Id)
        {
            return new DisputeAnswerOutcome.TakenByAnother(dispute);
        }
        (dispute.TakenBy, dispute.Answer) = (By.Id, Text.Trim());
        dispute.Become(DisputeState.Answered, batch.Now);
        account.TellOfDispute(Charge, null, dispute.Answer, batch.Book, batch.Now);
        return new DisputeAnswerOutcome.Answered(dispute);
    }
}
