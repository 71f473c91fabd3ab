using Ledger;

namespace Portal.Accounts;

/// <summary>An administrator lets an account keep certain terms of its plan, whatever comes, or with <c>null</c> have the newest again; from its next period on. Never an account of their own.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="To">From when the terms are.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who decides it.</param>
public sealed record PinPlanTerms(string Account, DateTimeOffset? To, string Reason, Actor By) : Command<PinOutcome>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Add(By);
    }

    internal override PinOutcome Outcome(Batch batch)
    {
        if (!batch.RolesOf(By).Contains(SignIn.Roles.Admin) || !batch.Accounts.TryGetValue(Account, out var account) || account.Owner == By.UserId)
        {
            throw new NotAllowedException("Only an administrator may pin an account to terms, one that there is and that is not their own. Nothing was changed.");
        }
        var before = Said(account);
        var outcome = account.PinTerms(To, batch.Book, batch.Now, By.Id);
        batch.Audit(By, Account, nameof(PinPlanTerms), outcome, before, Said(account), Reason);
        return outcome;
    }

    private static string? Said(Account account) => Batch.Told(new PinnedTerms(account.Plan, account.TermsFrom, account.PinnedTo));

    /// <summary>What a pin can change, for the audit.</summary>
    private sealed record PinnedTerms(string Plan, DateTimeOffset? TermsFrom, DateTimeOffset? PinnedTo);
}
