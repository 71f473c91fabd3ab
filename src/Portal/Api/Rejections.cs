using Ledger;

namespace Portal.Api;

/// <summary>Why usage is refused, in a sentence to act on.</summary>
internal static class Rejections
{
    public static string Detail(RejectionReason reason) => reason switch
    {
        RejectionReason.UnknownAccount => "No account has this key. Create it with PUT /v1/accounts/{account}, then send the event again.",
        RejectionReason.TooOld => "It happened more than 35 days ago and can no longer be recorded.",
        RejectionReason.InFuture => "Its time is more than five minutes ahead of Portal's clock. Check the sender's clock.",
        RejectionReason.WrongAuthorization => "The authorization that it names is unknown, was released, or is of another account, model or surface.",
        RejectionReason.Invalid => "It is not a valid usage event, or the period can take no more of it.",
        _ => throw new InvalidOperationException($"The reason {reason} has no sentence."),
    };
}
