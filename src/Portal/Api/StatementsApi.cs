using System.ComponentModel;
using System.Globalization;
using Ledger;
using Portal.Accounts;
using Portal.Api.Keys;

namespace Portal.Api;

/// <summary>A line of a statement.</summary>
public sealed record StatementLineAnswer(string Text, [property: Description("Below 0 for a refund.")] Money AmountUsd);

/// <summary>The credit of a period.</summary>
[Description("The credit of a period. What a correction gave back of what a final period had used counts as granted.")]
public sealed record StatementCreditAnswer(Money GrantedUsd, Money UsedUsd, Money ExpiredUsd);

/// <summary>What a promotion takes off.</summary>
public sealed record DiscountAnswer(string Promotion, Money AmountUsd);

/// <summary>What a period came to.</summary>
[Description("What a period came to. A statement that is final never changes; a charge of its period that is reversed later is refunded on the statement of the period that runs then.")]
public sealed record StatementAnswer(
    PeriodAnswer Period,
    [property: Description("The plan's fee, with the proration of upgrades.")] Money PlanFeeUsd,
    [property: Description("Fee, upgrades, extra usage and refunds: they sum to `total_due_usd`.")] IReadOnlyList<StatementLineAnswer> Lines,
    StatementCreditAnswer Credit,
    [property: Description("Extra usage at API rates.")] Money ExtraUsedUsd,
    [property: Description("What each promotion takes off, rounded once for the period, in the subscriber's favour.")] IReadOnlyList<DiscountAnswer> Discounts,
    [property: Description("Extra usage less discounts.")] Money ExtraOwedUsd,
    [property: Description("What nobody paid and nobody owes: not due.")] Money UncollectedUsd,
    [property: Description("Fee and extra usage less refunds. Below 0 if more is refunded than falls due.")] Money TotalDueUsd,
    [property: Description("Whether the period has ended and its last hold has too.")] bool Final)
{
    internal static StatementAnswer Of(AccountStatement s)
    {
        var statement = s.Statement;
        return new(
            new PeriodAnswer(statement.Period.Start, statement.Period.End), statement.PlanFee, [.. s.Lines.Select(l => new StatementLineAnswer(l.Text, l.Amount))],
            new StatementCreditAnswer(statement.Credit.Granted, statement.Credit.Used, statement.Credit.Expired),
            statement.ExtraUsed, [.. statement.Discounts.Select(d => new DiscountAnswer(d.Promotion!, d.Discount))], statement.ExtraOwed, statement.Uncollected,
            statement.TotalDue, statement.IsFinal);
    }
}

/// <summary>An account's statements.</summary>
[Description("An account's statements, newest first; the first is the running period's.")]
public sealed record StatementsAnswer(IReadOnlyList<StatementAnswer> Statements);

/// <summary>`GET /v1/accounts/{account}/statements`, `.../statements/{period}` and `GET /v1/statements`.</summary>
internal static class StatementsApi
{
    private static readonly Problem NoPeriod = Problem.NotFound("No period of the account began on this day, or there is no such account.");

    public static Task Get(HttpContext context, string account, AccountStatements statements) =>
        Caller.Of(context).MaySee(account) && Texts.IsAccountKey(account) ? Show(context, account, statements) : BalanceApi.NoAccount.Write(context);

    public static Task GetOwn(HttpContext context, AccountStatements statements) => Show(context, Caller.Of(context).Account!, statements);

    public static async Task GetOne(HttpContext context, string account, string period, AccountStatements statements)
    {
        var found = Caller.Of(context).MaySee(account) && Texts.IsAccountKey(account)
            && DateOnly.TryParseExact(period, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
            ? await statements.Of(account, start, context.RequestAborted)
            : null;
        await (found is null ? NoPeriod.Write(context) : Answer.Write(context, StatementAnswer.Of(found), ApiJson.Default.StatementAnswer));
    }

    private static async Task Show(HttpContext context, string account, AccountStatements statements)
    {
        var all = await statements.Of(account, context.RequestAborted);
        await (all is null ? BalanceApi.NoAccount.Write(context)
            : Answer.Write(context, new StatementsAnswer([.. all.Select(StatementAnswer.Of)]), ApiJson.Default.StatementsAnswer));
    }
}
