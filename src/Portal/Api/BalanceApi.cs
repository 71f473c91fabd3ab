using System.ComponentModel;
using Ledger;
using Portal.Accounts;
using Portal.Api.Keys;

namespace Portal.Api;

/// <summary>The start and end of a period.</summary>
public sealed record PeriodAnswer(DateTimeOffset Start, [property: Description("The first instant that no longer belongs to it.")] DateTimeOffset End);

/// <summary>The live grants together.</summary>
[Description("The live grants together; remaining = granted - used - held.")]
public sealed record CreditAnswer(Money ClaimableUsd, Money GrantedUsd, Money UsedUsd, Money HeldUsd, Money RemainingUsd, DateTimeOffset? ExpiresAt);

/// <summary>This period's extra usage.</summary>
[Description("This period's extra usage at API rates; owed = used - discount.")]
public sealed record ExtraUsageAnswer(
    bool On, Money UsedUsd, Money HeldUsd, Money? CapUsd, Money RemainingUsd, Money DiscountUsd, Money OwedUsd, Money UncollectedUsd);

/// <summary>What one nano-dollar would get.</summary>
[Description("What one nano-dollar of programmatic use, on a model without a cap of its own, would get now.")]
public sealed record NextAnswer(bool Allowed, RefusalCode? Code, string? Detail, string? Url);

/// <summary>What comes of spending an amount a day.</summary>
[Description("What comes of spending `per_day_usd` a day from now to the period's end: when no credit is left any more, what is lost of it, what extra comes to (the cap limits it), and when the cap is reached.")]
public sealed record OutlookAnswer(Money PerDayUsd, DateTimeOffset? RunsOutAt, Money LostUsd, Money? ExtraUsd, DateTimeOffset? CapReachedAt);

/// <summary>How fast the account spends.</summary>
[Description("How fast the account spends, from the last 28 UTC days, recent ones weighing more. `finish_per_day_usd` a day finishes the credit exactly. `likely` is the pace, `slow` and `fast` are the ends of its range; all null with fewer than three days of data.")]
public sealed record PaceAnswer(int DaysOfData, Money? FinishPerDayUsd, OutlookAnswer? Likely, OutlookAnswer? Slow, OutlookAnswer? Fast);

/// <summary>The balance of an account.</summary>
[Description("How much is left, until when, and what happens next. `pace` is null with `as_of`, and while nothing is spent at all: the account is closed, or the programme is not active.")]
public sealed record BalanceAnswer(
    string Account, DateTimeOffset AsOf, string Plan, BalanceState State, PeriodAnswer Period, CreditAnswer Credit, ExtraUsageAnswer ExtraUsage, NextAnswer Next, PaceAnswer? Pace);

/// <summary>`GET /v1/accounts/{account}/balance` and `GET /v1/balance`, now or as of a past instant.</summary>
internal static class BalanceApi
{
    public static Task Get(HttpContext context, string account, string? as_of, Paces paces, PastBalances past, PublicLinks links, Clock clock) =>
        Caller.Of(context).MaySee(account) && Texts.IsAccountKey(account) ? Show(context, account, as_of, paces, past, links, clock) : NoAccount.Write(context);

    public static Task GetOwn(HttpContext context, string? as_of, Paces paces, PastBalances past, PublicLinks links, Clock clock) =>
        Show(context, Caller.Of(context).Account!, as_of, paces, past, links, clock);

    public static Problem NoAccount { get; } = Problem.NotFound("No account has this key.");

    private static async Task Show(HttpContext context, string account, string? asOf, Paces paces, PastBalances past, PublicLinks links, Clock clock)
    {
        var checks = new Checks();
        var instant = checks.Instant("as_of", asOf);
        checks.Demand(!(instant > clock.Now), "as_of", "It must not be in the future.");
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        var found = instant is { } then
            ? await past.At(account, then, context.RequestAborted) is { } was ? new PacedBalance(was, null) : null
            : await paces.Now(account, context.RequestAborted);
        await (found is null ? (instant is { } gone ? Problem.NotFound(await past.Archived(account, gone, context.RequestAborted) ?? "There was no such account at that instant.") : NoAccount).Write(context)
            : Answer.Write(context, Of(context, found.Balance, found.Pace, links), ApiJson.Default.BalanceAnswer));
    }

    private static BalanceAnswer Of(HttpContext context, Balance balance, Pace? pace, PublicLinks links)
    {
        var (credit, extra) = (balance.Credit, balance.ExtraUsage);
        return new(
            balance.Account, balance.AsOf, balance.Plan, balance.State, new PeriodAnswer(balance.Period.Start, balance.Period.End),
            new CreditAnswer(credit.Claimable, credit.Granted, credit.Used, credit.Held, credit.Remaining, credit.ExpiresAt),
            new ExtraUsageAnswer(extra.IsOn, extra.Used, extra.Held, extra.Cap, extra.Remaining, extra.Discount, extra.Owed, extra.Uncollected),
            balance.Next is { } refusal
                ? new NextAnswer(false, refusal.Code, refusal.Detail, links.To(context, refusal.Remedy.Path))
                : new NextAnswer(true, null, null, null),
            pace is null ? null : new PaceAnswer(pace.DaysOfData, pace.FinishPerDay, Of(pace.Likely), Of(pace.Slow), Of(pace.Fast)));
    }

    private static OutlookAnswer? Of(PaceOutlook? outlook) => outlook is null ? null
        : new OutlookAnswer(outlook.PerDay, outlook.RunsOutAt, outlook.Lost, outlook.Extra, outlook.CapReachedAt);
}
