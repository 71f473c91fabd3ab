namespace Ledger.Simulator;

/// <summary>
/// The same account in a world without faults: it stays in memory, gets each command once it is committed, and a sweep wakes it at every instant
/// at which something is due.
/// </summary>
internal sealed class Twin(string key)
{
    private Account? _account;
    private int _entries;
    private int _changes;

    public AccountRows Rows { get; } = new(key);

    /// <summary>Does what the other did, and must answer the same. What was answered without looking at the account brings nothing up to date there, so it does not here.</summary>
    public void Follow(Call call, string answer, bool isDecided, PriceBook book, DateTimeOffset now)
    {
        _account ??= Rows.FromRows();
        var swept = _account.LastAt;
        while (isDecided && NextBoundary(book, swept, now) is { } boundary)
        {
            Do(new Wake(key), book, boundary);
            swept = boundary;
        }
        var own = Do(call, book, now);
        BrokenLawException.Unless(own == answer, () => $"{call} was answered '{answer}' after all that happened, and '{own}' by an account that nothing happened to");
    }

    /// <summary>Whether both have the same lines, the same changes and the same settings.</summary>
    public void IsTwinOf(AccountRows other)
    {
        for (; _entries < Math.Max(Rows.Entries.Count, other.Entries.Count); _entries++)
        {
            var (own, others) = (Told(Rows.Entries, _entries), Told(other.Entries, _entries));
            BrokenLawException.Unless(own == others, () => $"{key} has the entry '{others}', an account that was swept has '{own}'");
        }
        for (; _changes < Math.Max(Rows.Changes.Count, other.Changes.Count); _changes++)
        {
            var (own, others) = (Told(Rows.Changes, _changes), Told(other.Changes, _changes));
            BrokenLawException.Unless(own == others, () => $"{key} has the change '{others}', an account that was swept has '{own}'");
        }
        var (swept, stored) = (Told(Rows.FromRows()), Told(other.FromRows()));
        BrokenLawException.Unless(swept == stored, () => $"{key} is stored as {stored}, an account that was swept is {swept}");
    }

    private string Do(Call call, PriceBook book, DateTimeOffset now)
    {
        var desk = Rows.Load(_account, [call], book, now, TimeSpan.Zero);
        var answer = call.Decide(desk);
        Rows.Commit(desk);
        _account = desk.Account;
        return answer;
    }

    private DateTimeOffset? NextBoundary(PriceBook book, DateTimeOffset after, DateTimeOffset until)
    {
        var account = _account!;
        DateTimeOffset?[] due =
        [
            account.Current.End, book.NextActivation(after),
            .. account.Grants.Where(g => g.Stage == GrantStage.Live).Select(g => (DateTimeOffset?)g.ExpiresAt),
            .. Rows.Authorizations.Where(a => a.Status == AuthorizationStatus.Held).Select(a => (DateTimeOffset?)a.ExpiresAt),
        ];
        return due.Where(d => d > after && d <= until).Min();
    }

    private static string Told(List<Entry> entries, int at) => at >= entries.Count ? "none" : entries[at] is var e
        ? $"{e.Seq} {e.At:O} {e.Kind} {e.Pool} {e.Amount} of {e.Grant} for {e.Charge} under {e.Promotion} in {e.Period}, {e.Reverses}, {e.CreditAfter}, {e.ExtraAfter}, {e.Actor}" : "";

    private static string Told(List<AccountChange> changes, int at) => at >= changes.Count ? "none" : $"{changes[at].Number} {changes[at].At:O} {changes[at].Kind} {changes[at].Actor} {changes[at].After.Plan}";

    private static string Told(Account a) => $"{a.Settings with { ModelCaps = [] }}; {a.OpenHolds} holds; {a.DayHeld} held today; "
        + string.Join(", ", a.Grants.OrderBy(g => g.Number).Select(g => $"grant {g.Number} {g.Amount} {g.Used} {g.Held} {g.Expired} {g.Stage} {g.WaitsFor}")) + "; "
        + string.Join(", ", a.Periods.Select(p => $"period {p.Index} {p.Plan} {p.Fee} {p.Credit} {p.Cap} {p.ExtraUsed} {p.ExtraHeld} {p.Uncollected} {p.CreditGranted} {p.CreditUsed} {p.CreditExpired} {p.OpenHolds} {p.Owed}"));
}
