namespace Ledger.Simulator;

/// <summary>Looks on while an account decides: compares the answer with what the rules say, and what changed with what may.</summary>
internal static class Watch
{
    public static string Decide(Call call, Desk desk)
    {
        var asLoaded = Copies.Whole(desk.Account);
        var before = Copies.Whole(desk.Account);
        var known = before.Due.Find(a => a.Id == call.AuthorizationId) ?? (call.AuthorizationId is { } id && desk.Authorizations.TryGetValue(id, out var loaded) ? Copies.Of(loaded) : null);
        var at = before.AdvanceTo(desk.Now, desk.Book);
        var charges = desk.Account.LastCharge;
        desk.IsDecided = true;
        var answer = call.Decide(desk);
        var after = desk.Account;
        if (!desk.IsDecided)
        {
            return answer;
        }
        var expected = new Expected(before, at, desk.Book);
        switch (call)
        {
            case Ask ask when known is null:
                var words = expected.Answer(ask.Request);
                Law(answer.StartsWith(words, StringComparison.Ordinal), () => $"the answer is '{answer}', the rules say '{words}'");
                break;
            case Tell tell when after.LastCharge > charges:
                IsCharged(expected.Of(tell.Event));
                BurntSoonestFirst();
                break;
            case Replay replay when after.LastCharge > charges:
                IsCharged(expected.Of(desk.Event(replay.Id)!.Value.Event));
                break;
            case Settle settle when after.LastCharge > charges:
                IsCharged(known!.Status == AuthorizationStatus.Held ? expected.Of(known, settle.Usage) : OfExpired(known, settle));
                break;
            case Claim:
                IsClaimed();
                break;
            case Choose or Reopen:
                IsProrated();
                break;
            case Reverse when answer.StartsWith("reversed", StringComparison.Ordinal):
                IsReversed();
                break;
            default:
                break;
        }
        MayCharge();
        Standing(call, asLoaded, before, after, desk.Book, at);
        return answer;

        void Law(bool holds, Func<string> law) => BrokenLawException.Unless(holds, law);

        void IsCharged(Expected.Split split)
        {
            var charge = desk.Charge(after.LastCharge);
            var actual = new Expected.Split(charge.List, charge.Credit, charge.Extra, charge.Uncollected, charge.IsIncluded, charge.Promotion, charge.Period, charge.RateCardVersion);
            Law(split == actual, () => $"the charge is {actual}, the rules say {split}");
        }

        // What expires soonest burns first: before a grant is touched, those that come before it are used up.
        void BurntSoonestFirst()
        {
            var burnt = after.Written.Entries.Where(e => e.Charge == after.LastCharge && e.Grant is not null).Select(e => after.Grants.First(g => g.Number == e.Grant)).ToList();
            var left = after.Grants.Where(g => g.Stage == GrantStage.Live && g.ExpiresAt > at && g.Free.IsPositive);
            Law(!burnt.Exists(used => left.Any(g => (g.ExpiresAt, g.Kind, g.Number).CompareTo((used.ExpiresAt, used.Kind, used.Number)) < 0)), () => "a grant was used while one that expires sooner has something left");
        }

        Expected.Split OfExpired(Authorization hold, Settle settle)
        {
            var use = new UsageEvent(null, null, settle.Time ?? desk.Now, hold.Model, hold.Surface, hold.App, settle.Usage);
            var card = desk.Book.RateCardAt(use.Time) is { } inForce && inForce.Models.ContainsKey(use.Model) ? inForce : desk.Book.RateCard(hold.RateCardVersion);
            return expected.Of(use, desk.Book.PoolOf(use.Surface, use.Time) ?? hold.Pool, card);
        }

        void IsClaimed()
        {
            var can = before.Status == AccountStatus.Open && before.Current.MonthlyGrant is null && before.Current.Credit.IsPositive && desk.Book.ProgrammeAt(at).IsActive;
            var words = can ? $"claimed {before.Current.Credit}" : null;
            Law(words is null ? !answer.StartsWith("claimed", StringComparison.Ordinal) : answer == words, () => $"the answer is '{answer}', the rules say '{words ?? "nothing to claim"}'");
        }

        void IsProrated()
        {
            var (was, now) = (before.Current, after.Current);
            if (now.FeeLines.Count == was.FeeLines.Count)
            {
                Law(now.Fee == was.Fee && now.Credit == was.Credit, () => "the fee or the credit of the period changed without an upgrade");
                return;
            }
            if (now.FeeLines.Count > was.FeeLines.Count + 1)
            {
                return;
            }
            var terms = desk.Book.PlanAt(now.Plan, at);
            var (feePart, creditPart) = (Prices.Prorated(terms.MonthlyFee - was.PlanFee, was, at), Prices.Prorated(terms.MonthlyCredit - was.PlanCredit, was, at));
            var fee = new Money((long)Prices.HalfToEven(feePart.Numerator, feePart.Denominator));
            var credit = new Money((long)(creditPart.Numerator / creditPart.Denominator));
            Law(now.Fee - was.Fee == fee && now.Credit - was.Credit == credit, () => $"an upgrade adds {now.Fee - was.Fee} of fee and {now.Credit - was.Credit} of credit, the rules say {fee} and {credit}");
            Law(was.IsDormant || (fee >= Money.Zero && credit >= Money.Zero && now.LargestCap >= was.LargestCap), () => "what lowers something counts at once");
            var left = Money.Sum(after.Grants, g => g.Amount) - Money.Sum(before.Grants, g => g.Amount);
            Law(was.MonthlyGrant is null || left == credit, () => $"an upgrade enlarges what was claimed by {left} and not by {credit}");
        }

        void IsReversed()
        {
            var charge = desk.Charge(call.ChargeNumber!.Value);
            var isFinal = !before.Periods.Exists(p => p.Index == charge.Period && !p.IsFinal);
            var (one, other) = (Totals.Of(before), Totals.Of(after));
            Law(other.Credit - other.Extra + other.Refunded == one.Credit - one.Extra + one.Refunded + charge.Credit + charge.Extra, () => $"the reversal of {charge.Credit} + {charge.Extra} made {one} to {other}");
            Law(other.Uncollected == one.Uncollected - (isFinal ? Money.Zero : charge.Uncollected), () => $"the reversal of {charge.Uncollected} uncollected made {one} to {other}");
            Law(other.Owed - other.Refund <= one.Owed - one.Refund, () => $"a reversal raised what is due: {one} to {other}");
        }

        void MayCharge()
        {
            if (after.LastCharge == charges)
            {
                return;
            }
            var charge = desk.Charge(after.LastCharge);
            Law(after.LastCharge == charges + 1 && call is Tell or Replay or Settle, () => "something was charged that nobody asked for");
            Law(call is not Replay && charge.Authorization is null ? desk.Now - charge.Time <= TimeSpan.FromDays(35) : true, () => $"an event of {charge.Time:O} was charged at {at:O}");
            Law(known?.Status is not (AuthorizationStatus.Released or AuthorizationStatus.Settled), () => $"an authorization that was {known!.Status} is charged");
        }
    }

    /// <summary>What holds after every decision, whatever was decided.</summary>
    private static void Standing(Call call, Account asLoaded, Account before, Account after, PriceBook book, DateTimeOffset at)
    {
        foreach (var period in after.Periods)
        {
            var was = before.Periods.Find(p => p.Index == period.Index);
            Law(was is not null, $"period {period.Index} began after the instant of the decision");
            var most = Money.Max(was!.ExtraUsed + was.ExtraHeld, period.Cap);
            Law(period.ExtraUsed + period.ExtraHeld <= most, $"used and held extra of period {period.Index} rose to {period.ExtraUsed + period.ExtraHeld}, above {most}");
            var cap = after.ExtraUsageOn && period.ExtraUsageAllowed ? Money.Min(after.Cap!.Value, period.LargestCap) : Money.Zero;
            Law(period.Cap == cap, $"the cap of period {period.Index} is {period.Cap}, the settings say {cap}");
            Law(period.Owed == Prices.Owed(period), $"period {period.Index} owes {period.Owed}, its extra comes to {Prices.Owed(period)}");
            Law(period.Start == Prices.Boundary(after.Anchor, period.Index) && period.End == Prices.Boundary(after.Anchor, period.Index + 1), $"period {period.Index} is {period.Start:O} to {period.End:O}");
            foreach (var flow in was.ModelFlows)
            {
                Law(period.ModelFlows.First(f => f.Model == flow.Model).Used >= flow.Used, $"what flowed to {flow.Model} became less");
            }
        }
        Law(after.Current.Start <= at && at < after.Current.End, $"it is {at:O}, and the period runs from {after.Current.Start:O} to {after.Current.End:O}");
        Law(before.Day == asLoaded.Day || before.DayUsed.IsZero, $"on {before.Day:O} nothing is used yet, and {before.DayUsed} counts");
        Law(after.Day > before.Day || after.DayUsed >= before.DayUsed, "what flowed today became less");
        Law(!after.ExtraUsageOn || asLoaded.ExtraUsageOn || call is TurnOn, "extra usage was turned on by something else than its owner");
        Law(!after.ExtraUsageOn || (after.Status == AccountStatus.Open && after.Current.ExtraUsageAllowed), "extra usage is on although the account is closed or the plan has none");
        Law(call is not (Cancel or Close or TurnOff) || (call is Cancel && before.IsCancelled) || !after.ExtraUsageOn, "extra usage is still on");
        Law(after.LastAt >= asLoaded.LastAt, "time ran backwards");
        foreach (var grant in after.Grants)
        {
            Law(grant.Stage != GrantStage.Live || grant.ExpiresAt > at, $"grant {grant.Number} expired at {grant.ExpiresAt:O} and lives at {at:O}");
            Law(grant.Stage != GrantStage.Waiting || after.OpenHolds > 0, $"grant {grant.Number} waits for a hold, and none is open");
        }
        foreach (var claimed in after.Grants.Where(g => g.Kind == GrantKind.Monthly && g.Number > asLoaded.LastGrant))
        {
            Law(book.ProgrammeAt(claimed.GrantedAt).IsActive, $"the credit was claimed at {claimed.GrantedAt:O}, when the programme was not active");
        }
        Law(before.Current.Index == asLoaded.Current.Index || before.Current.MonthlyGrant is null || asLoaded.ClaimsEveryPeriod, "the credit was claimed by itself although nobody wanted that");
        Law(after.OpenHolds > 0 || after.Current.ExtraUsed.IsZero || after.CreditLeft.IsZero, "extra is used while credit is left");
    }

    private static void Law(bool holds, string law) => BrokenLawException.Unless(holds, () => law);

    private sealed record Totals(Money Credit, Money Extra, Money Refunded, Money Refund, Money Owed, Money Uncollected)
    {
        public static Totals Of(Account account)
        {
            var periods = account.Periods;
            var late = periods.SelectMany(p => p.LateCorrections).ToList();
            return new Totals(
                account.CreditLeft, Money.Sum(periods, p => p.ExtraUsed), Money.Sum(late.SelectMany(c => c.Extra), e => e.Amount), Money.Sum(late, c => c.Refund),
                Money.Sum(periods, p => p.Owed), Money.Sum(periods, p => p.Uncollected));
        }
    }
}
