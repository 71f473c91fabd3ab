using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Ui;

namespace Portal.Support;

/// <summary>
/// Everything about an account, newest first: its use by day, credit, refusals, settings, what the subscriber was told, sign-ins, and what support did. Each source
/// is read below its own position by its own key, so a page costs the same after ten lines and after ten million.
/// </summary>
public sealed class Timeline(IDbContextFactory<PortalDb> databases, PriceBooks prices, HistoryLines history)
{
    /// <summary>Days of use are summed so many at a time, back from the latest use.</summary>
    private const int DaysAtOnce = 31;

    /// <summary>The owner's own acts that change no setting; all others of theirs stand among the settings and the credit already.</summary>
    private static readonly string[] ownersActs = [nameof(DisputeCharge), nameof(WithdrawDispute), nameof(LetSupportLook), "MakePersonalToken", "RevokePersonalToken"];

    private static readonly AlertWords words = new(at => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), amount => Amounts.Brief(amount));

    /// <summary>A page of the timeline of an account.</summary>
    public async Task<TimelinePart> Read(string account, string owner, TimelineQuery query, int size, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var from = TimelinePosition.Parse(query.Start);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var past = await History(account, query, from.History, size, cancel);
        var days = await Days(db, account, query, from, cancel);
        var alerts = await Alerts(db, account, owner, query, from, size, cancel);
        var records = await Records(db, account, owner, query, from, size, cancel);
        Source[] sources = [past, days, alerts, records];
        var (lines, isLast) = Merge(sources, size);
        var older = new TimelinePosition(
            await After(account, query, from.History, past, cancel),
            days.Last is { } day ? DateOnly.FromDayNumber((int)day) : from.Day,
            alerts.Last is { } alert ? (int)alert : from.Alert,
            records.Last ?? from.Record);
        return new TimelinePart(lines, isLast ? null : older.ToString(), isLast ? await Openings.Archived(db, account, query.Since ?? DateTimeOffset.MinValue, cancel) : null);
    }

    private static (List<TimelineLine> Lines, bool IsLast) Merge(Source[] sources, int size)
    {
        var lines = new List<TimelineLine>(size);
        while (lines.Count < size && !sources.Any(s => s.Lines.Count == 0 && s.HasMore))
        {
            var newest = sources.Where(s => s.Lines.Count > 0).OrderByDescending(s => s.Lines.Peek().Line.At).FirstOrDefault();
            if (newest is null)
            {
                return (lines, true);
            }
            lines.Add(newest.Take());
        }
        return (lines, !sources.Any(s => s.Lines.Count > 0 || s.HasMore));
    }

    private async Task<Source> History(string account, TimelineQuery query, HistoryPosition from, int size, CancellationToken cancel)
    {
        if (Filter(query) is not { } filter)
        {
            return Source.None;
        }
        var part = await history.Read(account, filter, from, size, cancel);
        return new Source(part.Lines.Select(line => (new TimelineLine(
            line.Key, line.At, KindOf(line.Kind), line.Title, line.Detail, line.Amount, PathOf(account, line)), 0L)), part.Older is not null)
        { Older = part.Older };
    }

    private static HistoryFilter? Filter(TimelineQuery query) => query.Kind switch
    {
        null => new HistoryFilter(null, query.Since, query.Before, WithoutCharges: true, ForStaff: true),
        TimelineKind.Credit => new HistoryFilter(LineKind.Credit, query.Since, query.Before, ForStaff: true),
        TimelineKind.Refusal => new HistoryFilter(LineKind.Refusal, query.Since, query.Before, ForStaff: true),
        TimelineKind.Setting => new HistoryFilter(LineKind.Setting, query.Since, query.Before, ForStaff: true),
        _ => null,
    };

    private static TimelineKind KindOf(LineKind kind) => kind switch
    {
        LineKind.Refusal => TimelineKind.Refusal,
        LineKind.Setting => TimelineKind.Setting,
        _ => TimelineKind.Credit,
    };

    private static string? PathOf(string account, HistoryLine line) =>
        line.Charge is { } charge ? SupportPaths.Charge(account, charge)
        : line.Kind == LineKind.Refusal && Guid.TryParseExact(line.Key[1..], "N", out var refusal) ? SupportPaths.Refusal(account, refusal)
        : null;

    /// <summary>Where the history goes on after the lines of it that stand on this page. It says so itself of a whole part, so a shorter one is read once more.</summary>
    private async Task<HistoryPosition> After(string account, TimelineQuery query, HistoryPosition from, Source past, CancellationToken cancel)
    {
        if (past.Taken == 0)
        {
            return from;
        }
        var older = past.Lines.Count == 0 ? past.Older : (await history.Read(account, Filter(query)!, from, past.Taken, cancel)).Older;
        return HistoryPosition.Parse(older) ?? HistoryPosition.End;
    }

    private static async Task<Source> Days(PortalDb db, string account, TimelineQuery query, TimelinePosition from, CancellationToken cancel)
    {
        if (query.Kind is not (null or TimelineKind.Use))
        {
            return Source.None;
        }
        var charges = db.Set<Charge>().AsNoTracking().Where(c => c.Account == account);
        var end = await EntrySearch.FirstChargeSince(db, account, Earlier(from.Day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : Period.StartOf(from.Day), query.Before), cancel);
        if (await charges.Where(c => c.Number == end - 1).Select(c => (DateOnly?)c.Day).SingleOrDefaultAsync(cancel) is not { } latest)
        {
            return Source.None;
        }
        var least = query.Since is { } since ? await EntrySearch.FirstChargeSince(db, account, since, cancel) : 1;
        var first = Math.Max(least, await EntrySearch.FirstChargeSince(db, account, Period.StartOf(latest.AddDays(1 - DaysAtOnce)), cancel));
        var sums = await charges.Where(c => c.Number >= first && c.Number < end).GroupBy(c => c.Day).Select(g => new
        {
            Day = g.Key,
            Count = g.Count(),
            Included = g.Sum(c => c.IsIncluded ? 1 : 0),
            Credit = g.Sum(c => c.Credit.Nanos),
            Extra = g.Sum(c => c.Extra.Nanos),
            Uncollected = g.Sum(c => c.Uncollected.Nanos),
            Last = g.Max(c => c.Number),
        }).OrderByDescending(d => d.Day).ToListAsync(cancel);
        var numbers = sums.ConvertAll(d => d.Last);
        var at = await charges.Where(c => numbers.Contains(c.Number)).ToDictionaryAsync(c => c.Number, c => c.RecordedAt, cancel);
        return new Source(sums.Select(d => (new TimelineLine(
            $"d{d.Day.DayNumber}", at[d.Last], TimelineKind.Use, Counted(d.Count - d.Included, d.Included), Split(new Money(d.Credit), new Money(d.Extra), new Money(d.Uncollected)),
            Money.Zero - new Money(d.Credit + d.Extra + d.Uncollected), SupportPaths.Compare(account, Period.StartOf(d.Day), Period.StartOf(d.Day.AddDays(1)))), (long)d.Day.DayNumber)), first > least);
    }

    private static string Counted(int charged, int included) => string.Create(CultureInfo.InvariantCulture,
        $"{(charged == 1 ? "1 charge" : $"{charged:N0} charges")}{(included == 0 ? "" : $", {included:N0} included")}");

    /// <summary>Who paid how much, as far as anybody did.</summary>
    public static string? Split(Money credit, Money extra, Money uncollected)
    {
        var parts = new[] { (credit, "credit"), (extra, "extra usage"), (uncollected, "uncollected") }.Where(p => p.Item1.IsPositive).Select(p => $"{Amounts.Brief(p.Item1)} {p.Item2}").ToList();
        return parts.Count == 0 ? null : string.Join(" + ", parts);
    }

    private async Task<Source> Alerts(PortalDb db, string account, string owner, TimelineQuery query, TimelinePosition from, int size, CancellationToken cancel)
    {
        if (query.Kind is not (null or TimelineKind.Alert))
        {
            return Source.None;
        }
        var alerts = db.Set<Alert>().AsNoTracking().Where(a => a.Account == account && a.Number < from.Alert);
        alerts = query.Since is { } since ? alerts.Where(a => a.At >= since) : alerts;
        alerts = query.Before is { } before ? alerts.Where(a => a.At < before) : alerts;
        var read = await alerts.OrderByDescending(a => a.Number).Take(size + 1).ToListAsync(cancel);
        var numbers = read.ConvertAll(a => a.Number);
        var mails = await db.Set<AlertDelivery>().AsNoTracking().Where(d => d.Account == account && numbers.Contains(d.Alert)).ToDictionaryAsync(d => d.Alert, cancel);
        var book = await prices.InForce(db, cancel);
        return new Source(read.Select(a => (new TimelineLine(
            $"a{a.Number}", a.At, TimelineKind.Alert, $"Told: {words.Title(AlertLine.From(a, null, book, owner))}", Mail(mails.GetValueOrDefault(a.Number))), (long)a.Number)), read.Count == size + 1);
    }

    private static string Mail(AlertDelivery? mail) => mail?.State switch
    {
        null => "in the list, without an e-mail",
        DeliveryState.Sent => "in the list and by an e-mail that was sent",
        DeliveryState.Pending => mail.Attempts == 0 ? "in the list; its e-mail is on its way" : $"in the list; its e-mail was not taken {mail.Attempts} times and is tried again",
        DeliveryState.Failed => "in the list; its e-mail was not taken and is not tried again",
        _ => "in the list; its e-mail was not wanted any more",
    };

    private static async Task<Source> Records(PortalDb db, string account, string owner, TimelineQuery query, TimelinePosition from, int size, CancellationToken cancel)
    {
        if (query.Kind is not (null or TimelineKind.SignIn or TimelineKind.Support))
        {
            return Source.None;
        }
        var person = Actor.User(owner).Id;
        var records = db.Set<AuditRecord>().AsNoTracking().Where(a => a.Id < from.Record);
        records = query.Kind switch
        {
            TimelineKind.SignIn => records.Where(a => a.Subject == person),
            TimelineKind.Support => records.Where(a => a.Subject == account && (a.Actor != person || ownersActs.Contains(a.Action))),
            _ => records.Where(a => a.Subject == person || (a.Subject == account && (a.Actor != person || ownersActs.Contains(a.Action)))),
        };
        records = query.Since is { } since ? records.Where(a => a.At >= since) : records;
        records = query.Before is { } before ? records.Where(a => a.At < before) : records;
        var read = await records.OrderByDescending(a => a.Id).Take(size + 1).ToListAsync(cancel);
        var names = await StaffNames.Of(db, read.Select(a => a.Actor).Where(a => a != person), cancel);
        return new Source(read.Select(a => (new TimelineLine(
            $"s{a.Id}", a.At, a.Subject == person ? TimelineKind.SignIn : TimelineKind.Support, RecordWords.Title(a.Action, a.Outcome),
            RecordWords.Detail(a.Actor == person ? "the subscriber" : names[a.Actor], a)), a.Id)), read.Count == size + 1);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset? b) => b is { } other && other < a ? other : a;

    /// <summary>The lines of one source, each with what stands for it in a position, and whether older ones were not read.</summary>
    private sealed class Source(IEnumerable<(TimelineLine, long)> lines, bool hasMore)
    {
        public static Source None => new([], false);

        public Queue<(TimelineLine Line, long Place)> Lines { get; } = new(lines);

        public bool HasMore => hasMore;

        public string? Older { get; init; }

        public int Taken { get; private set; }

        /// <summary>The place of the last line that was taken.</summary>
        public long? Last { get; private set; }

        public TimelineLine Take()
        {
            var (line, place) = Lines.Dequeue();
            (Taken, Last) = (Taken + 1, place);
            return line;
        }
    }
}
