using Ledger;
using Portal.Data;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>How lines of the history read. Every kind that there is has its words; a new one stops the page rather than read wrongly.</summary>
internal sealed class HistoryWords(PriceBook book, string owner)
{
    /// <summary>Whether staff read it: "you" is the subscriber then.</summary>
    public bool ForStaff { get; init; }

    /// <summary>A charge: its entries together, the newest first.</summary>
    public HistoryLine Charge(IReadOnlyList<Entry> parts, bool isDisputed)
    {
        var last = parts[0];
        return new HistoryLine(
            $"e{last.Seq}", last.At, LineKind.Charge,
            $"{Model(last.Model)}, {SurfaceNames.Of(last.Surface ?? "")}" + (last.App is null ? "" : $" ({last.App})"), isDisputed ? $"{Split(parts)}, disputed" : Split(parts),
            Money.Zero - Money.Sum(parts, p => p.Amount), last.CreditAfter, last.ExtraAfter, PublicIds.Charge(last.Account, last.Charge!.Value), null);
    }

    /// <summary>Use that costs nothing, which therefore has no entry.</summary>
    public HistoryLine Included(Charge charge) => new(
        $"i{charge.Number}", charge.RecordedAt, LineKind.Included,
        $"{Model(charge.Model)}, {SurfaceNames.Of(charge.Surface)}" + (charge.App is null ? "" : $" ({charge.App})"),
        $"{(charge.Reason == ChargeReason.ProgrammeIncludes ? "included while the programme is not active" : "included in your plan")}, would have cost {Amounts.Brief(charge.List)}",
        null, null, null, PublicIds.Charge(charge.Account, charge.Number), null);

    /// <summary>A reversal: its entries together, the newest first.</summary>
    /// <param name="parts">The entries.</param>
    /// <param name="refunded">Of the entries that they take back, those of extra that becomes a refund.</param>
    public HistoryLine Reversal(IReadOnlyList<Entry> parts, HashSet<long> refunded)
    {
        var last = parts[0];
        var went = new (Func<Entry, bool> Which, string Words)[]
        {
            (p => p.Pool == EntryPool.Credit, "back to credit"),
            (p => p.Pool == EntryPool.Extra, "off extra usage"),
            (p => p.Pool == EntryPool.None && refunded.Contains(p.Reverses ?? 0), "of extra usage refunded on the statement"),
            (p => p.Pool == EntryPool.None && !refunded.Contains(p.Reverses ?? 0), "that was uncollected"),
        };
        var pieces = went.Select(w => (Amount: Money.Sum(parts.Where(w.Which), p => p.Amount), w.Words)).Where(w => w.Amount.IsPositive).Select(w => $"{Amounts.Brief(w.Amount)} {w.Words}");
        return new HistoryLine(
            $"e{last.Seq}", last.At, LineKind.Credit, $"Charge reversed: {Model(last.Model)}, {SurfaceNames.Of(last.Surface ?? "")}", $"{string.Join(" + ", pieces)}. {last.Reason}",
            Money.Sum(parts, p => p.Amount), last.CreditAfter, last.ExtraAfter, PublicIds.Charge(last.Account, last.Charge!.Value), null);
    }

    /// <summary>Any other entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="grants">Of which kind its grant is, if it makes one.</param>
    public HistoryLine Entry(Entry entry, IReadOnlyDictionary<int, GrantKind> grants)
    {
        var (title, detail, amount) = entry.Kind switch
        {
            EntryKind.Grant => (GrantTitle(entry, grants[entry.Grant!.Value]), entry.Actor == Actors.Portal || entry.Reason is null ? null : entry.Reason, entry.Amount),
            EntryKind.Expiry when entry.Charge is not null => ("Credit came back too late", "Its time had passed before the charge was reversed. Goodwill credit stands for it.", Money.Zero - entry.Amount),
            EntryKind.Expiry => ("Unused credit lost", "Its time had passed.", Money.Zero - entry.Amount),
            EntryKind.Reallocation => ("Extra usage moved to credit", $"Credit pays first: {Amounts.Brief(entry.Amount)} that was extra usage is now paid by credit.", Money.Zero - entry.Amount),
            EntryKind.Adjustment => ("Credit enlarged", entry.Reason, entry.Amount),
            _ => throw new InvalidOperationException($"Entries of kind {entry.Kind} have no words here."),
        };
        return new HistoryLine($"e{entry.Seq}", entry.At, LineKind.Credit, title, detail, amount, entry.CreditAfter, entry.ExtraAfter,
            entry.Charge is { } charge ? PublicIds.Charge(entry.Account, charge) : null, null);
    }

    /// <summary>A change of settings.</summary>
    public HistoryLine Change(AccountChange change) => new(
        $"c{change.Number}", change.At, LineKind.Setting, ChangeTitle(change), By(change.Actor), null, null, null, null, null);

    /// <summary>A refused request.</summary>
    public HistoryLine Refused(RefusalRecord record) => new(
        $"r{record.Id:N}", record.At, LineKind.Refusal, $"Refused: {RefusalTitle(record.Refusal.Code)}",
        $"{Model(record.Model)}, {SurfaceNames.Of(record.Surface)}. {record.Refusal.Detail}", null, null, null, null, record.Refusal);

    /// <summary>What was changed, without who did it.</summary>
    public string ChangeTitle(AccountChange change) => change.Kind switch
    {
        AccountChangeKind.Opened => $"Account {(change.After.Status == AccountStatus.Open ? "opened" : "created, closed,")} on {Plan(change.After.Plan, change.At)}",
        AccountChangeKind.Closed => "Account closed",
        AccountChangeKind.Reopened => "Account opened again",
        AccountChangeKind.ExtraUsageOn => $"Extra usage turned on with a cap of {Brief(change.After.Cap)}",
        AccountChangeKind.ExtraUsageOff => "Extra usage turned off",
        AccountChangeKind.Cap => $"Cap set to {Brief(change.After.Cap)}",
        AccountChangeKind.DailyCap => change.After.DailyCap is { } daily ? $"Daily cap set to {Amounts.Brief(daily)}" : "Daily cap removed",
        AccountChangeKind.ModelCap => change.After.ModelCaps.FirstOrDefault(c => c.Model == change.Model) is { } cap
            ? $"Cap for {Model(cap.Model)} set to {Amounts.Brief(cap.Cap)}" : $"Cap for {Model(change.Model)} removed",
        AccountChangeKind.ClaimEveryPeriod => change.After.ClaimsEveryPeriod ? "Credit is claimed every period from now on" : "Credit is no longer claimed every period",
        AccountChangeKind.Plan => $"Plan changed to {Plan(change.After.Plan, change.At)}",
        AccountChangeKind.NextPlan => change.After.NextPlan is { } next ? $"{Plan(next, change.At)} chosen for the next period" : "The plan stays as it is",
        AccountChangeKind.Terms => $"New terms of {Plan(change.After.Plan, change.At)} count: {Amounts.Brief(Terms(change.After, change.At).MonthlyFee)} a month, {Amounts.Brief(Terms(change.After, change.At).MonthlyCredit)} of credit",
        AccountChangeKind.Pinned when change.After.PinnedTo is { } pin => $"From the next period on the terms of {pin:yyyy-MM-dd} stay, whatever comes",
        AccountChangeKind.Pinned => "From the next period on the newest terms count again",
        AccountChangeKind.Cancelled => "Plan cancelled: the account closes when the period ends",
        _ => throw new InvalidOperationException($"Changes of kind {change.Kind} have no words."),
    };

    /// <summary>Who did it, in the reader's eyes.</summary>
    public string By(string actor) =>
        actor == owner ? ForStaff ? "by the subscriber" : "by you"
        : actor == Actors.Portal ? "by itself, as the rules say"
        : actor.StartsWith("user:", StringComparison.Ordinal) ? "by staff"
        : "by the provider";

    public static string RefusalTitle(RefusalCode code) => code switch
    {
        RefusalCode.AccountClosed => "the account is closed",
        RefusalCode.UnknownSurface => "unknown surface",
        RefusalCode.UnknownModel => "unknown model",
        RefusalCode.ProgrammeNotActive => "the programme is not active",
        RefusalCode.CreditNotClaimed => "credit not claimed",
        RefusalCode.ExtraUsageNotAllowed => "no credit, and the plan has no extra usage",
        RefusalCode.ExtraUsageOff => "no credit, and extra usage is off",
        RefusalCode.ModelCapReached => "model cap reached",
        RefusalCode.DailyCapReached => "daily cap reached",
        RefusalCode.CapReached => "cap reached",
        _ => throw new InvalidOperationException($"The refusal {code} has no title."),
    };

    private string GrantTitle(Entry entry, GrantKind kind) => kind switch
    {
        GrantKind.Monthly => entry.Actor != Actors.Portal ? "Credit claimed" : ForStaff ? "Credit claimed by itself" : "Credit claimed for you",
        GrantKind.Promotional => "Promotional credit",
        GrantKind.Goodwill => "Goodwill credit",
        _ => throw new InvalidOperationException($"Grants of kind {kind} have no words."),
    };

    private static string? Split(IReadOnlyList<Entry> parts)
    {
        var credit = Money.Sum(parts.Where(p => p.Pool == EntryPool.Credit), p => p.Amount);
        var extra = Money.Sum(parts.Where(p => p.Pool == EntryPool.Extra), p => p.Amount);
        var uncollected = Money.Sum(parts.Where(p => p.Pool == EntryPool.None), p => p.Amount);
        string[] pools =
        [
            .. credit.IsPositive ? [$"{Amounts.Brief(credit)} credit"] : Array.Empty<string>(),
            .. extra.IsPositive ? [$"{Amounts.Brief(extra)} extra usage"] : Array.Empty<string>(),
            .. uncollected.IsPositive ? [$"{Amounts.Brief(uncollected)} uncollected"] : Array.Empty<string>(),
        ];
        return pools.Length != 1 ? string.Join(" + ", pools)
            : credit.IsPositive ? "paid by credit"
            : extra.IsPositive ? "carried by extra usage"
            : "uncollected: nobody owes it";
    }

    private string Model(string? model) => model is null ? "Unknown model" : book.ModelName(model);

    private string Plan(string plan, DateTimeOffset at) => book.PlanAt(plan, at).Name;

    private PlanTerms Terms(AccountSettings after, DateTimeOffset at) => book.TermsOf(after.Plan, after.TermsFrom, at);

    private static string Brief(Money? amount) => amount is { } some ? Amounts.Brief(some) : "nothing";
}
