using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Terms;

namespace Portal.Accounts;

/// <summary>A plan that the owner may choose, and what choosing it now would do.</summary>
public sealed record PlanChoice(PlanTerms Terms, PlanPreview Preview);

/// <summary>What the owner of an account can do about its plan, with what each of it would do.</summary>
/// <param name="AsOf">The instant that it is true for.</param>
/// <param name="Present">The terms of the present plan, as they are in the price book now.</param>
/// <param name="Next">The plan from the next period on, if another was chosen.</param>
/// <param name="ClosesAt">When the account closes by itself; <c>null</c> unless its owner cancelled.</param>
/// <param name="Choices">The plans that subscribers choose themselves, the present one aside, the cheapest first.</param>
/// <param name="Cancellation">What a cancellation would do.</param>
/// <param name="Keep">What taking back a cancellation or the choice of another plan would do.</param>
public sealed record PlanChoices(
    DateTimeOffset AsOf, PlanTerms Present, PlanTerms? Next, DateTimeOffset? ClosesAt, IReadOnlyList<PlanChoice> Choices, PlanPreview Cancellation, PlanPreview Keep);

/// <summary>Previews changes of plan and a cancellation, for the pages, on an account that is read and never written.</summary>
public sealed class PlanPreviews(IDbContextFactory<PortalDb> databases, PriceBooks prices, Clock clock)
{
    /// <summary>What the owner can do as of now; <c>null</c> if there is no such account.</summary>
    public async Task<PlanChoices?> Read(string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var moment = await Moment.Of(db, cancel);
        var (book, now) = (await prices.InForce(db, cancel), clock.Now);
        if (await AccountLoader.Look(db, key, now) is not { } account)
        {
            return null;
        }
        now = account.AdvanceTo(now, book);
        return new PlanChoices(
            now, book.PlanAt(account.Plan, now), account.NextPlan is { } next ? book.PlanAt(next, now) : null, account.IsCancelled ? account.Current.End : null,
            [.. book.PlansAt(now).Where(p => p.SelfService && p.Plan != account.Plan).OrderBy(p => p.MonthlyFee).ThenBy(p => p.Plan, StringComparer.Ordinal)
                .Select(p => new PlanChoice(p, account.PreviewPlan(p.Plan, book, now)))],
            account.PreviewCancellation(book, now), account.PreviewPlan(account.Plan, book, now));
    }
}
