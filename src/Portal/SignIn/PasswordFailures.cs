using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Accounts;
using Portal.Data;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn.Limits;

namespace Portal.SignIn;

/// <summary>The wrong passwords in a row that were sent for a person, and until when the right one waits too.</summary>
public sealed class PasswordFailure
{
    public string UserId { get; init; } = "";

    public int Count { get; set; }

    public DateTimeOffset? WaitsUntil { get; set; }
}

internal sealed class PasswordFailureTable : IEntityTypeConfiguration<PasswordFailure>
{
    public void Configure(EntityTypeBuilder<PasswordFailure> builder)
    {
        builder.ToTable("password_failures").HasKey(f => f.UserId);
        builder.HasOne<User>().WithOne().HasForeignKey<PasswordFailure>(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>
/// Counts wrong passwords at the sign-in. Identity's own count, the lock of the second step, is left to what only somebody who signed in or has the right password can get wrong: anybody who
/// knows an address can send wrong passwords for it, so all that they bring about is that the password waits, in browsers that the
/// person has not used before. Who is signed in notices nothing of it.
/// </summary>
public sealed class PasswordFailures(PortalDb db, Clock clock, PortalSettings settings, Mailer mailer, Links links, MailLimits limits)
{
    /// <summary>Who sent a wrong password: somebody.</summary>
    private static readonly Actor Somebody = new("somebody");

    /// <summary>Whether the right password waits too. Also asked about nobody, so that it costs the same.</summary>
    public Task<bool> MustWait(string? userId)
    {
        var (now, id) = (clock.Now, userId ?? "");
        return db.Set<PasswordFailure>().AnyAsync(f => f.UserId == id && f.WaitsUntil > now);
    }

    /// <summary>One more. Counted in the database, so that tries at once all count, through whichever instance they come.</summary>
    public async Task Count(string userId)
    {
        var now = clock.Now;
        await using var transaction = await db.Database.BeginTransactionAsync();
        // The row first, whoever makes it: two that both found none would lose one count.
        await db.Database.ExecuteSqlAsync($"INSERT INTO password_failures (user_id, count) VALUES ({userId}, 0) ON CONFLICT DO NOTHING");
        await One(userId).ExecuteUpdateAsync(set => set.SetProperty(f => f.Count, f => f.Count + 1));
        var waits = await One(userId).AnyAsync(f => f.Count >= settings.SignIn.FailuresBeforeLockout);
        if (waits)
        {
            var until = now.AddMinutes(settings.SignIn.LockoutMinutes);
            await One(userId).ExecuteUpdateAsync(set => set.SetProperty(f => f.Count, 0).SetProperty(f => f.WaitsUntil, until));
        }

        db.Add(SignInAudit.Record("SignIn", userId, now, Somebody, outcome: waits ? "WrongPasswordAndWait" : "WrongPassword"));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        if (waits && limits.MayWarn(userId) && await db.Users.Where(u => u.Id == userId).Select(u => u.Email).SingleOrDefaultAsync() is { } email)
        {
            mailer.Send(Warning(email));
        }
    }

    /// <summary>The right password ends the row of wrong ones; a new one, set by a mailed link, ends the waiting too.</summary>
    public Task Forget(string userId, bool alsoTheWait) => alsoTheWait
        ? One(userId).ExecuteDeleteAsync()
        : One(userId).Where(f => f.Count > 0).ExecuteUpdateAsync(set => set.SetProperty(f => f.Count, 0));

    private IQueryable<PasswordFailure> One(string userId) => db.Set<PasswordFailure>().Where(f => f.UserId == userId);

    private MailMessage Warning(string email) => new(
        email,
        "Your sign-in is locked for a while",
        $"""
        Someone, perhaps you, entered a wrong password for your sign-in several times. For {settings.SignIn.LockoutMinutes} minutes it takes no password, also not the right
        one, in browsers in which you have not signed in before. Where you are signed in nothing changes.

        To sign in now, set a new password:
        {links.To("/sign-in/forgotten")}

        If it was not you, nothing was opened and you need not do anything. If it goes on we do not write again for twelve hours.
        """);
}
