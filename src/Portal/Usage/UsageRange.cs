using Ledger;

namespace Portal.UsagePages;

/// <summary>The days that a query means at an instant.</summary>
/// <param name="First">The first UTC day.</param>
/// <param name="Last">The last one that has come; before <paramref name="First"/> if none has.</param>
/// <param name="Start">From when on charges are counted.</param>
/// <param name="End">From when on they no longer are.</param>
/// <param name="Period">The period that must count them.</param>
public sealed record UsageRange(DateOnly First, DateOnly Last, DateTimeOffset Start, DateTimeOffset End, int? Period)
{
    /// <summary>The range; and what is wrong with what was asked, if another is shown for it.</summary>
    public static (UsageRange Range, string? Wrong) Of(UsageQuery query, Account account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(account);
        var today = Ledger.Period.DayOf(now);
        var running = now >= account.Current.Start || now < account.Anchor ? account.Current.Index : Ledger.Period.Containing(account.Anchor, now).Index;
        return query.Span switch
        {
            UsageSpan.Period => (OfPeriod(account.Anchor, running, today), null),
            UsageSpan.LastPeriod when running == 0 => (OfPeriod(account.Anchor, running, today), "There is no last period: the account's first one runs."),
            UsageSpan.LastPeriod => (OfPeriod(account.Anchor, running - 1, today), null),
            UsageSpan.Week => (Days(today.AddDays(-6), today, today), null),
            UsageSpan.Month => (Days(today.AddDays(-29), today, today), null),
            UsageSpan.Quarter => (Days(today.AddDays(-89), today, today), null),
            UsageSpan.Days => (Days(query.From!.Value, query.To ?? Min(today, query.From.Value.AddDays(UsageQuery.MostDays - 1)), today), null),
            _ => throw new InvalidOperationException($"The span {query.Span} has no days."),
        };
    }

    /// <summary>A request counts in the period in which it was authorized, and may settle as long after its end as a hold lasts.</summary>
    private static UsageRange OfPeriod(DateTimeOffset anchor, int index, DateOnly today)
    {
        var period = Ledger.Period.Of(anchor, index);
        return new UsageRange(
            Ledger.Period.DayOf(period.Start), Min(today, Ledger.Period.DayOf(period.End.AddTicks(-1))),
            period.Start, period.End.AddSeconds(AuthorizationRequest.LongestTtlSeconds).AddMicroseconds(1), index);
    }

    private static UsageRange Days(DateOnly first, DateOnly last, DateOnly today) => new(first, Min(last, today), Ledger.Period.StartOf(first), Ledger.Period.StartOf(last.AddDays(1)), null);

    private static DateOnly Min(DateOnly a, DateOnly b) => a < b ? a : b;
}
