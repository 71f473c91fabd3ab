using Ledger;

namespace Portal.Accounts;

/// <summary>Choose at which percentages of the credit or of the cap there is an alert.</summary>
public sealed record SetAlertThresholds(string Account, AlertKind Kind, IReadOnlyList<int> Percents, Actor By) : OwnerCommand<AlertChoiceOutcome>(Account, By)
{
    protected override object Audited(Account account) => account.AlertChoices;

    protected override AlertChoiceOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.SetAlertThresholds(Kind, Percents, book, now);
}

/// <summary>Choose whether alerts of a kind are mailed.</summary>
public sealed record SetAlertMail(string Account, AlertKind Kind, bool Mail, Actor By) : OwnerCommand<AlertChoiceOutcome>(Account, By)
{
    protected override object Audited(Account account) => account.AlertChoices;

    protected override AlertChoiceOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.SetAlertMail(Kind, Mail);
}

/// <summary>The owner has seen the alerts up to a number. To look is no act that needs a record. The outcome says whether it is news.</summary>
public sealed record ReadAlerts(string Account, int UpTo, Actor By) : OwnerCommand<bool>(Account, By)
{
    protected override object? Audited(Account account) => null;

    protected override bool Decide(Account account, PriceBook book, DateTimeOffset now) => account.ReadAlerts(UpTo);
}

/// <summary>
/// Somebody used the link in a mail that turns mails of its kind off. The link itself is the proof (see UnsubscribeLinks): nobody has to be
/// signed in, and nothing else can be done with it.
/// </summary>
public sealed record StopAlertMail(string Account, AlertKind Kind, string? RequestId) : Command<AlertChoiceOutcome>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs) => needs.Accounts.Add(Account);

    internal override AlertChoiceOutcome Outcome(Batch batch)
    {
        // Whoever has left gets no mail anyway.
        if (!batch.Accounts.TryGetValue(Account, out var account) || account.AlertChoices.IsSilent)
        {
            return new AlertChoiceOutcome.Unchanged();
        }
        var before = Batch.Told(account.AlertChoices);
        var outcome = account.SetAlertMail(Kind, false);
        batch.Audit(Actor.Portal with { RequestId = RequestId }, Account, nameof(StopAlertMail), outcome, before, Batch.Told(account.AlertChoices), "the link in a mail");
        return outcome;
    }
}
