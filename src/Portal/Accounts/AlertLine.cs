using Ledger;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>An alert with the names that people read, and where its e-mail stands.</summary>
/// <param name="Number">Which alert of the account.</param>
/// <param name="At">When it was raised.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="PeriodEnd">When the period ends that it is of.</param>
/// <param name="Step">The percentage that was reached, or the days until credit is lost.</param>
/// <param name="Amount">What is used, lost or waits; for a change, the new cap.</param>
/// <param name="Of">What the amount is a share of; for a change, the cap before.</param>
/// <param name="Unclaimed">Of credit that is about to be lost, what is not claimed.</param>
/// <param name="Credit">Of terms that change, the credit from then on.</param>
/// <param name="Reason">Why a request was refused.</param>
/// <param name="Detail">The refusal's sentence.</param>
/// <param name="Change">What was changed.</param>
/// <param name="Model">The model's name, where one is concerned.</param>
/// <param name="By">Who changed it.</param>
/// <param name="Mail">Where its e-mail stands; <c>null</c>: it had none.</param>
/// <param name="MailAt">When it was sent, or is tried again.</param>
/// <param name="MailAttempts">How often it was tried.</param>
/// <param name="Charge">The disputed charge's public id.</param>
public sealed record AlertLine(
    int Number, DateTimeOffset At, AlertKind Kind, DateTimeOffset PeriodEnd, int? Step, Money? Amount, Money? Of, Money? Unclaimed, Money? Credit,
    RefusalCode? Reason, string? Detail, AccountChangeKind? Change, string? Model, string? By, DeliveryState? Mail, DateTimeOffset? MailAt, int MailAttempts, string? Charge = null)
{
    /// <summary>The line of an alert.</summary>
    public static AlertLine From(Alert alert, AlertDelivery? delivery, PriceBook book, string owner)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(book);
        var words = new HistoryWords(book, Actor.User(owner).Id);
        return new AlertLine(
            alert.Number, alert.At, alert.Kind, alert.PeriodEnd, alert.Step, alert.Amount, alert.Of, alert.Unclaimed, alert.Credit, alert.Reason, alert.Detail, alert.Change,
            alert.Model is { } model ? book.ModelName(model) : null, alert.Actor is { } actor ? words.By(actor) : null,
            delivery?.State, delivery?.SentAt ?? delivery?.NextAttemptAt, delivery?.Attempts ?? 0,
            alert.Charge is { } charge ? PublicIds.Charge(alert.Account, charge) : null);
    }
}
