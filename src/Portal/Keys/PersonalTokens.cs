using System.Globalization;
using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.Keys;

/// <summary>
/// Makes, lists and revokes the tokens by which a subscriber's scripts read their account. Only the owner may, which is looked up in the
/// transaction that writes; and whatever was asked is in the audit. The owner is told by mail of each token that is made.
/// </summary>
public sealed class PersonalTokens(
    IDbContextFactory<PortalDb> databases, KeyRing ring, AccountFeed feed, Mailer mailer, Links links, StaffDuty duty, Clock clock, PortalSettings settings)
{
    public const int LongestName = 64;

    private const int LastFour = 4;

    /// <summary>How long a token that has ended is still listed, so that whoever wonders why a script stopped finds it.</summary>
    private static readonly TimeSpan EndedIsListed = TimeSpan.FromDays(30);

    private static readonly int[] UsualDays = [30, 90, 365];

    /// <summary>What the page shows.</summary>
    public async Task<KeysFigures> Read(string account, CancellationToken cancel = default)
    {
        var now = clock.Now;
        var since = now - EndedIsListed;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var tokens = await db.Set<PersonalToken>().AsNoTracking()
            .Where(t => t.Account == account && t.ExpiresAt > since && (t.RevokedAt == null || t.RevokedAt > since))
            .OrderByDescending(t => t.CreatedAt).ThenBy(t => t.Prefix).ToListAsync(cancel);
        var longest = settings.Keys.LongestTokenDays;
        return new KeysFigures(account, now, [.. tokens.Select(Line)], settings.Keys.TokensPerAccount, [.. UsualDays.Where(days => days < longest), longest]);
    }

    /// <summary>A new token for an account.</summary>
    /// <exception cref="NotAllowedException">The actor does not own the account.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    public async Task<MakeTokenOutcome> Make(string account, string name, int days, Actor by)
    {
        name = name.Trim();
        if (name.Length > LongestName || !Texts.IsName(name))
        {
            return new MakeTokenOutcome.WrongName();
        }
        if (days < 1 || days > settings.Keys.LongestTokenDays)
        {
            return new MakeTokenOutcome.WrongDays(settings.Keys.LongestTokenDays);
        }
        string? address = null;
        var outcome = await Write(account, by, async (db, now) =>
        {
            if (await db.Set<PersonalToken>().CountAsync(t => t.Account == account && t.RevokedAt == null && t.ExpiresAt > now) >= settings.Keys.TokensPerAccount)
            {
                db.Add(Audit(account, by, now, "MakePersonalToken", nameof(MakeTokenOutcome.TooMany), null, null));
                return (MakeTokenOutcome)new MakeTokenOutcome.TooMany(settings.Keys.TokensPerAccount);
            }
            var secret = KeyFormat.NewSecret(KeyFormat.PersonalBeginning);
            var hash = KeyFormat.Hash(secret);
            var token = new PersonalToken
            {
                Prefix = KeyFormat.PrefixOf(secret, hash),
                Hash = hash,
                LastFour = secret[^LastFour..],
                Name = name,
                Account = account,
                Owner = by.UserId!,
                CreatedAt = now,
                ExpiresAt = now.AddDays(days),
            };
            address = await db.Users.Where(u => u.Id == token.Owner).Select(u => u.Email).SingleOrDefaultAsync();
            db.Add(token);
            db.Add(Audit(account, by, now, "MakePersonalToken", nameof(MakeTokenOutcome.Made), null, token));
            return new MakeTokenOutcome.Made(Line(token), secret);
        });
        if (outcome is MakeTokenOutcome.Made(var made, _))
        {
            feed.Changed([account]);
            if (address is not null)
            {
                mailer.Send(new MailMessage(address, "A personal token was made", Text(account, made)));
            }
        }
        return outcome;
    }

    /// <summary>Ends a token. On this instance it is refused at once, on others within <see cref="KeyRing.Memory"/>.</summary>
    /// <exception cref="NotAllowedException">The actor does not own the account.</exception>
    /// <exception cref="DoorBusyException">The database did not answer.</exception>
    public async Task<RevokeTokenOutcome> Revoke(string account, string prefix, Actor by)
    {
        var outcome = await Write(account, by, async (db, now) =>
        {
            var token = await db.Set<PersonalToken>().SingleOrDefaultAsync(t => t.Account == account && t.Prefix == prefix && t.RevokedAt == null && t.ExpiresAt > now);
            if (token is null)
            {
                db.Add(Audit(account, by, now, "RevokePersonalToken", nameof(RevokeTokenOutcome.HadEnded), null, null));
                return RevokeTokenOutcome.HadEnded;
            }
            token.RevokedAt = now;
            db.Add(Audit(account, by, now, "RevokePersonalToken", nameof(RevokeTokenOutcome.Revoked), token, null));
            return RevokeTokenOutcome.Revoked;
        });
        ring.Forget(account);
        feed.Changed([account]);
        return outcome;
    }

    /// <summary>One transaction: first the account's row is locked and its owner compared, so that neither the owner nor the number of tokens changes meanwhile.</summary>
    private async Task<TOutcome> Write<TOutcome>(string account, Actor by, Func<PortalDb, DateTimeOffset, Task<TOutcome>> write)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var now = clock.Now;
            await db.DemandNoViewAs(duty, by, now);
            await DemandOwner(db, account, by, now);
            var outcome = await write(db, now);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return outcome;
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            throw new DoorBusyException("The database is not available.", away);
        }
    }

    /// <summary>The same as the door demands of an owner: who owns the account, is a subscriber, is not locked out, and acts in a session that counts.</summary>
    private static async Task DemandOwner(PortalDb db, string account, Actor by, DateTimeOffset now)
    {
        // SQLite's transaction has the whole database for itself already.
        var owners = db is PostgresPortalDb
            ? db.Database.SqlQuery<string>($"SELECT owner AS \"Value\" FROM accounts WHERE key = {account} FOR UPDATE")
            : db.Set<Account>().Where(a => a.Key == account).Select(a => a.Owner);
        if (by.UserId is not { } user || (await owners.ToListAsync()).SingleOrDefault() != user
            || !await db.Users.AnyAsync(u => u.Id == user && (u.LockoutEnd == null || u.LockoutEnd <= now)
                && db.UserRoles.Any(has => has.UserId == user && db.Roles.Any(role => role.Id == has.RoleId && role.Name == Roles.Subscriber)))
            || (by.Session is { } session && !await db.SessionsThatCount(now).AnyAsync(s => s.Id == session && s.UserId == user)))
        {
            throw new NotAllowedException("Only the owner of the account may do this. Nothing was changed.");
        }
    }

    /// <summary>Says which token, never its name: a name may be anything, and a record is for ever.</summary>
    private static AuditRecord Audit(string account, Actor by, DateTimeOffset now, string action, string outcome, PersonalToken? before, PersonalToken? after) => new()
    {
        At = now,
        Actor = by.Id,
        Subject = account,
        Action = action,
        Before = Say(before),
        After = Say(after),
        Outcome = outcome,
        RequestId = by.RequestId,
    };

    private static string? Say(PersonalToken? token) =>
        token is null ? null : JsonSerializer.Serialize(new Said(token.Prefix, token.CreatedAt, token.ExpiresAt), LedgerJson.Options);

    private string Text(string account, TokenLine token) =>
        $"""
        A personal token was made for your account {account} at {settings.Brand.ProviderName}: "{token.Name}", which ends with {token.LastFour}.

        Until {token.ExpiresAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC whoever has it can read the account's balance, entries, charges and statements. It changes nothing.

        If it was not you, revoke it here, and set a new password:
        {links.To("/keys")}
        """;

    private static TokenLine Line(PersonalToken token) =>
        new(token.Prefix, token.Name, token.LastFour, token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.RevokedAt);

    private sealed record Said(string Prefix, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
}
