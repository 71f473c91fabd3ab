namespace Ledger;

/// <summary>How a replay puts an account together as it was, to decide again from there on. See docs/rules.md, "Replay".</summary>
public sealed partial class Account
{
    /// <summary>The account at an instant, with no hold open and nothing used in the period that runs.</summary>
    internal static Account Resume(ReplayStep.Began began, PriceBook book)
    {
        var was = began.Settings;
        var period = Period.Containing(began.Anchor, began.At);
        var account = Open(began.Account, "the owner", TermsOf(was, period.Start, book), began.Anchor, period, book, began.At, Actors.Portal, was.Status);
        account.AlertChoices = AlertChoices.Silent;
        (account.NextPlan, account.IsCancelled, account.ClaimsEveryPeriod, account.PinnedTo) = (was.NextPlan, was.IsCancelled, was.ClaimsEveryPeriod, was.PinnedTo);
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

    /// <summary>Those that it was on, unless the replayed book has others in their place: what an account is pinned to stays.</summary>
    private static PlanTerms TermsOf(AccountSettings was, DateTimeOffset start, PriceBook book) =>
        was.PinnedTo is { } pin && book.Terms(was.Plan, pin) is { } pinned ? pinned
        : was.TermsFrom is { } on && book.Counts(was.Plan, on) ? book.TermsOf(was.Plan, on, start)
        : book.PlanAt(was.Plan, start);
}
