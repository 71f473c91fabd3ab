using Ledger;

namespace Portal.Accounts;

/// <summary>What support does about goodwill, with the request in every record.</summary>
public abstract record GoodwillCommand(string Account, Guid Id, Actor By) : StaffCommand<GoodwillOutcome>(Account, By)
{
    internal override void Needs(Needs needs)
    {
        base.Needs(needs);
        needs.Goodwill.Add((Account, Id));
    }

    private protected override object? Audited(Batch batch) =>
        Request(batch) is { } request ? new Said(request.Id, request.Amount, request.ExpiresAt, request.Ticket, request.State.ToString(), request.Grant) : null;

    private protected GoodwillRequest? Request(Batch batch) => batch.Staff.Goodwill.GetValueOrDefault(Id) is { } request && request.Account == Account ? request : null;

    private sealed record Said(Guid Goodwill, Money Amount, DateTimeOffset ExpiresAt, string Ticket, string State, int? Grant);
}

/// <summary>
/// Give credit. What goes beyond the limit, together with what the account was given within a day without a second person, waits for one: many small grants are
/// no way around it. Whoever asks makes the id, and keeps it until there is an answer: a repeat with the same id changes nothing.
/// </summary>
public sealed record GrantGoodwill(string Account, Guid Id, Money Amount, DateTimeOffset ExpiresAt, string Reason, string Ticket, Actor By) : GoodwillCommand(Account, Id, By)
{
    private protected override string? Why => Reason.Trim();

    private protected override GoodwillOutcome Decide(Batch batch, Account account)
    {
        var (now, expires) = (account.AdvanceTo(batch.Now, batch.Book), Period.ToMicrosecond(ExpiresAt));
        if (Request(batch) is { } before)
        {
            return new GoodwillOutcome.Already(before);
        }
        if (!StaffTexts.IsReadable(Reason, StaffTexts.LongestReason) || !StaffTexts.IsReadable(Ticket, StaffTexts.LongestTicket))
        {
            return new GoodwillOutcome.WrongText();
        }
        if (!Amount.IsPositive)
        {
            return new GoodwillOutcome.WrongAmount();
        }
        if (expires <= now)
        {
            return new GoodwillOutcome.ExpiryHasPassed();
        }
        if (account.Status == AccountStatus.Closed)
        {
            return new GoodwillOutcome.AccountClosed();
        }

        // From here on nothing can fail.
        var request = new GoodwillRequest
        {
            Id = Id,
            Account = Account,
            Amount = Amount,
            ExpiresAt = expires,
            Reason = Reason.Trim(),
            Ticket = Ticket.Trim(),
            RequestedBy = By.Id,
            RequestedAt = batch.Now,
            IsNew = true,
        };
        batch.Staff.Goodwill.Add(Id, request);
        var limit = batch.Staff.Limits.Goodwill;
        if (batch.Staff.GivenLately(Account) + Amount > limit)
        {
            return new GoodwillOutcome.Waiting(request, limit);
        }
        request.BecomeGranted(account.GrantGoodwill(Amount, expires, request.Reason, batch.Book, batch.Now, By.Id), null, batch.Now);
        return new GoodwillOutcome.Granted(request);
    }
}

/// <summary>A second person agrees, and the grant is made in the same transaction. By their ids: another role or session makes nobody another person.</summary>
public sealed record ApproveGoodwill(string Account, Guid Id, Actor By) : GoodwillCommand(Account, Id, By)
{
    private protected override GoodwillOutcome Decide(Batch batch, Account account)
    {
        if (Request(batch) is not { } request)
        {
            return new GoodwillOutcome.Unknown();
        }
        if (request.State != GoodwillState.Waiting)
        {
            return new GoodwillOutcome.Already(request);
        }
        if (request.RequestedBy == By.Id)
        {
            return new GoodwillOutcome.SamePerson();
        }
        if (request.ExpiresAt <= account.AdvanceTo(batch.Now, batch.Book))
        {
            return new GoodwillOutcome.ExpiryHasPassed();
        }
        if (account.Status == AccountStatus.Closed)
        {
            return new GoodwillOutcome.AccountClosed();
        }
        request.BecomeGranted(account.GrantGoodwill(request.Amount, request.ExpiresAt, request.Reason, batch.Book, batch.Now, By.Id), By.Id, batch.Now);
        return new GoodwillOutcome.Granted(request);
    }
}

/// <summary>A second person says no, and why.</summary>
public sealed record RejectGoodwill(string Account, Guid Id, string Reason, Actor By) : GoodwillCommand(Account, Id, By)
{
    private protected override string? Why => Reason.Trim();

    private protected override GoodwillOutcome Decide(Batch batch, Account account)
    {
        if (Request(batch) is not { } request)
        {
            return new GoodwillOutcome.Unknown();
        }
        if (request.State != GoodwillState.Waiting)
        {
            return new GoodwillOutcome.Already(request);
        }
        if (request.RequestedBy == By.Id)
        {
            return new GoodwillOutcome.SamePerson();
        }
        if (!StaffTexts.IsReadable(Reason, StaffTexts.LongestReason))
        {
            return new GoodwillOutcome.WrongText();
        }
        request.End(GoodwillState.Rejected, By.Id, batch.Now, Reason.Trim());
        return new GoodwillOutcome.Rejected(request);
    }
}

/// <summary>Whoever asked takes it back while it waits.</summary>
public sealed record WithdrawGoodwill(string Account, Guid Id, Actor By) : GoodwillCommand(Account, Id, By)
{
    private protected override GoodwillOutcome Decide(Batch batch, Account account)
    {
        if (Request(batch) is not { } request)
        {
            return new GoodwillOutcome.Unknown();
        }
        if (request.State != GoodwillState.Waiting)
        {
            return new GoodwillOutcome.Already(request);
        }
        if (request.RequestedBy != By.Id)
        {
            return new GoodwillOutcome.NotTheirs();
        }
        request.End(GoodwillState.Withdrawn, By.Id, batch.Now);
        return new GoodwillOutcome.Withdrawn(request);
    }
}
