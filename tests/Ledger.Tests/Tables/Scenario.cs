using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Tables;

/// <summary>
/// A text table, one step a line: <c>instant | command and arguments | outcome | balance after it</c>. The instant is a date and time, a duration after
/// the step before ("+15m", "+2d"), or empty for the same instant. An empty outcome or balance says that it is not looked at. Every table runs three
/// times: looked at only by its steps, swept in between, and with all steps of one instant in one batch; all give the same lines and the same entries.
/// </summary>
internal static partial class Scenario
{
    public static void Holds(string table, PriceBook? book = null)
    {
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line.Parse).ToList();
        var lazy = Run(lines, new World(book ?? TestTerms.Book()));
        Same("The table", Text(lines), lazy.Text);
        var swept = Run(lines, new World(book ?? TestTerms.Book(), sweeps: true));
        Same("The entries of a swept account", lazy.Entries, swept.Entries);
        Same("The table of a swept account", Text(lines), swept.Text);
        var batched = Run(lines, new World(book ?? TestTerms.Book(), savesOnlyWhenTimePasses: true));
        Same("The entries of one batch", lazy.Entries, batched.Entries);
        Same("The table of one batch", Text(lines), batched.Text);
    }

    /// <summary>Fails with the whole table as it came out, so that it can be read line by line.</summary>
    private static void Same(string what, string expected, string actual)
    {
        if (expected != actual)
        {
            var (lines, expectedLines) = (actual.Split('\n'), expected.Split('\n'));
            Assert.Fail($"{what} came out otherwise:\n" + string.Join('\n', lines.Select((line, i) => $"{(Squeeze(line) == Squeeze(expectedLines.ElementAtOrDefault(i)) ? "   " : "!! ")}{line}")));
        }
        static string Squeeze(string? line) => (line ?? "").Replace(" ", "", StringComparison.Ordinal);
    }

    private static (string Text, string Entries) Run(List<Line> lines, World world)
    {
        var steps = new Steps(world);
        var actual = lines.Select(line =>
        {
            world.PassTo(line.At(world.Now));
            var outcome = steps.Do(line.Command);
            return line with { Outcome = line.Outcome.Length == 0 ? "" : outcome, Balance = line.Balance.Length == 0 ? "" : steps.Balance() };
        }).ToList();
        world.Save();
        return (Text(actual), string.Join('\n', world.Entries.Select(e => Steps.Describe(e, withTime: true))));
    }

    private static string Text(List<Line> lines)
    {
        var width = Enumerable.Range(0, 4).Select(i => lines.Max(l => l.Cells[i].Length)).ToArray();
        return string.Join('\n', lines.Select(l => string.Join(" | ", l.Cells.Select((cell, i) => cell.PadRight(width[i]))).TrimEnd()));
    }

    private sealed partial record Line(string When, string Command, string Outcome, string Balance)
    {
        public string[] Cells => [When, Command, Outcome, Balance];

        public static Line Parse(string text)
        {
            var cells = text.Split('|', StringSplitOptions.TrimEntries);
            return new Line(cells[0], cells[1], cells.ElementAtOrDefault(2) ?? "", cells.ElementAtOrDefault(3) ?? "");
        }

        public DateTimeOffset At(DateTimeOffset before) => Instant(When, before);
    }

    public static DateTimeOffset Instant(string text, DateTimeOffset before)
    {
        if (text.Length == 0)
        {
            return before;
        }
        var duration = Duration().Match(text);
        return duration.Success ? before + (duration.Groups[1].Value == "-" ? -1 : 1) * Span(duration.Groups[2].Value, duration.Groups[3].Value) : TestTerms.At(text);
    }

    public static TimeSpan Span(string count, string unit) => int.Parse(count, CultureInfo.InvariantCulture) * unit switch
    {
        "us" => TimeSpan.FromMicroseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    [GeneratedRegex("^([+-])([0-9]+)(us|s|m|h|d)$")]
    private static partial Regex Duration();
}

/// <summary>The commands of a table, and how their outcomes read.</summary>
internal sealed partial class Steps(World world)
{
    private Refusal? _refusal;
    private int _told;
    private int _number;

    public World World => world;

    public string Do(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var named = words.Where(w => w.Contains('=', StringComparison.Ordinal)).Select(w => w.Split('=', 2)).ToDictionary(w => w[0], w => w[1]);
        var plain = words.Where(w => !w.Contains('=', StringComparison.Ordinal)).ToArray();
        string Name(string name, string otherwise) => named.GetValueOrDefault(name, otherwise);
        DateTimeOffset Time(string name) => named.TryGetValue(name, out var at) ? Scenario.Instant(at.Replace('T', ' '), world.Now) : world.Now;
        var (book, now, owner) = (world.Book, world.Now, World.Owner);
        switch (plain[0])
        {
            case "open":
                world.Begin(plain[1], Time("anchor"), now, Name("status", "open") == "open" ? AccountStatus.Open : AccountStatus.Closed);
                return "opened";
            case "claim":
                return Tell(world.Decide(a => a.Claim(book, now, owner)));
            case "claim-every-period":
                return world.Decide(a => a.ClaimEveryPeriod(plain[1] == "on", book, now, owner)) ? "changed" : "unchanged";
            case "goodwill":
                return $"granted {world.Decide(a => a.GrantGoodwill(Money.Parse(plain[1]), Time("until"), "sorry", book, now, "user:support")).Amount}";
            case "promotion":
                return $"granted {world.Decide(a => a.GrantPromotion(Money.Parse(plain[1]), Time("until"), "welcome", book, now, World.Gateway)).Amount}";
            case "use":
                var use = new UsageEvent("test", $"{++_number}", Time("at"), Name("model", "m"), Name("surface", "headless"), null, TestTerms.Worth(Money.Parse(plain[1])));
                return Tell(world.Decide(a => a.RecordUsage(use, Time("received"), book, now, World.Gateway)));
            case "hold":
                var ttl = Scenario.Span(Regex.Match(Name("ttl", "15m"), "[0-9]+").Value, Regex.Match(Name("ttl", "15m"), "[a-z]+").Value);
                var request = new AuthorizationRequest(plain[1], Name("model", "m"), Name("surface", "headless"), null, TestTerms.Worth(Money.Parse(plain[2])), (int)ttl.TotalSeconds);
                return Tell(world.Authorize(request));
            case "settle":
                var settled = world.Authorization(plain[1]);
                var real = new UsageEvent(null, null, Time("at"), settled.Model, settled.Surface, null, TestTerms.Worth(Money.Parse(plain[2])));
                return Tell(world.Decide(a => a.Settle(settled, real, book, now, World.Gateway)));
            case "release":
                return world.Decide(a => a.Release(world.Authorization(plain[1]), book, now)) is ReleaseOutcome.Released ? "released" : "settled";
            case "status":
                world.Decide(a => a.AdvanceTo(now, book));
                return Word(world.Authorization(plain[1]).Status);
            case "extra":
                return Tell(world.Decide(a => plain[1] == "off" ? a.TurnOffExtraUsage(book, now, owner) : a.TurnOnExtraUsage(Money.Parse(plain[2]), "I agree.", book, now, owner)));
            case "cap":
                return Tell(world.Decide(a => a.SetCap(Money.Parse(plain[1]), book, now, owner)));
            case "daily-cap":
                return Tell(world.Decide(a => a.SetDailyCap(Optional(plain[1]), book, now, owner)));
            case "model-cap":
                return Tell(world.Decide(a => a.SetModelCap(plain[1], Optional(plain[2]), book, now, owner)));
            case "plan":
                return Tell(world.Decide(a => a.ChangePlan(plain[1], book, now, owner)));
            case "choose":
                return Tell(world.Decide(a => a.ChoosePlan(plain[1], book, now, owner)));
            case "preview":
                return Tell(plain[1] == "cancel" ? world.Account.PreviewCancellation(book, now) : world.Account.PreviewPlan(plain[1], book, now));
            case "pin":
                return Tell(world.Decide(a => a.PinTerms(plain[1] == "none" ? null : TestTerms.At(plain[1]), book, now, "user:admin")));
            case "terms":
                world.Decide(a => a.AdvanceTo(now, book));
                return Tell(world.Account.Terms(book));
            case "coming":
                world.Decide(a => a.AdvanceTo(now, book));
                return world.Account.ComingTerms(book) is { } coming ? $"{Tell(coming.Terms)} from {Day(coming.From)}" : "none";
            case "told":
                world.Decide(a => a.AdvanceTo(now, book));
                world.Save();
                return string.Join("; ", world.Alerts.Where(a => a.Kind == AlertKind.TermsChange).Select(a => $"{a.Amount} instead of {a.Of}, credit {a.Credit}, {a.Detail}").DefaultIfEmpty("none"));
            case "cancel":
                return Tell(world.Decide(a => a.CancelPlan(book, now, owner)));
            case "keep":
                return Tell(world.Decide(a => a.KeepPlan(book, now, owner)));
            case "close":
                world.Decide(a => { a.Close(book, now, "key:provider"); return 0; });
                return "closed";
            case "reopen":
                world.Decide(a => { a.Reopen(book, now, "key:provider"); return 0; });
                return "open";
            case "wait":
                world.Decide(a => a.AdvanceTo(now, book));
                return "-";
            case "limits":
                return string.Join("; ", _refusal!.Limits.Select(l => $"{Word(l.Name)} {l.Most} used {l.Used} held {l.Held} left {l.Remaining} until {Day(l.ResetsAt)}"));
            case "why":
                return $"{_refusal!.Detail} {_refusal.Remedy.Text}";
            case "entries":
                world.Save();
                var told = string.Join("; ", world.Entries.Skip(_told).Select(e => Describe(e, withTime: plain.Length > 1)));
                _told = world.Entries.Count;
                return told.Length == 0 ? "none" : told;
            case "state":
                var balance = world.Decide(a => a.BalanceAt(book, now));
                _refusal = balance.Next;
                return $"{Word(balance.State)}, next {(balance.Next is { } next ? Word(next.Code) : "allowed")}";
            case "owed":
                return $"{world.Account.Current.Owed} of {world.Account.Current.ExtraUsed}";
            case "plan?":
                return world.Account.Plan + (world.Account.NextPlan is { } then ? $", then {then}" : "") + (world.Account.IsCancelled ? ", then none" : "")
                    + (world.Account.Status == AccountStatus.Closed ? ", closed" : "");
            case "offer":
                return $"fee {world.Account.Current.Fee}, credit {world.Account.Current.Credit}";
            case "changes":
                world.Save();
                return string.Join("; ", world.Changes.Select(c => $"{Day(c.At)} {Word(c.Kind)} by {c.Actor}"));
            case "period":
                return $"{world.Account.Current.Index}: {Day(world.Account.Current.Start)} to {Day(world.Account.Current.End)}";
            case "periods":
                world.Save();
                return string.Join("; ", world.Periods.Select(p => $"{p.Index} {(p.IsFinal ? "final" : p.HasEnded ? "ended" : "runs")} extra {Parts(p.ExtraUsed, p.ExtraHeld)} uncollected {p.Uncollected}"));
            case "reverse":
                return Tell(world.Reverse(long.Parse(plain[1], CultureInfo.InvariantCulture), named.ContainsKey("until") ? Time("until") : null, "user:support"));
            case "statement":
                world.Save();
                return Describe(Statement.Of(world.Periods.Single(p => p.Index == int.Parse(plain[1], CultureInfo.InvariantCulture))));
            case "flows":
                return $"day {Parts(world.Account.DayUsed, world.Account.DayHeld)}; {string.Join("; ", world.Account.Current.ModelFlows.OrderBy(f => f.Model).Select(f => $"{f.Model} {Parts(f.Used, f.Held)}"))}";
            case "last":
                var charge = world.LastCharge;
                return $"period {charge.Period}, version {charge.RateCardVersion}, {Word(charge.Reason)}{(charge.IsLate ? ", late" : "")}{(charge.Promotion is { } p ? $", {p}" : "")}";
            case "alerts":
                return Alerts();
            case "thresholds":
                return Thresholds(plain[1], plain[2]);
            default:
                throw new ArgumentException($"There is no command '{plain[0]}'.");
        }
    }

    public string Balance()
    {
        var balance = world.Account.BalanceAt(world.Book, world.Now);
        var (credit, extra) = (balance.Credit, balance.ExtraUsage);
        return $"credit {Parts(credit.Remaining, credit.Held)} of {credit.Granted}, extra {Parts(extra.Used, extra.Held)} {(extra.Cap is { } cap ? $"of {cap}" : "off")}"
            + (extra.Uncollected.IsZero ? "" : $", uncollected {extra.Uncollected}");
    }

    public static string Describe(Entry entry, bool withTime) =>
        (withTime ? $"{Day(entry.At)} " : "") + Word(entry.Kind) + (entry.Kind == EntryKind.Charge ? $" {(entry.Pool == EntryPool.None ? "uncollected" : Word(entry.Pool))}" : entry.Kind == EntryKind.Reversal ? $" {Word(entry.Pool)}" : "")
        + $" {entry.Amount}" + (entry.Grant is { } grant ? $" of {grant}" : "") + (entry.Promotion is { } promotion ? $" under {promotion}" : "")
        + (entry.Reverses is { } reversed ? $" for {reversed}" : "");

    private static string Parts(Money free, Money held) => held.IsZero ? $"{free}" : $"{free}+{held}";

    private static Money? Optional(string text) => text == "none" ? null : Money.Parse(text);

    private static string Day(DateTimeOffset at) => at.ToString(at.TimeOfDay == TimeSpan.Zero ? "MM-dd" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Tell(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Claimed(var grant) => $"claimed {grant.Amount}",
        ClaimOutcome.AlreadyClaimed(var grant) => $"already claimed {grant.Amount}",
        ClaimOutcome.ProgrammeNotActive(var phase, var from) => $"programme {Word(phase.Status)}" + (from is { } at ? $" until {Day(at)}" : ""),
        ClaimOutcome.PlanHasNoCredit(var plan) => $"no credit on {plan}",
        _ => "account closed",
    };

    private static string Tell(Charge charge) => charge.IsIncluded ? $"included {charge.List}"
        : string.Join(" + ", new[] { (charge.Credit, "credit"), (charge.Extra, "extra"), (charge.Uncollected, "uncollected") }
            .Where(p => p.Item1.IsPositive).Select(p => $"{p.Item1} {p.Item2}").DefaultIfEmpty("nothing"));

    private static string Tell(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.Recorded(var charge) => Tell(charge),
        RecordOutcome.Parked => "parked",
        RecordOutcome.Rejected(var reason) => $"rejected {Word(reason)}",
        _ => throw new InvalidOperationException(),
    };

    private string Tell(AuthorizeOutcome outcome)
    {
        if (outcome is AuthorizeOutcome.Refused(var refusal))
        {
            _refusal = refusal;
            return Word(refusal.Code);
        }
        var held = ((AuthorizeOutcome.Granted)outcome).Authorization;
        return held.IsIncluded ? "held included"
            : "held " + string.Join(" + ", new[] { (held.CreditHeld, "credit"), (held.Extra, "extra") }.Where(p => p.Item1.IsPositive).Select(p => $"{p.Item1} {p.Item2}").DefaultIfEmpty("nothing"));
    }

    private static string Tell(SettleOutcome outcome) => outcome switch
    {
        SettleOutcome.Settled(_, var charge) => Tell(charge),
        SettleOutcome.AlreadySettled => "already settled",
        SettleOutcome.NotHeld => "not held",
        SettleOutcome.Rejected(var reason) => $"rejected {Word(reason)}",
        _ => throw new InvalidOperationException(),
    };

    private static string Tell(ExtraUsageOutcome outcome) => outcome switch
    {
        ExtraUsageOutcome.Changed(var held) => held.IsZero ? "changed" : $"changed, {held} held",
        ExtraUsageOutcome.CapOutOfRange(var largest) => $"cap out of range, largest {largest}",
        ExtraUsageOutcome.NotAllowedByPlan(var plan) => $"not allowed on {plan}",
        ExtraUsageOutcome.UnknownModel(var model) => $"unknown model {model}",
        ExtraUsageOutcome.AccountClosed => "account closed",
        ExtraUsageOutcome.IsOff => "is off",
        _ => "unchanged",
    };

    /// <summary>A member's name as the contract writes it: CapReached is cap_reached.</summary>
    private static string Word<T>(T value) where T : Enum
    {
        var text = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            _ = char.IsUpper(letter) && text.Length > 0 ? text.Append('_') : text;
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
