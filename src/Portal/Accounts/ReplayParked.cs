using Ledger;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>What the replay of a parked event came to.</summary>
public abstract record ReplayAnswer
{
    private ReplayAnswer() { }

    /// <summary>It has its charge now.</summary>
    public sealed record Charged(Charge Charge) : ReplayAnswer;

    /// <summary>It had its charge before; nothing changed.</summary>
    public sealed record ChargedBefore(long Charge) : ReplayAnswer;

    /// <summary>What it waits for is still missing; nothing changed.</summary>
    public sealed record StillParked(string Why) : ReplayAnswer;

    /// <summary>The account cannot count it; nothing changed.</summary>
    public sealed record Rejected(RejectionReason Reason) : ReplayAnswer;

    /// <summary>No parked event is known by this.</summary>
    public sealed record Unknown : ReplayAnswer;
}

/// <summary>
/// An administrator has a parked event charged, now that its model or its surface is known. However often and from wherever it is given, the
/// event gets one charge. Its age counts from its first receipt; the period is the one of now.
/// </summary>
/// <param name="Key">The event's identity; see <see cref="UsageEventId"/>.</param>
/// <param name="By">Who replays it.</param>
public sealed record ReplayParked(string Key, Actor By) : Command<ReplayAnswer>
{
    internal override string Line => Key;

    internal override void Needs(Needs needs)
    {
        needs.AccountsByEvent.Add(Key);
        needs.Add(By);
    }

    internal override ReplayAnswer Outcome(Batch batch)
    {
        if (!batch.RolesOf(By).Contains(SignIn.Roles.Admin))
        {
            throw new NotAllowedException("Only an administrator may replay a parked event. Nothing was changed.");
        }
        if (!batch.Events.TryGetValue(Key, out var known))
        {
            return new ReplayAnswer.Unknown();
        }
        if (known.Charge is { } number)
        {
            return new ReplayAnswer.ChargedBefore(number);
        }
        var parked = batch.Parked[Key];
        return batch.Accounts[parked.Account].ReplayParked(parked.Event, parked.ReceivedAt, batch.Book, batch.Now, By.Id) switch
        {
            RecordOutcome.Recorded(var charge) => Remember(charge, batch),
            RecordOutcome.Parked(var why) => new ReplayAnswer.StillParked(why),
            RecordOutcome.Rejected(var reason) => new ReplayAnswer.Rejected(reason),
            _ => throw new InvalidOperationException("An event is recorded, parked or rejected."),
        };
    }

    private ReplayAnswer.Charged Remember(Charge charge, Batch batch)
    {
        var id = new UsageEventId { Key = Key, Account = charge.Account, Charge = charge.Number };
        batch.Events[Key] = id;
        batch.ReplayedEventIds.Add(id);
        batch.Audit(By, charge.Account, nameof(ReplayParked), nameof(ReplayAnswer.Charged), after: Batch.Told(new Said(charge.Number, charge.List, charge.Credit, charge.Extra, charge.Uncollected)));
        return new ReplayAnswer.Charged(charge);
    }

    private sealed record Said(long Charge, Money List, Money Credit, Money Extra, Money Uncollected);
}
