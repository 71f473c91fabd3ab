using Portal.Accounts;

namespace Portal.Api;

/// <summary>What the OpenAPI document says of an endpoint beyond what its types say.</summary>
/// <param name="Id">The operation's id.</param>
/// <param name="Tag">The chapter.</param>
/// <param name="Summary">One line.</param>
/// <param name="Text">What a caller has to know.</param>
/// <param name="Answers">Status and body of answers that are no problem; without a type: plain text.</param>
/// <param name="Problems">Statuses of problems, those of <see cref="Always"/> aside.</param>
internal sealed record Documentation(string Id, string Tag, string Summary, string Text, (int Status, Type? Type)[] Answers, int[] Problems)
{
    /// <summary>Media types of the request's body; none: no body.</summary>
    public string[] Accepts { get; init; } = [];

    /// <summary>The type of the request's body.</summary>
    public Type? Body { get; init; }

    /// <summary>Whether a key is needed, and so 401, 403 and 429 may come.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Other media types of the answer.</summary>
    public string[] AlsoAs { get; init; } = [];

    /// <summary>Query parameters: name, what it is, and its schema's type ("string", "date-time", "integer").</summary>
    public (string Name, string Text, string Type)[] Query { get; init; } = [];

    private static readonly (string, string, string)[] EntryFilters =
    [
        ("from", "Entries at or after this instant.", "date-time"),
        ("to", "Entries before this instant.", "date-time"),
        ("kind", "Entries of one kind: grant, charge, reallocation, expiry, adjustment, reversal.", "string"),
        ("model", "Entries of charges of one model.", "string"),
        ("cursor", "The next_cursor of an earlier answer.", "string"),
        ("limit", "How many, 1 to 1,000. Absent: 100.", "integer"),
    ];

    private static readonly (string, string, string)[] AsOf = [("as_of", "A past instant. Absent: now.", "date-time")];

    private static readonly (int, Type?)[] Authorization = [(200, typeof(AuthorizationAnswer))];

    public static Documentation Events { get; } = new("postEvents", "Events", "Tell what requests used",
        "CloudEvents 1.0 over HTTP in its three modes: structured, batched, and binary (`ce-*` headers, the body is the data). (`source`, `id`) identify an event for ever: a repeat answers `duplicate` with the original charge. "
        + "A single event answers `conflict` as 409 and `rejected` as 422; in a batch they stand in the results, and one bad event never spoils the others. At most 1,000 events and 4 MiB.",
        [(200, typeof(EventResults))], [400, 409, 413, 415, 422, 503])
    {
        Accepts = [CloudEvents.Single, CloudEvents.Batch, Api.Body.Json],
        Body = typeof(EventBody),
    };

    public static Documentation EventsAlias { get; } = Events with
    {
        Id = "postEventsOpenMeter",
        Summary = "The same, for clients of OpenMeter's ingest API",
    };

    public static Documentation Authorize { get; } = new("authorize", "Authorizations", "May a request use up to this much?",
        "Holds the price of the most that the request can use: credit first, the rest from extra usage. 402 if it does not fit: nothing is held, the `code` is the first reason, and the id may be tried again. A repeat with the same content answers 200 with the authorization as it stands.",
        [(201, typeof(AuthorizationAnswer)), (200, typeof(AuthorizationAnswer))], [400, 402, 404, 409, 413, 415, 503])
    {
        Accepts = [Api.Body.Json],
        Body = typeof(AuthorizeBody),
    };

    public static Documentation Settle { get; } = new("settle", "Authorizations", "Charge what the request really used",
        "A repeat with the same usage answers the same; with other usage 409 `id_reused`. Released: 409 `not_held`. Expired: charged like an event without an authorization, up to 35 days later.",
        Authorization, [400, 404, 409, 413, 415, 422, 503])
    {
        Accepts = [Api.Body.Json],
        Body = typeof(SettleBody),
    };

    public static Documentation Release { get; } = new("release", "Authorizations", "Give a hold back", "Repeats are harmless. Settled: 409 `settled`. Needs no body.", Authorization, [404, 409, 503]);

    public static Documentation GetAuthorization { get; } = new("getAuthorization", "Authorizations", "An authorization as it stands", "With its charge, once it has one.", Authorization, [404, 503]);

    public static Documentation PutAccount { get; } = new("putAccount", "Accounts", "Create an account, change its plan, close it or open it again",
        "A new account's owner gets an invitation to sign in. An upgrade counts at once, any other change of plan from the next period. A cancellation by the owner stays, unless another plan is put. Closing leaves the period's fee; opened again in a later period, the account gets fee and credit for the time left. Owner and anchor of an account never change: 409 `conflict`.",
        [(201, typeof(AccountAnswer)), (200, typeof(AccountAnswer))], [400, 409, 413, 415, 503])
    {
        Accepts = [Api.Body.Json],
        Body = typeof(AccountBody),
    };

    public static Documentation GetAccount { get; } = new("getAccount", "Accounts", "An account", "Its plan, anchor, status and period.", [(200, typeof(AccountAnswer))], [404, 503]);

    public static Documentation Balance { get; } = new("getBalance", "Balance and history", "How much is left, until when, and what happens next", "Now, with the pace at which the account spends, or as of a past instant.", [(200, typeof(BalanceAnswer))], [400, 404, 503])
    {
        Query = AsOf,
    };

    public static Documentation OwnBalance { get; } = Balance with { Id = "getOwnBalance", Summary = "The balance of the token's own account", Text = "For personal tokens; a gateway key: 403." };

    public static Documentation Entries { get; } = new("getEntries", "Balance and history", "The ledger, newest first",
        "In pages; or with `Accept: text/csv` the same columns, the whole range, streamed (`cursor` and `limit` are ignored).", [(200, typeof(EntriesAnswer))], [400, 404, 503])
    {
        Query = EntryFilters,
        AlsoAs = [Csv.MediaType],
    };

    public static Documentation OwnEntries { get; } = Entries with { Id = "getOwnEntries", Summary = "The entries of the token's own account", Text = "For personal tokens; a gateway key: 403.", Problems = [400, 503] };

    public static Documentation Charge { get; } = new("getCharge", "Balance and history", "A charge, its event, and how it was priced", "The lines sum to `list_usd`; the splits say who paid; `why` says why.", [(200, typeof(ExplainedCharge))], [404, 503]);

    public static Documentation Statements { get; } = new("getStatements", "Balance and history", "What each period came to, newest first",
        "The first is the running period's, with `final` false; one whose period has ended is final once its last hold has ended, and never changes from then on.", [(200, typeof(StatementsAnswer))], [404, 503]);

    public static Documentation Statement { get; } = new("getStatement", "Balance and history", "What a period came to", "By the day on which the period began, in UTC.", [(200, typeof(StatementAnswer))], [404, 503]);

    public static Documentation OwnStatements { get; } = Statements with { Id = "getOwnStatements", Summary = "The statements of the token's own account", Text = "For personal tokens; a gateway key: 403.", Problems = [503] };

    public static Documentation Rates { get; } = new("getRates", "Rates", "What models cost", "The rate card in force, now or at an instant.", [(200, typeof(RatesAnswer))], [400, 404, 503])
    {
        NeedsKey = false,
        Query = [("at", "An instant. Absent: now.", "date-time")],
    };

    public static Documentation Live { get; } = new("live", "Health", "The process answers", "No detail.", [(200, null)], []) { NeedsKey = false };

    public static Documentation Ready { get; } = new("ready", "Health", "The database answers, is migrated, and is durable", "No detail.", [(200, null)], [503]) { NeedsKey = false };
}
