using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Api;

/// <summary>An account as the provider wants it.</summary>
[Description("An account as the provider's sign-up and billing want it.")]
public sealed record AccountBody
{
    [Description("The owner's e-mail address; they get an invitation to sign in.")]
    public string? OwnerEmail { get; init; }

    [Description("The plan's key.")]
    public string? Plan { get; init; }

    [Description("Where periods are counted from (RFC 3339): not in the future, and never changed afterwards. Absent: now, or as it is.")]
    public string? Anchor { get; init; }

    [Description("`open` or `closed`.")]
    [AllowedValues("open", "closed")]
    public string? Status { get; init; }
}

/// <summary>An account.</summary>
[Description("An account. `next_plan` is the plan from the next period on, if another was chosen. `closes_at` is when it closes by itself, if its owner cancelled. `owner_email` is null once the owner has left: the account is closed then and stays so.")]
public sealed record AccountAnswer(
    string Account, string? OwnerEmail, string Plan, string? NextPlan, DateTimeOffset? ClosesAt, DateTimeOffset Anchor, AccountStatus Status, PeriodAnswer Period);

/// <summary>`PUT` and `GET /v1/accounts/{account}`.</summary>
internal static class AccountsApi
{
    /// <summary>Earlier anchors are typing errors, and would count thousands of periods.</summary>
    private static readonly DateTimeOffset EarliestAnchor = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task Put(HttpContext context, string account, AccountDoor door, Invitations invitations, PortalDb db, PriceBooks prices, Clock clock)
    {
        var (body, problem) = await Body.Read(context, ApiJson.Default.AccountBody);
        if (body is null)
        {
            await problem!.Write(context);
            return;
        }
        var checks = new Checks();
        checks.AccountKey("account", account);
        checks.Demand(Invitations.IsAddress(body.OwnerEmail), "owner_email", "It must be an e-mail address.");
        checks.Demand(body.Status is "open" or "closed", "status", "It must be 'open' or 'closed'.");
        var anchor = checks.Instant("anchor", body.Anchor);
        checks.Demand(!(anchor > clock.Now), "anchor", "It must not be in the future; periods are counted from an instant that has been.");
        checks.Demand(!(anchor < EarliestAnchor), "anchor", "It must not be before the year 2000.");
        checks.Demand(body.Plan is { } key && (await prices.InForce(db, context.RequestAborted)).HasPlan(key, clock.Now), "plan", "No plan has this key.");
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        // Asked first: to look for the owner would make them anew, with the address that they wanted forgotten.
        if (await db.Set<Account>().AnyAsync(a => a.Key == account && !db.Users.Any(u => u.Id == a.Owner), context.RequestAborted))
        {
            await Problem.Conflict("conflict", "The account's owner has left, and an account never changes hands: it stays closed. Give the new account another key.").Write(context);
            return;
        }
        // A user without account does no harm: whoever repeats the call finds and uses it.
        var owner = await invitations.FindOrCreate(body.OwnerEmail!, Roles.Subscriber, Caller.Of(context).Actor);
        var status = body.Status == "closed" ? AccountStatus.Closed : AccountStatus.Open;
        switch (await door.Submit(new PutAccount(account, owner.Id, body.Plan!, anchor, status, Caller.Of(context).Actor)))
        {
            case PutAnswer.Done(var done, var isNew):
                if (isNew)
                {
                    await invitations.Send(owner);
                }
                await Answer.Write(context, Of(done, owner.Email), ApiJson.Default.AccountAnswer, isNew ? 201 : 200);
                return;
            case PutAnswer.UnknownPlan:
                await Problem.Invalid("plan", "No plan has this key.").Write(context);
                return;
            case PutAnswer.WrongAnchor(var why):
                await Problem.Conflict("conflict", why).Write(context);
                return;
            case PutAnswer.OtherOwner:
                await Problem.Conflict("conflict", "The account has another owner, and an account never changes hands.").Write(context);
                return;
            case PutAnswer.OwnerGone:
                await Problem.Conflict("conflict", "The owner has left just now. Repeat the call if the account is to be theirs anew.").Write(context);
                return;
            default:
                throw new InvalidOperationException("Putting an account has five answers.");
        }
    }

    public static async Task Get(HttpContext context, string account, Balances balances, PortalDb db)
    {
        var found = Texts.IsAccountKey(account) ? await balances.Account(account, context.RequestAborted) : null;
        if (found is null)
        {
            await BalanceApi.NoAccount.Write(context);
            return;
        }
        var email = await db.Users.Where(u => u.Id == found.Owner).Select(u => u.Email).SingleOrDefaultAsync(context.RequestAborted);
        await Answer.Write(context, Of(AccountSummary.Of(found), email), ApiJson.Default.AccountAnswer);
    }

    private static AccountAnswer Of(AccountSummary account, string? email) => new(
        account.Key, email, account.Plan, account.NextPlan, account.ClosesAt, account.Anchor, account.Status, new PeriodAnswer(account.PeriodStart, account.PeriodEnd));
}
