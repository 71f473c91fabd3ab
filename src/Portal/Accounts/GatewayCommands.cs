using Ledger;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>What a gateway's question came to, repeats told apart from first answers.</summary>
public abstract record AuthorizeAnswer
{
    private AuthorizeAnswer() { }

    /// <summary>It may run; for a repeat, the authorization as it stands now, with its charge if it has one.</summary>
    public sealed record Granted(Authorization Authorization, Charge? Charge, bool IsRepeat) : AuthorizeAnswer;

    /// <summary>It may not; nothing is held and the id is free.</summary>
    public sealed record Refused(Refusal Refusal) : AuthorizeAnswer;

    /// <summary>The id was used for something else.</summary>
    public sealed record IdReused : AuthorizeAnswer;

    /// <summary>No account has this key.</summary>
    public sealed record UnknownAccount : AuthorizeAnswer;
}

/// <summary>What a settlement came to.</summary>
public abstract record SettleAnswer
{
    private SettleAnswer() { }

    /// <summary>It is charged, now or by an earlier call with the same usage.</summary>
    public sealed record Settled(Authorization Authorization, Charge Charge) : SettleAnswer;

    /// <summary>It was settled with other usage.</summary>
    public sealed record IdReused : SettleAnswer;

    /// <summary>It was released.</summary>
    public sealed record NotHeld : SettleAnswer;

    /// <summary>The use is refused for its time.</summary>
    public sealed record Rejected(RejectionReason Reason) : SettleAnswer;

    /// <summary>No authorization has this id.</summary>
    public sealed record Unknown : SettleAnswer;
}

/// <summary>What a release came to.</summary>
public abstract record ReleaseAnswer
{
    private ReleaseAnswer() { }

    /// <summary>It holds nothing (any more).</summary>
    public sealed record Released(Authorization Authorization) : ReleaseAnswer;

    /// <summary>It has its charge.</summary>
    public sealed record AlreadySettled : ReleaseAnswer;

    /// <summary>No authorization has this id.</summary>
    public sealed record Unknown : ReleaseAnswer;
}

/// <summary>What a usage event came to.</summary>
public abstract record EventAnswer
{
    private EventAnswer() { }

    /// <summary>It has its charge.</summary>
    public sealed record Recorded(Charge Charge) : EventAnswer;

    /// <summary>It had its charge before.</summary>
    public sealed record Duplicate(Charge Charge) : EventAnswer;

    /// <summary>The same source and id told something else before.</summary>
    public sealed record Conflict : EventAnswer;

    /// <summary>It waits for an admin.</summary>
    public sealed record Parked(string Why) : EventAnswer;

    /// <summary>It is refused and not remembered.</summary>
    public sealed record Rejected(RejectionReason Reason) : EventAnswer;
}

/// <summary>May a request use up to this much?</summary>
public sealed record Authorize(string Account, AuthorizationRequest Request, Actor By) : Command<AuthorizeAnswer>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Authorizations.Add(Request.Id);
    }

    internal override AuthorizeAnswer Outcome(Batch batch)
    {
        if (batch.Authorizations.TryGetValue(Request.Id, out var known))
        {
            return known.IsFor(Account, Request) ? Repeat(known, batch) : new AuthorizeAnswer.IdReused();
        }
        if (!batch.Accounts.TryGetValue(Account, out var account))
        {
            return new AuthorizeAnswer.UnknownAccount();
        }
        switch (account.Authorize(Request, batch.Book, batch.Now))
        {
            case AuthorizeOutcome.Granted(var authorization):
                batch.Authorizations.Add(authorization.Id, authorization);
                batch.NewAuthorizationIds.Add(new AuthorizationId { Id = authorization.Id, Account = Account });
                return new AuthorizeAnswer.Granted(authorization, null, IsRepeat: false);
            case AuthorizeOutcome.Refused(var refusal):
                batch.NewRefusals.Add(new RefusalRecord
                {
                    Account = Account,
                    Id = Guid.CreateVersion7(batch.Now),
                    At = batch.Now,
                    Authorization = Request.Id,
                    Model = Request.Model,
                    Surface = Request.Surface,
                    App = Request.App,
                    Max = Request.Max,
                    Refusal = refusal,
                });
                return new AuthorizeAnswer.Refused(refusal);
            default:
                throw new InvalidOperationException("An authorization is granted or refused.");
        }
    }

    private static AuthorizeAnswer.Granted Repeat(Authorization authorization, Batch batch)
    {
        // Its status now: a hold whose time is up has ended.
        batch.Accounts[authorization.Account].AdvanceTo(batch.Now, batch.Book);
        var charge = authorization.Charge is { } number ? batch.ChargeOf(authorization.Account, number) : null;
        return new AuthorizeAnswer.Granted(authorization, charge, IsRepeat: true);
    }
}

/// <summary>Charge what an authorized request really used.</summary>
public sealed record Settle(string Id, Usage Usage, DateTimeOffset? Time, Actor By) : Command<SettleAnswer>
{
    internal override string Line => Id;

    internal override string? AuthorizationId => Id;

    internal override void Needs(Needs needs) => needs.AccountsByAuthorization.Add(Id);

    internal override SettleAnswer Outcome(Batch batch)
    {
        if (!batch.Authorizations.TryGetValue(Id, out var authorization))
        {
            return new SettleAnswer.Unknown();
        }
        var use = new UsageEvent(null, null, Time ?? batch.Now, authorization.Model, authorization.Surface, authorization.App, Usage);
        switch (batch.Accounts[authorization.Account].Settle(authorization, use, batch.Book, batch.Now, By.Id))
        {
            case SettleOutcome.Settled(_, var charge):
                return new SettleAnswer.Settled(authorization, charge);
            case SettleOutcome.AlreadySettled(_, var number):
                var earlier = batch.ChargeOf(authorization.Account, number);
                // One that is kept in the archive cannot be compared any more: no gateway repeats a call for so long.
                return earlier is null ? new SettleAnswer.Rejected(RejectionReason.TooOld) : earlier.Usage == Usage ? new SettleAnswer.Settled(authorization, earlier) : new SettleAnswer.IdReused();
            case SettleOutcome.NotHeld:
                return new SettleAnswer.NotHeld();
            case SettleOutcome.Rejected(var reason):
                return new SettleAnswer.Rejected(reason);
            default:
                throw new InvalidOperationException("A settlement has four outcomes.");
        }
    }
}

/// <summary>Give a hold back.</summary>
public sealed record Release(string Id, Actor By) : Command<ReleaseAnswer>
{
    internal override string Line => Id;

    internal override string? AuthorizationId => Id;

    internal override void Needs(Needs needs) => needs.AccountsByAuthorization.Add(Id);

    internal override ReleaseAnswer Outcome(Batch batch) =>
        !batch.Authorizations.TryGetValue(Id, out var authorization) ? new ReleaseAnswer.Unknown()
        : batch.Accounts[authorization.Account].Release(authorization, batch.Book, batch.Now) is ReleaseOutcome.Released ? new ReleaseAnswer.Released(authorization)
        : new ReleaseAnswer.AlreadySettled();
}

/// <summary>Record what a request used. With the name of an authorization it settles that.</summary>
public sealed record RecordUsage(string Account, string Source, string Id, DateTimeOffset? Time, string Model, string Surface, string? App, Usage Usage, string? Authorization, Actor By)
    : Command<EventAnswer>
{
    internal override string Line => Account;

    private string Key => UsageEventId.KeyOf(Source, Id);

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Events.Add(Key);
        if (Authorization is not null)
        {
            needs.Authorizations.Add(Authorization);
        }
    }

    internal override EventAnswer Outcome(Batch batch)
    {
        var use = new UsageEvent(Source, Id, Time ?? batch.Now, Model, Surface, App, Usage);
        if (batch.Events.TryGetValue(Key, out var known))
        {
            return Repeat(known, use, batch);
        }
        if (!batch.Accounts.TryGetValue(Account, out var account))
        {
            return new EventAnswer.Rejected(RejectionReason.UnknownAccount);
        }
        return Authorization is null ? Record(account, use, batch) : Settle(account, use, batch);
    }

    private EventAnswer Repeat(UsageEventId known, UsageEvent use, Batch batch)
    {
        if (known.Charge is { } number)
        {
            if (batch.ChargeOf(known.Account, number) is not { } charge)
            {
                return new EventAnswer.Rejected(RejectionReason.TooOld);
            }
            return charge.IsOf(Account, use) && charge.Authorization == Authorization ? new EventAnswer.Duplicate(charge) : Conflict(use, batch);
        }
        var parked = batch.Parked[known.Key];
        return parked.Account == Account && parked.Event with { Time = use.Time } == use ? new EventAnswer.Parked(parked.Why) : Conflict(use, batch);
    }

    private EventAnswer.Conflict Conflict(UsageEvent use, Batch batch)
    {
        batch.NewConflicts.Add(new EventConflict { Key = Key, Account = Account, At = batch.Now, By = By.Id, Time = use.Time, Model = Model, Surface = Surface, Usage = Usage });
        return new EventAnswer.Conflict();
    }

    private EventAnswer Record(Account account, UsageEvent use, Batch batch)
    {
        switch (account.RecordUsage(use, batch.Now, batch.Book, batch.Now, By.Id))
        {
            case RecordOutcome.Recorded(var charge):
                Remember(charge, batch);
                return new EventAnswer.Recorded(charge);
            case RecordOutcome.Parked(var why):
                var parked = new ParkedEvent
                {
                    Key = Key,
                    Account = Account,
                    Source = Source,
                    Id = Id,
                    Time = use.Time,
                    ReceivedAt = batch.Now,
                    Model = Model,
                    Surface = Surface,
                    App = App,
                    Usage = Usage,
                    Why = why,
                };
                batch.NewParked.Add(parked);
                batch.Parked.Add(Key, parked);
                Remember(null, batch);
                return new EventAnswer.Parked(why);
            case RecordOutcome.Rejected(var reason):
                return new EventAnswer.Rejected(reason);
            default:
                throw new InvalidOperationException("An event is recorded, parked or rejected.");
        }
    }

    private EventAnswer Settle(Account account, UsageEvent use, Batch batch)
    {
        if (!batch.Authorizations.TryGetValue(Authorization!, out var authorization)
            || authorization.Account != Account || authorization.Model != Model || authorization.Surface != Surface)
        {
            return new EventAnswer.Rejected(RejectionReason.WrongAuthorization);
        }
        switch (account.Settle(authorization, use, batch.Book, batch.Now, By.Id))
        {
            case SettleOutcome.Settled(_, var charge):
                Remember(charge, batch);
                return new EventAnswer.Recorded(charge);
            case SettleOutcome.AlreadySettled(_, var number):
                return batch.ChargeOf(Account, number) is { } earlier ? new EventAnswer.Duplicate(earlier) : new EventAnswer.Rejected(RejectionReason.TooOld);
            case SettleOutcome.NotHeld:
                return new EventAnswer.Rejected(RejectionReason.WrongAuthorization);
            case SettleOutcome.Rejected(var reason):
                return new EventAnswer.Rejected(reason);
            default:
                throw new InvalidOperationException("A settlement has four outcomes.");
        }
    }

    private void Remember(Charge? charge, Batch batch)
    {
        var id = new UsageEventId { Key = Key, Account = Account, Charge = charge?.Number };
        batch.Events.Add(Key, id);
        batch.NewEventIds.Add(id);
    }
}
