using System.IO.Pipelines;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn.Sessions;

namespace Portal.SignIn.Profile;

/// <summary>
/// Everything that is held about a person, as one JSON document in the words of the API. No hash, stamp or key is in it, and nothing of
/// others: whoever else acted reads "staff".
/// </summary>
public sealed class DataFile(IDbContextFactory<PortalDb> databases, DataOfAccount accounts, Clock clock)
{
    public async Task Write(User user, Stream to, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(user);
        var pipe = PipeWriter.Create(to);
        await using (var json = new DataJson(databases, pipe, user.Id, cancel))
        {
            json.Open();
            json.Value("made_at", clock.Now);
            json.Value("user", await Person(user, cancel));
            await json.Rows("sessions", "", (db, last) => db.Set<SignInSession>().Where(s => s.UserId == user.Id && s.Id.CompareTo(last) > 0).OrderBy(s => s.Id), s => s.Id, Session);
            await json.Rows("personal_tokens", "", (db, last) => db.Set<PersonalToken>().Where(t => t.Owner == user.Id && t.Prefix.CompareTo(last) > 0).OrderBy(t => t.Prefix), t => t.Prefix, Token);
            var keys = await Keys(user.Id, cancel);
            json.OpenList("accounts");
            foreach (var key in keys)
            {
                await accounts.Write(json, key, cancel);
            }
            json.CloseList();
            await json.Rows("audit_records", 0L, (db, last) => db.Set<AuditRecord>()
                .Where(r => r.Id > last && (r.Actor == json.Me || r.Subject == json.Me || keys.Contains(r.Subject))).OrderBy(r => r.Id), r => r.Id, r => DataOfAudit.Of(r, json, keys));
            json.Close();
        }
        await pipe.CompleteAsync();
    }

    private async Task<List<string>> Keys(string userId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Ledger.Account>().Where(a => a.Owner == userId).OrderBy(a => a.Key).Select(a => a.Key).ToListAsync(cancel);
    }

    private async Task<object> Person(User user, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return new
        {
            user.Id,
            user.UserName,
            user.Email,
            user.EmailConfirmed,
            user.PhoneNumber,
            user.PhoneNumberConfirmed,
            HasPassword = user.PasswordHash is not null,
            user.TwoFactorEnabled,
            user.LastCodeStep,
            user.LockoutEnabled,
            user.LockoutEnd,
            user.AccessFailedCount,
            WrongPasswords = await db.Set<PasswordFailure>().Where(f => f.UserId == user.Id).Select(f => new { f.Count, f.WaitsUntil }).SingleOrDefaultAsync(cancel),
            Roles = await db.UserRoles.Where(r => r.UserId == user.Id).Join(db.Roles, r => r.RoleId, r => r.Id, (_, role) => role.Name).OrderBy(name => name).ToListAsync(cancel),
            LinkedLogins = await db.UserLogins.Where(l => l.UserId == user.Id).OrderBy(l => l.LoginProvider).Select(l => l.ProviderDisplayName ?? l.LoginProvider).ToListAsync(cancel),
            Passkeys = (await db.UserPasskeys.AsNoTracking().Where(p => p.UserId == user.Id).ToListAsync(cancel)).Select(p => new { p.Data.Name, p.Data.CreatedAt, p.LastUsedAt }).OrderBy(p => p.CreatedAt),
        };
    }

    private static object Session(SignInSession session) => new
    {
        session.Id,
        session.Device,
        session.Method,
        session.Remembered,
        session.SignedInAt,
        session.LastSeenAt,
        session.LastsUntil,
        session.EndsAt,
        session.EndedAt,
        session.EndedBy,
    };

    private static object Token(PersonalToken token) => new
    {
        token.Name,
        token.Prefix,
        token.LastFour,
        token.Account,
        token.CreatedAt,
        token.ExpiresAt,
        token.RevokedAt,
        token.LastUsedAt,
    };
}
