using System.Text.Json;
using Ledger;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Accounts;

/// <summary>Who gives a command: a person who signed in, a gateway's key, or Portal itself.</summary>
/// <param name="Id">What entries and audit records carry: "user:...", "key:..." or "portal".</param>
/// <param name="RequestId">The request that it came with, to find it in the logs.</param>
/// <param name="Session">The session that a person acts in. Once it has ended the door takes no command of it.</param>
public sealed record Actor(string Id, string? RequestId = null, string? Session = null)
{
    private const string UserPrefix = "user:";

    public static Actor Portal { get; } = new(Actors.Portal);

    public static Actor User(string userId, string? requestId = null, string? session = null) => new(UserPrefix + userId, requestId, session);

    public static Actor Key(string prefix, string? requestId = null) => new("key:" + prefix, requestId);

    /// <summary>The id of the user, if a person gives the command.</summary>
    public string? UserId => Id.StartsWith(UserPrefix, StringComparison.Ordinal) ? Id[UserPrefix.Length..] : null;
}

/// <summary>The actor may not do this: not the owner, not in the role, or no longer. Checked where the command runs, against the database.</summary>
public sealed class NotAllowedException(string message) : Exception(message)
{
    /// <summary>What whoever views as is told, whatever they wanted to write.</summary>
    public const string WhileViewing = "View-as is read-only. Nothing was changed.";
}

/// <summary>
/// Something that changes an account. A page, an endpoint and the sweep submit the same commands to the same door. A command says what
/// it needs to have loaded, and then decides, in the order in which commands arrived.
/// </summary>
public abstract record Command
{
    /// <summary>What the queue is fair by: the account, or what stands for it.</summary>
    internal abstract string Line { get; }

    /// <summary>The authorization that it names instead of an account.</summary>
    internal virtual string? AuthorizationId => null;

    /// <summary>
    /// Whether it may lower a cap. Then it begins a transaction of its own: the database compares used and held extra with the cap once a
    /// transaction, and must not see what was rightly held under the old cap beside the new one.
    /// </summary>
    internal virtual bool MayLowerCap => false;

    internal abstract void Needs(Needs needs);

    internal abstract object Decide(Batch batch);
}

/// <summary>A command and the closed set of its outcomes.</summary>
public abstract record Command<TOutcome> : Command where TOutcome : notnull
{
    internal sealed override object Decide(Batch batch) => Outcome(batch);

    internal abstract TOutcome Outcome(Batch batch);
}

/// <summary>What a batch has to load before it decides.</summary>
internal sealed class Needs
{
    private Command? _asking;

    /// <summary>Who gives which command, if a person does.</summary>
    public Dictionary<Command, Actor> Givers { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds what a command needs.</summary>
    public void Of(Command command)
    {
        _asking = command;
        command.Needs(this);
    }

    public HashSet<string> Accounts { get; } = [];

    public HashSet<string> Authorizations { get; } = [];

    public HashSet<string> Events { get; } = [];

    /// <summary>Authorizations that stand for an account which is not named.</summary>
    public HashSet<string> AccountsByAuthorization { get; } = [];

    /// <summary>Events that do.</summary>
    public HashSet<string> AccountsByEvent { get; } = [];

    public HashSet<string> Users { get; } = [];

    /// <summary>Owners of accounts that may be new: each is there, and stays until the transaction has ended.</summary>
    public HashSet<string> Owners { get; } = [];

    /// <summary>Charges that are to be reversed, each with all that a correction has to see.</summary>
    public HashSet<(string Account, long Number)> Corrections { get; } = [];

    /// <summary>Charges that are disputed, or whose dispute is about to end.</summary>
    public HashSet<(string Account, long Number)> Disputes { get; } = [];

    public HashSet<string> Sessions { get; } = [];

    /// <summary>Goodwill that is asked for or decided about.</summary>
    public HashSet<(string Account, Guid Id)> Goodwill { get; } = [];

    public HashSet<(string Account, Guid Id)> Notes { get; } = [];

    /// <summary>Charges of corrections that are to be carried out.</summary>
    public HashSet<(Guid Correction, string Account, long Number)> CorrectionItems { get; } = [];

    /// <summary>The roles of whoever gives a command, if a person does, and whether their session still counts.</summary>
    public void Add(Actor by)
    {
        if (by.UserId is { } user)
        {
            Users.Add(user);
            Givers[_asking!] = by;
        }
        if (by.Session is { } session)
        {
            Sessions.Add(session);
        }
    }
}

/// <summary>What the commands of one transaction decide about, and what they have to write beside the accounts themselves.</summary>
internal sealed class Batch(PriceBook book, DateTimeOffset now)
{
    public PriceBook Book { get; } = book;

    /// <summary>The instant at which the next command decides: one for all of a transaction, but for the demo, which plays commands of the past.</summary>
    public DateTimeOffset Now { get; set; } = now;

    public Dictionary<string, Account> Accounts { get; } = [];

    /// <summary>Of those accounts the ones that were not read again, with what else is known of them.</summary>
    public Dictionary<string, RememberedAccount> Remembered { get; } = [];

    /// <summary>Of accounts whose open authorizations were looked through: until when none of them ends.</summary>
    public Dictionary<string, DateTimeOffset> QuietUntil { get; } = [];

    public Dictionary<string, Authorization> Authorizations { get; } = [];

    public Dictionary<string, UsageEventId> Events { get; } = [];

    public Dictionary<(string Account, long Number), Charge> Charges { get; } = [];

    /// <summary>The entries that charges were written with which are to be reversed.</summary>
    public Dictionary<(string Account, long Number), IReadOnlyList<Entry>> Parts { get; } = [];

    /// <summary>Of those charges, the ones that were reversed before.</summary>
    public Dictionary<(string Account, long Number), ReversedCharge> Reversed { get; } = [];

    /// <summary>Disputes that commands of this batch are about, by charge.</summary>
    public Dictionary<(string Account, long Number), Dispute> Disputes { get; } = [];

    /// <summary>What is known of the charges that are to be disputed.</summary>
    public Dictionary<(string Account, long Number), DisputedCharge> DisputedCharges { get; } = [];

    public Dictionary<string, ParkedEvent> Parked { get; } = [];

    /// <summary>Of the owners of new accounts those that are there.</summary>
    public HashSet<string> Owners { get; } = [];

    /// <summary>What is to be remembered of an account after this batch.</summary>
    public RememberedAccount ToRemember(Account account)
    {
        var before = Remembered.GetValueOrDefault(account.Key);
        // An account that held nothing when it was loaded was not looked through: nothing of it ends.
        var quietUntil = QuietUntil.TryGetValue(account.Key, out var looked) ? looked : before?.QuietUntil ?? DateTimeOffset.MaxValue;
        return new RememberedAccount(account, before?.Open ?? [], quietUntil);
    }

    /// <summary>Roles of the users who give commands, as far as they count; a user who is gone or locked out has none.</summary>
    public Dictionary<string, IReadOnlyCollection<string>> Roles { get; } = [];

    /// <summary>The sessions that count, of those in which commands are given.</summary>
    public Dictionary<string, SignInSession> Sessions { get; } = [];

    /// <summary>Who gives which command, of those that persons give.</summary>
    public IReadOnlyDictionary<Command, Actor> Givers { get; init; } = new Dictionary<Command, Actor>();

    /// <summary>The sessions, of those in which commands are given, that view as.</summary>
    public HashSet<string> Viewing { get; } = [];

    /// <summary>Refuses whatever is asked for in a session that views as, before the command itself is asked.</summary>
    /// <exception cref="NotAllowedException">It is.</exception>
    public void DemandNoViewAs(Command command)
    {
        if (Givers.TryGetValue(command, out var by) && by.Session is { } session && Viewing.Contains(session))
        {
            throw new NotAllowedException(NotAllowedException.WhileViewing);
        }
    }

    /// <summary>What the giver of a command may do now: nothing, once their session has ended; as staff nothing, if it passed no second factor.</summary>
    public IReadOnlyCollection<string> RolesOf(Actor by)
    {
        if (by.UserId is not { } user || !Roles.TryGetValue(user, out var roles))
        {
            return [];
        }
        return by.Session is not { } id ? roles : Sessions.TryGetValue(id, out var session) && session.UserId == user ? [.. StaffDuty.In(session, roles)] : [];
    }

    /// <summary>The account, if the actor is of support, acts in a session that counts, and does not own it.</summary>
    /// <exception cref="NotAllowedException">They are not, or no longer, or there is no such account.</exception>
    public Account DemandSupport(string key, Actor by) =>
        RolesOf(by).Contains(SignIn.Roles.Support) && Accounts.TryGetValue(key, out var account) && account.Owner != by.UserId
            ? account
            : throw new NotAllowedException("Only support may do this, and not in an account of their own. Nothing was changed.");

    /// <summary>The account, if the actor is a subscriber who owns it and acts in a session that counts.</summary>
    /// <exception cref="NotAllowedException">They are not, or no longer.</exception>
    public Account DemandOwner(string key, Actor by) =>
        by.UserId is { } user && Accounts.TryGetValue(key, out var account) && account.Owner == user && RolesOf(by).Contains(SignIn.Roles.Subscriber)
            ? account
            : throw new NotAllowedException("Only the owner of the account may do this. Nothing was changed.");

    public List<AuthorizationId> NewAuthorizationIds { get; } = [];

    public List<UsageEventId> NewEventIds { get; } = [];

    /// <summary>Parked events that became charges.</summary>
    public List<UsageEventId> ReplayedEventIds { get; } = [];

    public List<ParkedEvent> NewParked { get; } = [];

    /// <summary>Other contents that came under known ids.</summary>
    public List<EventConflict> NewConflicts { get; } = [];

    public List<RefusalRecord> NewRefusals { get; } = [];

    public List<AuditRecord> NewAudit { get; } = [];

    /// <summary>Says in the audit what a command did, or what was refused. Ids and figures only: no address, no secret.</summary>
    public void Audit(Actor by, string subject, string action, object outcome, string? before = null, string? after = null, string? reason = null) => NewAudit.Add(new AuditRecord
    {
        At = Now,
        Actor = by.Id,
        Subject = subject,
        Action = action,
        Before = before,
        After = after,
        Outcome = outcome as string ?? outcome.GetType().Name,
        Reason = reason,
        RequestId = by.RequestId,
    });

    /// <summary>Figures as the audit tells them.</summary>
    public static string? Told(object? figures) => figures is null ? null : JsonSerializer.Serialize(figures, figures.GetType(), LedgerJson.Options);

    /// <summary>What staff asked for, decided and wrote down.</summary>
    public StaffBatch Staff { get; init; } = new();

    /// <summary>The e-mail of a new alert, or none.</summary>
    public Func<Alert, AlertDelivery?> DeliveryOf { get; init; } = alert => new AlertDelivery { Account = alert.Account, Alert = alert.Number, NextAttemptAt = alert.At };

    /// <summary>Charges that were asked for and are not there: their month was detached.</summary>
    public HashSet<(string Account, long Number)> Archived { get; } = [];

    /// <summary>A charge that was loaded, also one of an account that was not, or that this batch wrote; <c>null</c> if its month was detached.</summary>
    public Charge? ChargeOf(string account, long number) =>
        Charges.TryGetValue((account, number), out var charge) ? charge
            : Archived.Contains((account, number)) ? null
            : Accounts[account].Written.Charges.Find(c => c.Number == number) is { } written ? written
            : throw new InvalidOperationException($"Charge {number} of {account} was not loaded.");
}
