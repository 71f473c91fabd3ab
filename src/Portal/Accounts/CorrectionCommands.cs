using System.Text.Json;
using Ledger;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Staff reverse a charge: what it took comes back, and the subscriber reads why. Role and session are looked up in the transaction that the command runs in; nobody
/// corrects an account of their own. The audit record says what it changed.
/// </summary>
/// <param name="Account">The account's key.</param>
/// <param name="Charge">The charge's number.</param>
/// <param name="Reason">Why.</param>
/// <param name="GoodwillUntil">When the goodwill expires that stands for credit of grants whose time has passed; needed only if there are any.</param>
/// <param name="By">Who reverses it.</param>
public sealed record ReverseCharge(string Account, long Charge, string Reason, DateTimeOffset? GoodwillUntil, Actor By) : Command<ReversalOutcome>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Corrections.Add((Account, Charge));
        needs.Add(By);
    }

    internal override ReversalOutcome Outcome(Batch batch)
    {
        var account = batch.Accounts.GetValueOrDefault(Account);
        var roles = batch.RolesOf(By);
        if (!(roles.Contains(SignIn.Roles.Support) || roles.Contains(SignIn.Roles.Admin)) || account?.Owner == By.UserId)
        {
            throw new NotAllowedException("Only support or an administrator may reverse a charge, and not in an account of their own. Nothing was changed.");
        }
        if (account is null || Find(account, batch) is not var (charge, parts))
        {
            return new ReversalOutcome.UnknownCharge();
        }
        account.AdvanceTo(batch.Now, batch.Book);
        var before = Figures(account);
        var outcome = account.Reverse(new ReversalRequest(charge, parts, batch.Reversed.GetValueOrDefault((Account, Charge)), Reason, GoodwillUntil), batch.Book, batch.Now, By.Id);
        if (outcome is ReversalOutcome.Reversed && batch.Disputes.GetValueOrDefault((Account, Charge)) is { IsPending: true } dispute)
        {
            dispute.Become(DisputeState.Corrected, batch.Now);
        }
        batch.NewAudit.Add(new AuditRecord
        {
            At = batch.Now,
            Actor = By.Id,
            Subject = Account,
            Action = nameof(ReverseCharge),
            Before = before,
            After = Figures(account),
            Outcome = outcome.GetType().Name,
            Reason = Reason,
            RequestId = By.RequestId,
        });
        return outcome;
    }

    /// <summary>The charge and the entries that it was written with: as they were loaded, or as this batch wrote them.</summary>
    private (Charge Charge, IReadOnlyList<Entry> Parts)? Find(Account account, Batch batch) =>
        batch.Parts.TryGetValue((Account, Charge), out var parts) ? (batch.ChargeOf(Account, Charge), parts)
        : account.Written.Charges.Find(c => c.Number == Charge) is { } charge ? (charge, account.Written.Entries.FindAll(e => e.Charge == Charge && e.Kind == EntryKind.Charge))
        : null;

    private string Figures(Account account) => JsonSerializer.Serialize(
        new CorrectedFigures(
            Charge, account.CreditLeft, Money.Sum(account.Periods, p => p.ExtraUsed), Money.Sum(account.Periods, p => p.Owed), Money.Sum(account.Periods, p => p.Uncollected),
            Money.Sum(account.Current.LateCorrections, c => c.Refund)),
        LedgerJson.Options);

    /// <summary>What a reversal can change, for the audit: credit left, and of the periods that are not final what is used, owed, uncollected and refunded.</summary>
    private sealed record CorrectedFigures(long Charge, Money CreditLeft, Money ExtraUsed, Money Owed, Money Uncollected, Money Refunds);
}
