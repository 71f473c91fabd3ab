namespace Ledger;

/// <summary>
/// A real history under other terms: the same requests, claims and switches, decided again by an <see cref="Account"/>. There is no
/// second set of rules here, only what a subscriber would do and what is counted.
/// </summary>
/// <remarks>
/// Feed the steps of one account in order (see <see cref="ReplayStep.Rank"/>), then <see cref="End"/> it. What is kept in memory is the account, the requests that are
/// open, and a line for each period. Source: docs/rules.md, "Replay".
/// </remarks>
public sealed class Replay
{
    private const string Gateway = "replay";

    private readonly ReplayTerms _terms;
    private readonly List<ReplayedPeriod> _finished = [];
    private readonly Dictionary<int, Counts> _counts = [];
    private readonly Dictionary<string, Authorization> _held = [];
    private readonly HashSet<string> _refused = [];
    private Account? _account;
    private int _firstPeriod;
    private long _tried;

    /// <summary>A replay under terms.</summary>
    /// <exception cref="ArgumentException">Extra usage is to be on without a cap.</exception>
    public Replay(ReplayTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.ExtraUsage == ReplayedExtraUsage.On && terms.Cap is not { IsPositive: true })
        {
            throw new ArgumentException("Extra usage that is always on needs a positive cap.", nameof(terms));
        }
        _terms = terms;
    }

    /// <summary>Takes the next step.</summary>
    public void Take(ReplayStep step)
    {
        if (step is ReplayStep.Began began)
        {
            Begin(began);
            return;
        }
        var account = Begun;
        account.AdvanceTo(step.At, _terms.Book);
        switch (step)
        {
            case ReplayStep.Changed changed:
                Apply(changed.Change);
                break;
            case ReplayStep.Claimed:
                account.Claim(_terms.Book, step.At, account.Owner);
                break;
            case ReplayStep.Given given when given.ExpiresAt > account.LastAt:
                account.GrantGoodwill(given.Amount, given.ExpiresAt, "as it was given", _terms.Book, step.At, Gateway);
                break;
            case ReplayStep.Authorized authorized:
                AuthorizeAgain(authorized.At, authorized.Charge);
                break;
            case ReplayStep.Charged charged:
                ChargeAgain(charged.Charge);
                break;
            case ReplayStep.Refused refused:
                TryAgain(refused);
                break;
        }
        Saved();
    }

    /// <summary>Lets time pass to an instant, and says what every period came to, the oldest first; the one that runs then is the last.</summary>
    public IReadOnlyList<ReplayedPeriod> End(DateTimeOffset at)
    {
        Begun.AdvanceTo(at, _terms.Book);
        Saved();
        return [.. _finished, .. Begun.Periods.Where(p => p.Index >= _firstPeriod).Select(Told)];
    }

    private Account Begun => _account ?? throw new InvalidOperationException("A replay begins with how the account was.");

    private void Begin(ReplayStep.Began began)
    {
        var settings = began.Settings;
        settings = _terms.Plan is not { } plan ? settings
            : plan == settings.Plan ? settings with { NextPlan = null }
            : settings with { Plan = plan, NextPlan = null, TermsFrom = null, PinnedTo = null };
        settings = _terms.Cap is { } cap ? settings with { Cap = cap } : settings;
        settings = _terms.Claims == ReplayedClaims.EveryPeriod ? settings with { ClaimsEveryPeriod = true } : settings;
        settings = _terms.ExtraUsage switch
        {
            ReplayedExtraUsage.Off => settings with { ExtraUsageOn = false },
            ReplayedExtraUsage.On => settings with { ExtraUsageOn = settings.Status == AccountStatus.Open, ExtraUsageOnSince = DateTimeOffset.MinValue },
            _ => settings,
        };
        _account = Account.Resume(began with { Settings = settings }, _terms.Book);
        _firstPeriod = _account.Current.Index + (began.IsOpening ? 0 : 1);
        if (began.IsOpening)
        {
            BeforeUse(began.At);
        }
        Saved();
    }

    /// <summary>What Portal itself changed on a boundary, the account changes again by itself, if it still comes to that.</summary>
    private void Apply(AccountChange change)
    {
        var (account, book, at, after) = (Begun, _terms.Book, change.At, change.After);
        if (change.Actor == Actors.Portal)
        {
            return;
        }
        switch (change.Kind)
        {
            case AccountChangeKind.Closed:
                account.Close(book, at, change.Actor);
                break;
            case AccountChangeKind.Reopened:
                account.Reopen(book, at, change.Actor);
                break;
            case AccountChangeKind.Cancelled:
                account.CancelPlan(book, at, change.Actor);
                break;
            case AccountChangeKind.NextPlan or AccountChangeKind.Plan when _terms.Plan is null:
                account.ChangePlan(after.NextPlan ?? after.Plan, book, at, change.Actor);
                break;
            case AccountChangeKind.NextPlan or AccountChangeKind.Plan:
                // Whatever was chosen took a cancellation back.
                account.KeepPlan(book, at, change.Actor);
                break;
            case AccountChangeKind.ExtraUsageOn when _terms.ExtraUsage == ReplayedExtraUsage.AsItWas:
                TurnOnExtraUsage(_terms.Cap ?? after.Cap!.Value, at);
                break;
            case AccountChangeKind.ExtraUsageOff when _terms.ExtraUsage == ReplayedExtraUsage.AsItWas:
                account.TurnOffExtraUsage(book, at, change.Actor);
                break;
            case AccountChangeKind.Cap when _terms.Cap is null:
                account.SetCap(Allowed(after.Cap!.Value), book, at, change.Actor);
                break;
            case AccountChangeKind.DailyCap:
                account.SetDailyCap(after.DailyCap is { } daily ? Allowed(daily) : null, book, at, change.Actor);
                break;
            case AccountChangeKind.ModelCap:
                account.SetModelCap(change.Model!, after.ModelCaps.FirstOrDefault(c => c.Model == change.Model)?.Cap is { } most ? Allowed(most) : null, book, at, change.Actor);
                break;
            case AccountChangeKind.Pinned when _terms.Plan is null:
                account.PinTerms(after.PinnedTo, book, at, change.Actor);
                break;
            case AccountChangeKind.ClaimEveryPeriod when _terms.Claims == ReplayedClaims.AsTheyWere:
                account.ClaimEveryPeriod(after.ClaimsEveryPeriod, book, at, change.Actor);
                break;
        }
    }

    private void TurnOnExtraUsage(Money cap, DateTimeOffset at) =>
        Begun.TurnOnExtraUsage(Allowed(cap), "as it was agreed to", _terms.Book, at, Begun.Owner);

    /// <summary>Under a plan with a smaller largest cap the subscriber would have set that.</summary>
    private Money Allowed(Money cap) => Money.Min(cap, Begun.Current.LargestCap);

    /// <summary>What is to be always on, or claimed every period, comes back after a plan without it, or after the account was closed.</summary>
    private void BeforeUse(DateTimeOffset at)
    {
        if (_terms.Claims == ReplayedClaims.EveryPeriod && Begun.Claimable.IsPositive)
        {
            Begun.Claim(_terms.Book, at, Begun.Owner);
        }
        if (_terms.ExtraUsage == ReplayedExtraUsage.On && !Begun.ExtraUsageOn && !Begun.IsCancelled)
        {
            TurnOnExtraUsage(_terms.Cap!.Value, at);
        }
    }

    private void AuthorizeAgain(DateTimeOffset at, Charge charge)
    {
        BeforeUse(at);
        var request = new AuthorizationRequest(charge.Authorization!, charge.Model, charge.Surface, charge.App, charge.Usage, AuthorizationRequest.LongestTtlSeconds);
        switch (Begun.Authorize(request, _terms.Book, at))
        {
            case AuthorizeOutcome.Granted(var authorization):
                _held.Add(request.Id, authorization);
                break;
            case AuthorizeOutcome.Refused:
                _refused.Add(request.Id);
                CountsOf(Begun.Current.Index).Refused++;
                break;
        }
    }

    private void ChargeAgain(Charge charge)
    {
        var (account, at, id) = (Begun, charge.RecordedAt, charge.Authorization ?? "");
        if (_refused.Remove(id))
        {
            return;
        }
        if (_held.Remove(id, out var authorization))
        {
            Count(account.Settle(authorization, charge.Event, _terms.Book, at, Gateway) is SettleOutcome.Settled(_, var settled) ? settled : null);
            return;
        }
        BeforeUse(at);
        // It was recorded, so it was not too old when it was received, whenever that was; and it may have waited for its price.
        switch (account.ReplayParked(charge.Event, charge.Time, _terms.Book, at, Gateway))
        {
            case RecordOutcome.Recorded(var recorded):
                Count(recorded);
                break;
            case RecordOutcome.Parked:
                CountsOf(account.Current.Index).Unpriced++;
                break;
        }
    }

    /// <summary>Only whether it would be allowed is asked; the hold is given back on the same instant.</summary>
    private void TryAgain(ReplayStep.Refused refused)
    {
        BeforeUse(refused.At);
        var request = new AuthorizationRequest($"tried again {++_tried}", refused.Model, refused.Surface, refused.App, refused.Max, AuthorizationRequest.DefaultTtlSeconds);
        var counts = CountsOf(Begun.Current.Index);
        if (Begun.Authorize(request, _terms.Book, refused.At) is AuthorizeOutcome.Granted(var authorization))
        {
            Begun.Release(authorization, _terms.Book, refused.At);
            counts.NowAllowed++;
            return;
        }
        counts.RefusedAgain++;
    }

    private void Count(Charge? charge)
    {
        if (charge is not null)
        {
            var counts = CountsOf(charge.Period);
            _ = charge.IsIncluded ? counts.Included++ : counts.Carried++;
        }
    }

    /// <summary>What was decided is not written anywhere; periods that are final become lines.</summary>
    private void Saved()
    {
        foreach (var period in Begun.Periods)
        {
            if (period.IsFinal)
            {
                if (period.Index >= _firstPeriod)
                {
                    _finished.Add(Told(period));
                }
                _counts.Remove(period.Index);
            }
        }
        Begun.Saved();
    }

    private ReplayedPeriod Told(AccountPeriod period) => new(
        new Period(period.Index, period.Start, period.End), period.Plan, period.Fee, period.CreditGranted, period.CreditUsed, period.CreditExpired,
        period.ExtraUsed, period.Discount, period.Uncollected, CountsOf(period.Index).Sum, period.IsFinal);

    private Counts CountsOf(int period) => _counts.TryGetValue(period, out var counts) ? counts : _counts[period] = new Counts();

    private sealed class Counts
    {
        public long Carried { get; set; }

        public long Refused { get; set; }

        public long RefusedAgain { get; set; }

        public long NowAllowed { get; set; }

        public long Included { get; set; }

        public long Unpriced { get; set; }

        public ReplayedRequests Sum => new(Carried, Refused, RefusedAgain, NowAllowed, Included, Unpriced);
    }
}
