using System.Globalization;

namespace Ledger;

/// <summary>
/// Which alerts are due after a change: each threshold once in a period, of several that were passed at once the highest only. What was told is
/// remembered in the period, so that a change costs a few comparisons and writes only what is due. Only the period that runs is told of.
/// See docs/rules.md, "Alerts".
/// </summary>
public sealed partial class Account
{
    /// <summary>How long into a period its credit may wait before that is told.</summary>
    public static readonly TimeSpan UnclaimedAfter = TimeSpan.FromDays(3);

    /// <summary>How many days before the period's end it is told what is about to be lost; falling.</summary>
    private static ReadOnlySpan<int> ExpiryDays => [7, 3, 1];

    /// <summary>What the subscriber chose about alerts.</summary>
    public AlertChoices AlertChoices { get; private set; } = AlertChoices.Default;

    /// <summary>The number of the last alert.</summary>
    public int LastAlert { get; private set; }

    /// <summary>The number of the last alert that its owner has seen in the list.</summary>
    public int AlertsRead { get; private set; }

    /// <summary>
    /// Chooses the thresholds of credit or of the cap, in any order. It tells nothing by itself: what is already passed counts as told.
    /// </summary>
    public AlertChoiceOutcome SetAlertThresholds(AlertKind kind, IReadOnlyList<int> percents, PriceBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(percents);
        if (kind is not (AlertKind.CreditUsed or AlertKind.CapUsed) || percents.Count > AlertChoices.MostThresholds || percents.Any(p => p is < 1 or > 100))
        {
            return new AlertChoiceOutcome.OutOfRange();
        }
        now = AdvanceTo(now, book);
        IReadOnlyList<int> chosen = [.. percents.Distinct().Order()];
        if (chosen.SequenceEqual(AlertChoices.Of(kind)))
        {
            return new AlertChoiceOutcome.Unchanged();
        }
        AlertChoices = kind == AlertKind.CapUsed ? AlertChoices with { Cap = chosen } : AlertChoices with { Credit = chosen };
        var (used, whole) = ShareOf(kind, now);
        Current.AlertedUpTo(kind, HighestPassed(chosen, used, whole));
        IsChanged = true;
        return new AlertChoiceOutcome.Changed();
    }

    /// <summary>Chooses whether alerts of a kind are mailed.</summary>
    public AlertChoiceOutcome SetAlertMail(AlertKind kind, bool mail)
    {
        if (AlertChoices.NoMail.Contains(kind) != mail)
        {
            return new AlertChoiceOutcome.Unchanged();
        }
        AlertChoices = AlertChoices with { NoMail = [.. AlertChoices.NoMail.Where(k => k != kind), .. mail ? Array.Empty<AlertKind>() : [kind]] };
        IsChanged = true;
        return new AlertChoiceOutcome.Changed();
    }

    /// <summary>The owner has seen the alerts up to a number. Returns whether that is news.</summary>
    public bool ReadAlerts(int upTo)
    {
        var read = Math.Min(upTo, LastAlert);
        if (read <= AlertsRead)
        {
            return false;
        }
        (AlertsRead, IsChanged) = (read, true);
        return true;
    }

    /// <summary>Support decided about a disputed charge: what came back of it, or <c>null</c> if it stands, and what support says.</summary>
    public void TellOfDispute(long charge, Money? back, string words, PriceBook book, DateTimeOffset now)
    {
        now = AdvanceTo(now, book);
        if (!AlertChoices.IsSilent)
        {
            var subject = string.Create(CultureInfo.InvariantCulture, $"{charge} {(back is null ? "stands" : "came back")}");
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.DisputeDecided, subject, now) { Charge = charge, Amount = back, Detail = words });
        }
    }

    /// <summary>Tells nobody anything any more: the owner leaves.</summary>
    public void Silence() => (AlertChoices, IsChanged) = (AlertChoices.Silent, true);

    /// <summary>Whatever is due of the period that runs; of an account that is closed nothing is.</summary>
    private void RaiseAlerts(PriceBook book, DateTimeOffset now)
    {
        if (Status == AccountStatus.Closed || AlertChoices.IsSilent)
        {
            return;
        }
        RaiseTerms(book, now);
        RaiseShare(AlertKind.CreditUsed, now);
        RaiseShare(AlertKind.CapUsed, now);
        if (Current.ExtraUsed.IsPositive && Current.AlertOnce(AlertKind.ExtraStarted))
        {
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.ExtraStarted, "", now) { Amount = Current.ExtraUsed, Of = Current.Cap });
        }
        if (now >= Current.Start + UnclaimedAfter && Claimable.IsPositive && book.ProgrammeAt(now).IsActive && Current.AlertOnce(AlertKind.CreditUnclaimed))
        {
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.CreditUnclaimed, "", now) { Amount = Claimable });
        }
        RaiseExpiring(book, now);
    }

    private void RaiseShare(AlertKind kind, DateTimeOffset now)
    {
        var told = Current.Alerted(kind);
        var thresholds = AlertChoices.Of(kind);
        if (thresholds.Count == 0 || told >= thresholds[^1])
        {
            return;
        }
        var (used, whole) = ShareOf(kind, now);
        var passed = HighestPassed(thresholds, used, whole);
        if (passed > told)
        {
            Current.AlertedUpTo(kind, passed);
            Raise(new Alert(Key, LastAlert + 1, Current, kind, Text(passed), now) { Step = passed, Amount = used, Of = whole });
        }
    }

    /// <summary>
    /// What is used (held is not used yet), and of what. Of credit: what this period used, of that and what is left or waits to be claimed; so
    /// neither a claim nor what an earlier period used of a grant makes a share that is no news.
    /// </summary>
    private (Money Used, Money Whole) ShareOf(AlertKind kind, DateTimeOffset now)
    {
        if (kind == AlertKind.CapUsed)
        {
            return (Current.ExtraUsed, Current.Cap);
        }
        var whole = Current.CreditUsed + Claimable;
        foreach (var grant in Grants)
        {
            whole += grant.CanPayFor(now) ? grant.Left : Money.Zero;
        }
        return (Current.CreditUsed, whole);
    }

    /// <summary>The highest threshold that is reached; 0 for none.</summary>
    private static int HighestPassed(IReadOnlyList<int> thresholds, Money used, Money whole)
    {
        for (var i = thresholds.Count - 1; i >= 0 && used.IsPositive && whole.IsPositive; i--)
        {
            if ((Int128)used.Nanos * 100 >= (Int128)whole.Nanos * thresholds[i])
            {
                return thresholds[i];
            }
        }
        return 0;
    }

    private void RaiseExpiring(PriceBook book, DateTimeOffset now)
    {
        if (now < Current.End.AddDays(-ExpiryDays[0]))
        {
            return;
        }
        var days = ExpiryDays[0];
        foreach (var fewer in ExpiryDays)
        {
            days = now >= Current.End.AddDays(-fewer) ? fewer : days;
        }
        var (lost, unclaimed) = AboutToBeLost(book, now);
        if (days < Current.AlertedExpiry && lost.IsPositive)
        {
            Current.AlertedDays(days);
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.CreditExpiring, Text(days), now) { Step = days, Amount = lost, Unclaimed = unclaimed });
        }
    }

    /// <summary>What is lost at the period's end unless it is used: all credit that does not outlive it, and what is not claimed while it could be.</summary>
    private (Money Lost, Money Unclaimed) AboutToBeLost(PriceBook book, DateTimeOffset now)
    {
        var unclaimed = book.ProgrammeAt(now).IsActive ? Claimable : Money.Zero;
        var lost = Money.Sum(Grants.Where(g => g.CanPayFor(now) && (IsCancelled || g.ExpiresAt <= Current.End)), g => g.Left);
        return (lost + unclaimed, unclaimed);
    }

    private AuthorizeOutcome.Refused RefuseWith(Refusal refusal, string model, DateTimeOffset now)
    {
        if (!AlertChoices.IsSilent && Current.AlertOnce(refusal.Code))
        {
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.Refused, refusal.Code.ToString(), now) { Reason = refusal.Code, Detail = refusal.Detail, Model = model, Amount = refusal.Claimable });
        }
        return new AuthorizeOutcome.Refused(refusal);
    }

    private void RaiseChange(AccountChange change, Money? was, Money? becomes)
    {
        if (!AlertChoices.IsSilent)
        {
            Raise(new Alert(Key, LastAlert + 1, Current, AlertKind.ExtraUsageChanged, Text(change.Number), change.At)
            {
                Change = change.Kind,
                Of = was,
                Amount = becomes,
                Model = change.Model,
                Actor = change.Actor,
            });
        }
    }

    private void Raise(Alert alert)
    {
        (LastAlert, IsChanged) = (alert.Number, true);
        Written.Alerts.Add(alert);
    }

    /// <summary>The next instant after <paramref name="after"/> at which an alert may fall due without any command.</summary>
    private DateTimeOffset? NextAlert(PriceBook book, DateTimeOffset after)
    {
        if (Status == AccountStatus.Closed || AlertChoices.IsSilent)
        {
            return null;
        }
        var next = Claimable.IsPositive ? NextUnclaimed(book, after) : null;
        if (Claimable.IsPositive || Grants.Exists(g => g.Stage == GrantStage.Live && g.Left.IsPositive))
        {
            foreach (var days in ExpiryDays)
            {
                var at = Current.End.AddDays(-days);
                next = at > after && days < Current.AlertedExpiry && (next is null || at < next) ? at : next;
            }
        }
        return next;
    }

    /// <summary>For an account that was opened late in its period it lies in the past: the sweep finds it at once.</summary>
    private DateTimeOffset? NextUnclaimed(PriceBook book, DateTimeOffset after)
    {
        if (Current.WasAlerted(AlertKind.CreditUnclaimed))
        {
            return null;
        }
        var due = Current.Start + UnclaimedAfter;
        var from = due > after ? due : after;
        var at = book.ProgrammeAt(from).IsActive ? due : book.NextActivation(from);
        return at < Current.End ? at : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
