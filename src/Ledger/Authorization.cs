namespace Ledger;

/// <summary>Where an authorization stands.</summary>
public enum AuthorizationStatus
{
    /// <summary>It holds its amount.</summary>
    Held,

    /// <summary>It has its charge.</summary>
    Settled,

    /// <summary>The gateway gave it back.</summary>
    Released,

    /// <summary>Its time was up; it may still be settled, like use that was never authorized.</summary>
    Expired,
}

/// <summary>How much of a grant an authorization holds.</summary>
/// <param name="Grant">The grant's number.</param>
/// <param name="Amount">Positive.</param>
public sealed record HeldCredit(int Grant, Money Amount);

/// <summary>What the gateway asks: may a request use up to this much?</summary>
/// <param name="Id">The caller's id, unique for ever.</param>
/// <param name="Model">The model's key.</param>
/// <param name="Surface">Where the request comes from.</param>
/// <param name="App">The app, if the gateway knows it.</param>
/// <param name="Max">The most the request can use.</param>
/// <param name="TtlSeconds">How long the promise lasts: 1 to 86,400 seconds.</param>
public sealed record AuthorizationRequest(string Id, string Model, string Surface, string? App, Usage Max, int TtlSeconds)
{
    /// <summary>How long a promise lasts unless the gateway says otherwise.</summary>
    public const int DefaultTtlSeconds = 900;

    /// <summary>How long a promise may last.</summary>
    public const int LongestTtlSeconds = 86_400;
}

/// <summary>A promise to the gateway: up to this much, until then. It holds the amount, and has at most one charge.</summary>
/// <remarks>Source: docs/rules.md, "Authorizing".</remarks>
public sealed class Authorization
{
    private Authorization() { }

    internal Authorization(string account, AuthorizationRequest request, DateTimeOffset givenAt, int period, bool isIncluded, int rateCardVersion, string? promotion, Pool pool)
    {
        (Account, Id, Model, Surface, App, Max, TtlSeconds) = (account, request.Id, request.Model, request.Surface, request.App, request.Max, request.TtlSeconds);
        (GivenAt, ExpiresAt, Period) = (givenAt, givenAt.AddSeconds(request.TtlSeconds), period);
        (IsIncluded, RateCardVersion, Promotion, Pool) = (isIncluded, rateCardVersion, promotion, pool);
        IsNew = true;
    }

    /// <summary>The account's key.</summary>
    public string Account { get; private set; } = "";

    /// <summary>The caller's id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The model's key.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Where the request comes from.</summary>
    public string Surface { get; private set; } = "";

    /// <summary>The app, if the gateway knows it.</summary>
    public string? App { get; private set; }

    /// <summary>The most the request can use.</summary>
    public Usage Max { get; private set; } = new();

    /// <summary>How long it was given for.</summary>
    public int TtlSeconds { get; private set; }

    /// <summary>When it was given. The hold and its charge count in the period and on the day of this instant.</summary>
    public DateTimeOffset GivenAt { get; private set; }

    /// <summary>The first instant at which it no longer holds.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it ended; <c>null</c> while it holds.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The index of the period in which it was given.</summary>
    public int Period { get; private set; }

    /// <summary>The pool of its surface when it was given.</summary>
    public Pool Pool { get; private set; }

    /// <summary>Whether its use is included: it holds nothing and costs nothing.</summary>
    public bool IsIncluded { get; private set; }

    /// <summary>The rate card version that prices its charge.</summary>
    public int RateCardVersion { get; private set; }

    /// <summary>The promotion that counts for its extra.</summary>
    public string? Promotion { get; private set; }

    /// <summary>Credit that it holds or held, by grant.</summary>
    public IReadOnlyList<HeldCredit> Credit { get; private set; } = [];

    /// <summary>Extra that it holds or held.</summary>
    public Money Extra { get; private set; }

    /// <summary>Where it stands.</summary>
    public AuthorizationStatus Status { get; private set; }

    /// <summary>The number of its charge, once it is settled.</summary>
    public long? Charge { get; private set; }

    /// <summary>Credit that it holds or held.</summary>
    public Money CreditHeld => Money.Sum(Credit, c => c.Amount);

    /// <summary>Everything that it holds or held.</summary>
    public Money Held => CreditHeld + Extra;

    /// <summary>Whether its row is to be written for the first time.</summary>
    public bool IsNew { get; internal set; }

    /// <summary>Whether its row is to be written.</summary>
    public bool IsChanged { get; internal set; }

    /// <summary>Whether a repeated call asks for the same.</summary>
    public bool IsFor(string account, AuthorizationRequest request) =>
        Account == account && request == new AuthorizationRequest(Id, Model, Surface, App, Max, TtlSeconds);

    /// <summary>The order in which holds end: by their time, and on one instant the older first.</summary>
    internal static int EndOrder(Authorization a, Authorization b) =>
        (a.ExpiresAt, a.GivenAt).CompareTo((b.ExpiresAt, b.GivenAt)) is var order && order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);

    /// <summary>The same once more: what is decided about one does not show in the other.</summary>
    public Authorization Copy() => (Authorization)MemberwiseClone();

    internal void Holds(IReadOnlyList<HeldCredit> credit, Money extra) => (Credit, Extra) = (credit, extra);

    internal void End(AuthorizationStatus status, DateTimeOffset at, long? charge = null)
    {
        (Status, EndedAt, Charge) = (status, EndedAt ?? at, charge ?? Charge);
        IsChanged = true;
    }
}
