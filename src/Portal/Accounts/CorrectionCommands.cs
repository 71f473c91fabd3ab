using Ledger;

namespace Portal.Accounts;

/// <summary>
/// Portal carries out one charge of a correction that may be carried out. The reversal and what the set says of it are written in one transaction under the
/// account's lock, so whatever stops in between, and however many instances go on with it, each charge is reversed at most once.
/// </summary>
public sealed record CorrectCharge(Guid Correction, string Account, long Charge) : Command<CorrectionResult>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Corrections.Add((Account, Charge));
        needs.CorrectionItems.Add((Correction, Account, Charge));
    }

    internal override CorrectionResult Outcome(Batch batch)
    {
        if (batch.Staff.Items.GetValueOrDefault((Correction, Account, Charge)) is { Result: not CorrectionResult.Pending } decided)
        {
            // Another instance was here first, and may have finished the whole.
            return decided.Result;
        }
        if (batch.Staff.Items.GetValueOrDefault((Correction, Account, Charge)) is not { } item || batch.Staff.Corrections[Correction] is not { State: CorrectionState.Approved } correction)
        {
            throw new NotAllowedException("Only what was approved is carried out. Nothing was changed.");
        }
        var (result, why) = Say(batch, correction);
        item.Become(result, batch.Now, why);
        return result;
    }

    private (CorrectionResult Result, string? Why) Say(Batch batch, Correction correction)
    {
        if (batch.Accounts.GetValueOrDefault(Account) is not { } account || Actor.User(account.Owner).Id is var owner && (owner == correction.RequestedBy || owner == correction.DecidedBy))
        {
            return (CorrectionResult.Failed, "The account belongs to somebody who asked for this or approved it.");
        }
        var by = new Actor(correction.RequestedBy, $"correction {Correction}");
        return Reversing.Run(batch, Account, Charge, correction.Reason, correction.GoodwillUntil, by) switch
        {
            ReversalOutcome.Reversed => (CorrectionResult.Reversed, null),
            ReversalOutcome.AlreadyReversed => (CorrectionResult.AlreadyReversed, null),
            ReversalOutcome.NothingToReverse => (CorrectionResult.Failed, "Nobody paid it and nobody owes it."),
            ReversalOutcome.UnknownCharge => (CorrectionResult.Failed, "The account has no such charge."),
            ReversalOutcome.ReasonMissing => (CorrectionResult.Failed, "The correction gives no reason."),
            ReversalOutcome.ExpiryNeeded or ReversalOutcome.ExpiryHasPassed => (CorrectionResult.Failed, "The credit that paid it is over, and the day on which goodwill for it would expire has passed."),
            _ => throw new InvalidOperationException("A reversal has no other outcome."),
        };
    }
}

/// <summary>How a charge is reversed, whoever decided it: by entries that name its own, with the end of its dispute and the audit record in the same transaction.</summary>
internal static class Reversing
{
    public static ReversalOutcome Run(Batch batch, string key, long number, string reason, DateTimeOffset? goodwillUntil, Actor by)
    {
        if (batch.Accounts.GetValueOrDefault(key) is not { } account || Find(batch, key, number) is not var (charge, parts))
        {
            return new ReversalOutcome.UnknownCharge();
        }
        account.AdvanceTo(batch.Now, batch.Book);
        var before = Figures(account, number);
        var outcome = account.Reverse(new ReversalRequest(charge, parts, batch.Reversed.GetValueOrDefault((key, number)), reason, goodwillUntil), batch.Book, batch.Now, by.Id);
        if (outcome is ReversalOutcome.Reversed && batch.Disputes.GetValueOrDefault((key, number)) is { State: not (DisputeState.Withdrawn or DisputeState.Corrected) } dispute)
        {
            dispute.Become(DisputeState.Corrected, batch.Now);
            account.TellOfDispute(number, charge.Credit + charge.Extra, reason, batch.Book, batch.Now);
        }
        batch.Audit(by, key, "ReverseCharge", outcome, before, Figures(account, number), reason);
        return outcome;
    }

    /// <summary>The charge and the entries that it was written with: as they were loaded, or as this batch wrote them.</summary>
    public static (Charge Charge, IReadOnlyList<Entry> Parts)? Find(Batch batch, string key, long number) =>
        batch.Parts.TryGetValue((key, number), out var parts) ? (batch.Charges[(key, number)], parts)
        : batch.Accounts.GetValueOrDefault(key) is { } account && account.Written.Charges.Find(c => c.Number == number) is { } charge
            ? (charge, account.Written.Entries.FindAll(e => e.Charge == number && e.Kind == EntryKind.Charge))
        : null;

    private static string? Figures(Account account, long charge) => Batch.Told(new CorrectedFigures(
        charge, account.CreditLeft, Money.Sum(account.Periods, p => p.ExtraUsed), Money.Sum(account.Periods, p => p.Owed), Money.Sum(account.Periods, p => p.Uncollected),
        Money.Sum(account.Current.LateCorrections, c => c.Refund)));

    /// <summary>What a reversal can change, for the audit: credit left, and of the periods that are not final what is used, owed, uncollected and refunded.</summary>
    private sealed record CorrectedFigures(long Charge, Money CreditLeft, Money ExtraUsed, Money Owed, Money Uncollected, Money Refunds);
}
