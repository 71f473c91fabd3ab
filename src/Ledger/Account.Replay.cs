namespace Ledger;

/// <summary>How a replay puts an account together as it was, to decide again from there on. See docs/rules.md, "Replay".</summary>
public sealed partial class Account
{
    /// <summary>The account at an instant, with no hold open and nothing used in the period that runs.</summary>
    internal static Account Resume(ReplayStep.Began began, PriceBook book)
    {
        var was = began.Settings;
        var account = Open(began.Account, "the owner", was.Plan, began.Anchor, book, began.At, Actors.Portal, was.Status);
        account.AlertChoices = AlertChoices.Silent;
        (account.NextPlan, account.IsCancelled, account.ClaimsEveryPeriod) = (was.NextPlan, was.IsCancelled, was.ClaimsEveryPeriod);
        (account.ExtraUsageOn, account.ExtraUsageOnSince) = (was.ExtraUsageOn, was.ExtraUsageOnSince);
        (account.Cap, account.DailyCap, account.ModelCaps) = (was.Cap, was.DailyCap, was.ModelCaps);
        foreach (var grant in began.Carried)
        {
            account.Grants.Add(new Grant(account.Key, ++account.LastGrant, GrantKind.Goodwill, grant.Amount, grant.UsableFrom, grant.ExpiresAt, grant.GrantedAt, grant.Period));
        }
        account.LimitExtraUsageToPlan(began.At);
        account.PlanNextStep(book, account.LastAt);
        return account;
    }
}
