using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn.Profile;

/// <summary>What leaving came to.</summary>
public enum LeaveOutcome
{
    /// <summary>The accounts are closed and the person is forgotten.</summary>
    Left,

    /// <summary>Staff do not leave by themselves: an administrator takes their role away first.</summary>
    IsStaff,

    /// <summary>Without them nobody could administer Portal.</summary>
    IsLastAdmin,
}

/// <summary>What leaving means for one account.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="IsOpen">Whether it still is to be closed.</param>
/// <param name="Credit">Credit that is left, held or not, which can be used no more.</param>
/// <param name="Claimable">Credit that could still have been claimed.</param>
/// <param name="Fee">The plan's fee of the period that runs, which stays due.</param>
/// <param name="Extra">Extra usage of the period, less discounts.</param>
/// <param name="Refunds">What is taken off for charges that were reversed.</param>
/// <param name="Due">What is due for the period.</param>
/// <param name="HeldCredit">Of the credit, what open authorizations hold, and may still use.</param>
/// <param name="HeldExtra">Extra that open authorizations hold: so much may still become due.</param>
/// <param name="Period">The period that runs.</param>
public sealed record LeavingAccount(
    string Account, bool IsOpen, Money Credit, Money Claimable, Money Fee, Money Extra, Money Refunds, Money Due, Money HeldCredit, Money HeldExtra, PeriodSpan Period);

/// <summary>From when to when a period runs.</summary>
public sealed record PeriodSpan(DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// How a person leaves. First their accounts are closed through the door; then, in one transaction, whatever says who they were is deleted.
/// What stops in between leaves closed accounts and a person who may leave once more. The ledger and the audit stay: they name the person
/// by an id which then is nobody's.
/// </summary>
public sealed class Leaving(
    IDbContextFactory<PortalDb> databases, AccountDoor door, Balances balances, AccountStatements statements, KeyRing ring, Mailer mailer, Clock clock, PortalSettings settings)
{
    /// <summary>So often an account may be opened again, by the provider, while its owner leaves.</summary>
    private const int Attempts = 3;

    /// <summary>What it would mean for the accounts of a person now.</summary>
    public async Task<IReadOnlyList<LeavingAccount>> Preview(string userId)
    {
        List<string> keys;
        await using (var db = await databases.CreateDbContextAsync())
        {
            keys = await db.Set<Account>().Where(a => a.Owner == userId).OrderBy(a => a.Key).Select(a => a.Key).ToListAsync();
        }
        var all = new List<LeavingAccount>();
        foreach (var key in keys)
        {
            all.Add(Of((await balances.Account(key))!, (await statements.Of(key))![0].Statement));
        }
        return all;
    }

    /// <summary>Why a person may not leave; null if they may.</summary>
    public async Task<LeaveOutcome?> WhyNot(string userId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await WhyNot(db, userId);
    }

    /// <summary>Closes the person's accounts and forgets the person. May be repeated, also after it was interrupted.</summary>
    /// <exception cref="NotAllowedException">The person's session has ended, or they are no subscriber.</exception>
    /// <exception cref="DoorBusyException">Try again.</exception>
    public async Task<LeaveOutcome> Leave(User user, Actor by)
    {
        ArgumentNullException.ThrowIfNull(user);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await WhyNot(user.Id) is { } refused)
            {
                return refused;
            }
            var accounts = await Preview(user.Id);
            foreach (var account in accounts.Where(a => a.IsOpen))
            {
                await door.Submit(new LeaveAccount(account.Account, by));
            }
            if (await Forget(user.Id, by) is { } outcome)
            {
                if (outcome == LeaveOutcome.Left)
                {
                    accounts.ToList().ForEach(a => ring.Forget(a.Account));
                    mailer.Send(new MailMessage(user.Email!, $"You have left {settings.Brand.ProviderName}", Text(accounts)));
                }
                return outcome;
            }
        }
        throw new DoorBusyException("The account was opened again meanwhile.");
    }

    /// <summary>One transaction that deletes whatever says who the person was; null if an account of theirs is open, and so nothing was done.</summary>
    private async Task<LeaveOutcome?> Forget(string userId, Actor by)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // Whoever gives the person a role or a session meanwhile waits for this row. SQLite's transaction has the whole database for itself already.
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlAsync($"SELECT id FROM users WHERE id = {userId} FOR UPDATE");
        }
        var now = clock.Now;
        if (!await db.SessionsThatCount(now).AnyAsync(s => s.Id == by.Session && s.UserId == userId))
        {
            throw new NotAllowedException("Only the person may do this, while they are signed in. Nothing more was changed.");
        }
        if (await WhyNot(db, userId) is { } refused)
        {
            return refused;
        }
        if (await db.Set<Account>().AnyAsync(a => a.Owner == userId && a.Status == AccountStatus.Open))
        {
            return null;
        }
        await ForgetAlerts(db, userId);
        await db.Set<PersonalToken>().Where(t => t.Owner == userId).ExecuteDeleteAsync();
        // They may say anything about anybody; what became of them stands in the ledger.
        await db.Set<Dispute>().Where(d => db.Set<Account>().Any(a => a.Key == d.Account && a.Owner == userId)).ExecuteDeleteAsync();
        // What support wrote about why they looked; that they did stays in the audit.
        await db.Set<ViewAsSession>().Where(v => v.Owner == userId).ExecuteDeleteAsync();
        await db.Set<AccountNote>().Where(n => db.Set<Account>().Any(a => a.Key == n.Account && a.Owner == userId)).ExecuteDeleteAsync();
        // What has a foreign key to the person goes along: roles, claims, linked sign-ins, Identity's tokens, passkeys, sessions.
        await db.Users.Where(u => u.Id == userId).ExecuteDeleteAsync();
        db.Add(SignInAudit.Record("Leave", userId, now, by));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return LeaveOutcome.Left;
    }

    /// <summary>What was told to the person goes, and nothing more is told. An account that this or another instance remembers is read anew, because its version is another.</summary>
    private static async Task ForgetAlerts(PortalDb db, string userId)
    {
        var theirs = db.Set<Account>().Where(a => a.Owner == userId);
        await db.Set<AlertDelivery>().Where(d => theirs.Any(a => a.Key == d.Account)).ExecuteDeleteAsync();
        await db.Set<Alert>().Where(alert => theirs.Any(a => a.Key == alert.Account)).ExecuteDeleteAsync();
        await theirs.ExecuteUpdateAsync(set => set.SetProperty(a => a.AlertChoices, AlertChoices.Silent).SetProperty(a => a.Version, a => a.Version + 1));
    }

    private static async Task<LeaveOutcome?> WhyNot(PortalDb db, string userId)
    {
        var roles = await db.UserRoles.Where(r => r.UserId == userId).Join(db.Roles, r => r.RoleId, r => r.Id, (_, role) => role.Name).ToListAsync();
        return !roles.Contains(Roles.Admin) ? roles.Contains(Roles.Support) ? LeaveOutcome.IsStaff : null
            : await db.UserRoles.AnyAsync(r => r.UserId != userId && db.Roles.Any(role => role.Id == r.RoleId && role.Name == Roles.Admin)) ? LeaveOutcome.IsStaff
            : LeaveOutcome.IsLastAdmin;
    }

    private static LeavingAccount Of(Account account, Statement running)
    {
        var refunds = Money.Sum(running.Lines.Where(l => l.Kind == StatementLineKind.Refund), l => l.Amount);
        return new(
            account.Key, account.Status == AccountStatus.Open, account.CreditLeft, account.Status == AccountStatus.Open ? account.Claimable : Money.Zero,
            running.PlanFee, running.ExtraOwed, refunds, running.TotalDue,
            Money.Sum(account.Grants, g => g.Held), Money.Sum(account.Periods, p => p.ExtraHeld), new PeriodSpan(account.Current.Start, account.Current.End));
    }

    private string Text(IReadOnlyList<LeavingAccount> accounts) =>
        $"""
        You have left {settings.Brand.ProviderName}. Your sign-in is deleted, and with it your e-mail address, your sessions and your tokens.

        {string.Join('\n', accounts.Select(a => $"Your account {a.Account} is closed. For its last period {a.Due.ForPeople()} is due{(a.HeldExtra.IsPositive ? $", and up to {a.HeldExtra.ForPeople()} more for requests that were still running" : "")}."))}

        The account's ledger is kept without your name or address. This is the last mail from here. If it was not you, write to support.
        """;
}
