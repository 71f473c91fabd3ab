namespace Ledger.Simulator;

/// <summary>
/// What somebody asks of one account. Whoever asks repeats the same call until it is answered. An answer is told in words; those of
/// <see cref="IsForGood"/> are the same for every repeat.
/// </summary>
internal abstract record Call(string Account)
{
    protected const string Gateway = "key:gateway";
    protected const string Owner = "user:owner";
    protected const string Provider = "key:provider";

    /// <summary>The authorization that it is about.</summary>
    public virtual string? AuthorizationId => null;

    /// <summary>The charge that it is about.</summary>
    public virtual long? ChargeNumber => null;

    /// <summary>Whether a repeat gets this answer again, whatever happened meanwhile.</summary>
    public virtual bool IsForGood(string answer) => false;

    public abstract string Decide(Desk desk);

    protected static string Told(Charge c) => $"charge {c.Number}: {c.List} = {c.Credit} + {c.Extra} + {c.Uncollected}{(c.IsIncluded ? ", included" : "")}{(c.Promotion is null ? "" : $" under {c.Promotion}")}";
}

internal sealed record Ask(string Account, AuthorizationRequest Request) : Call(Account)
{
    public override string AuthorizationId => Request.Id;

    public override bool IsForGood(string answer) => answer.StartsWith("held", StringComparison.Ordinal);

    public override string Decide(Desk desk)
    {
        if (desk.Authorizations.TryGetValue(Request.Id, out var known))
        {
            desk.Account.AdvanceTo(desk.Now, desk.Book);
            return known.IsFor(Account, Request) ? Told(known) : "id reused";
        }
        switch (desk.Account.Authorize(Request, desk.Book, desk.Now))
        {
            case AuthorizeOutcome.Granted(var authorization):
                desk.Authorizations.Add(authorization.Id, authorization);
                return Told(authorization);
            case AuthorizeOutcome.Refused(var refusal):
                return $"refused {refusal.Code}";
            default:
                throw new InvalidOperationException("An authorization is granted or refused.");
        }
    }

    private static string Told(Authorization a) => $"held {a.CreditHeld} + {a.Extra}{(a.IsIncluded ? ", included" : "")} until {a.ExpiresAt:O}{(a.Promotion is null ? "" : $" under {a.Promotion}")}";
}

internal sealed record Settle(string Account, string Id, Usage Usage, DateTimeOffset? Time) : Call(Account)
{
    public override string AuthorizationId => Id;

    public override bool IsForGood(string answer) => answer.StartsWith("charge", StringComparison.Ordinal);

    public override string Decide(Desk desk)
    {
        if (!desk.Authorizations.TryGetValue(Id, out var authorization))
        {
            return desk.Known("unknown");
        }
        var use = new UsageEvent(null, null, Time ?? desk.Now, authorization.Model, authorization.Surface, authorization.App, Usage);
        return desk.Account.Settle(authorization, use, desk.Book, desk.Now, Gateway) switch
        {
            SettleOutcome.Settled(_, var charge) => Told(charge),
            SettleOutcome.AlreadySettled(_, var number) => desk.Charge(number).Usage == Usage ? Told(desk.Charge(number)) : "id reused",
            SettleOutcome.Rejected(var reason) => $"rejected {reason}",
            _ => "not held",
        };
    }
}

internal sealed record Release(string Account, string Id) : Call(Account)
{
    public override string AuthorizationId => Id;

    public override string Decide(Desk desk) =>
        !desk.Authorizations.TryGetValue(Id, out var authorization) ? desk.Known("unknown")
        : desk.Account.Release(authorization, desk.Book, desk.Now) is ReleaseOutcome.Released ? "released"
        : "settled";
}

/// <summary>Tells of use that was never authorized.</summary>
internal sealed record Tell(string Account, UsageEvent Event) : Call(Account)
{
    public override bool IsForGood(string answer) => answer.StartsWith("charge", StringComparison.Ordinal);

    public override string Decide(Desk desk)
    {
        if (desk.Event(Event.Id!) is { } known)
        {
            return desk.Known(known.Charge is not { } number ? known.Event == Event ? "parked" : "conflict"
                : desk.Charge(number).IsOf(Account, Event) ? Told(desk.Charge(number)) : "conflict");
        }
        switch (desk.Account.RecordUsage(Event, desk.Now, desk.Book, desk.Now, Gateway))
        {
            case RecordOutcome.Recorded(var charge):
                desk.NewEvents[Event.Id!] = (charge.Number, Event, desk.Now);
                return Told(charge);
            case RecordOutcome.Parked:
                desk.NewEvents[Event.Id!] = (null, Event, desk.Now);
                return "parked";
            case RecordOutcome.Rejected(var reason):
                return $"rejected {reason}";
            default:
                throw new InvalidOperationException("An event is recorded, parked or rejected.");
        }
    }
}

/// <summary>An admin tries a parked event again.</summary>
internal sealed record Replay(string Account, string Id) : Call(Account)
{
    public override bool IsForGood(string answer) => answer.StartsWith("charge", StringComparison.Ordinal);

    public override string Decide(Desk desk)
    {
        if (desk.Event(Id) is not { } known)
        {
            return desk.Known("unknown");
        }
        if (known.Charge is { } number)
        {
            return desk.Known(Told(desk.Charge(number)));
        }
        if (desk.Account.RecordUsage(known.Event, known.ReceivedAt, desk.Book, desk.Now, Gateway) is not RecordOutcome.Recorded(var charge))
        {
            return "parked";
        }
        desk.NewEvents[Id] = (charge.Number, known.Event, known.ReceivedAt);
        return Told(charge);
    }
}

internal sealed record Claim(string Account) : Call(Account)
{
    public override string Decide(Desk desk) => desk.Account.Claim(desk.Book, desk.Now, Owner) switch
    {
        ClaimOutcome.Claimed(var grant) => $"claimed {grant.Amount}",
        ClaimOutcome.AlreadyClaimed(var grant) => $"already claimed {grant.Amount}",
        var other => other.GetType().Name,
    };
}

internal sealed record ClaimAlways(string Account, bool Always) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.ClaimEveryPeriod(Always, desk.Book, desk.Now, Owner)}";
}

internal sealed record Give(string Account, string Id, Money Amount, TimeSpan For) : Call(Account)
{
    public override bool IsForGood(string answer) => true;

    public override string Decide(Desk desk)
    {
        if (desk.NewGifts.TryGetValue(Id, out var number) || desk.Rows.Gifts.TryGetValue(Id, out number))
        {
            return desk.Known($"gift {number}");
        }
        var until = (desk.Now > desk.Account.LastAt ? desk.Now : desk.Account.LastAt) + For;
        number = desk.Account.GrantGoodwill(Amount, until, "mistake", desk.Book, desk.Now, "user:support").Number;
        desk.NewGifts.Add(Id, number);
        return $"gift {number}";
    }
}

internal sealed record TurnOn(string Account, Money Cap) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.TurnOnExtraUsage(Cap, "I agree.", desk.Book, desk.Now, Owner)}";
}

internal sealed record TurnOff(string Account) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.TurnOffExtraUsage(desk.Book, desk.Now, Owner)}";
}

internal sealed record SetCap(string Account, Money Cap) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.SetCap(Cap, desk.Book, desk.Now, Owner)}";
}

internal sealed record SetDailyCap(string Account, Money? Cap) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.SetDailyCap(Cap, desk.Book, desk.Now, Owner)}";
}

internal sealed record SetModelCap(string Account, string Model, Money? Cap) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.SetModelCap(Model, Cap, desk.Book, desk.Now, Owner)}";
}

internal sealed record Choose(string Account, string Plan, bool ByProvider) : Call(Account)
{
    public override string Decide(Desk desk) =>
        $"{(ByProvider ? desk.Account.ChangePlan(Plan, desk.Book, desk.Now, Provider) : desk.Account.ChoosePlan(Plan, desk.Book, desk.Now, Owner))}";
}

internal sealed record Cancel(string Account) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.CancelPlan(desk.Book, desk.Now, Owner)}";
}

internal sealed record Keep(string Account) : Call(Account)
{
    public override string Decide(Desk desk) => $"{desk.Account.KeepPlan(desk.Book, desk.Now, Owner)}";
}

internal sealed record Close(string Account) : Call(Account)
{
    public override string Decide(Desk desk)
    {
        desk.Account.Close(desk.Book, desk.Now, Provider);
        return "closed";
    }
}

internal sealed record Reopen(string Account) : Call(Account)
{
    public override string Decide(Desk desk)
    {
        desk.Account.Reopen(desk.Book, desk.Now, Provider);
        return "open";
    }
}

/// <summary>Support reverses a charge.</summary>
internal sealed record Reverse(string Account, long Number, TimeSpan? GoodwillFor) : Call(Account)
{
    public override long? ChargeNumber => Number;

    public override string Decide(Desk desk)
    {
        if (Number > desk.Rows.Charges.Count)
        {
            return desk.Known("unknown");
        }
        var until = GoodwillFor is { } span ? desk.Now + span : (DateTimeOffset?)null;
        var request = new ReversalRequest(desk.Rows.Charges[(int)Number - 1], desk.Rows.PartsOf(Number), desk.Rows.ReversalOf(Number), "mistake", until);
        return desk.Account.Reverse(request, desk.Book, desk.Now, "user:support") switch
        {
            ReversalOutcome.Reversed(_, var went) => $"reversed {went.Credit}, {went.Goodwill?.Amount}, {went.Extra}, {went.Refunded}, {went.Refund}, {went.Uncollected}",
            var other => other.GetType().Name,
        };
    }
}

/// <summary>The sweep wakes an account.</summary>
internal sealed record Wake(string Account) : Call(Account)
{
    public override string Decide(Desk desk)
    {
        desk.Account.AdvanceTo(desk.Now, desk.Book);
        return "-";
    }
}
