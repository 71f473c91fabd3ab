namespace Ledger.Simulator;

/// <summary>One account in one transaction: what was loaded of it, what calls decide about it, and what is to be written beside it.</summary>
internal sealed class Desk(AccountRows rows, Account account, PriceBook book, DateTimeOffset now)
{
    public AccountRows Rows { get; } = rows;

    public Account Account { get; } = account;

    public PriceBook Book { get; } = book;

    public DateTimeOffset Now { get; } = now;

    public Dictionary<string, Authorization> Authorizations { get; } = [];

    public Dictionary<string, (long? Charge, UsageEvent Event, DateTimeOffset ReceivedAt)> NewEvents { get; } = [];

    public Dictionary<string, int> NewGifts { get; } = [];

    /// <summary>Whether the last call was answered with what is known, so that nothing was decided.</summary>
    public bool IsDecided { get; set; } = true;

    /// <summary>Answers with what is known.</summary>
    public string Known(string answer)
    {
        IsDecided = false;
        return answer;
    }

    public (long? Charge, UsageEvent Event, DateTimeOffset ReceivedAt)? Event(string id) =>
        NewEvents.TryGetValue(id, out var fresh) ? fresh : Rows.Events.TryGetValue(id, out var known) ? known : null;

    public Charge Charge(long number) => Account.Written.Charges.Find(c => c.Number == number) ?? Rows.Charges[(int)number - 1];
}
