using Ledger;

namespace Portal.Alerts;

/// <summary>What the page of a link in a mail shows.</summary>
public abstract record UnsubscribeState
{
    private UnsubscribeState() { }

    /// <summary>It asks whether mails of a kind are to be turned off.</summary>
    public sealed record Asks(AlertKind Kind) : UnsubscribeState;

    /// <summary>They are off.</summary>
    public sealed record Done(AlertKind Kind) : UnsubscribeState;

    /// <summary>Portal did not make this link.</summary>
    public sealed record Unknown : UnsubscribeState;

    /// <summary>Portal could not write just now.</summary>
    public sealed record Busy : UnsubscribeState;
}
