using System.Diagnostics;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Demo;

/// <summary>
/// Fills an empty database with a demo provider: its terms, its people, and accounts with a past. All in one transaction, so that a
/// killed start leaves an empty database, which the next one fills.
/// </summary>
public sealed class DemoFill(IServiceScopeFactory scopes, PriceBooks prices, BulkWriter bulk, Clock clock, TextWriter? progress = null)
{
    /// <summary>The one seed. With the same instant it gives the same figures.</summary>
    private const int Seed = 20_260_615;

    /// <summary>The programme of the demo's terms has been active for a whole period from here on.</summary>
    private static readonly DateTimeOffset Earliest = new(2026, 7, 15, 0, 0, 0, TimeSpan.Zero);

    private static string Terms => Path.Combine(AppContext.BaseDirectory, "Demo", "Terms");

    /// <summary>Fills the database if it is empty; returns whether it was.</summary>
    public async Task<bool> Run(CancellationToken cancel = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PortalDb>();
        if (!await IsEmpty(db, cancel))
        {
            return false;
        }
        var now = clock.Now;
        if (now < Earliest)
        {
            Say($"The demo is not filled: its terms are in force from {Earliest:yyyy-MM-dd}, and this machine's clock says {now:yyyy-MM-dd}.");
            return false;
        }
        var watch = Stopwatch.StartNew();
        Say($"Filling the demo: {DemoStories.All.Count} accounts with {DemoHistory.Days} days of use ...");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await WaitForOtherInstances(db, cancel);
        if (!await IsEmpty(db, cancel))
        {
            return false;
        }
        await TermsLoader.Load(db, Terms, now, cancel);
        var owners = await AddPeople(db, scope.ServiceProvider.GetRequiredService<UserManager<User>>(), cancel);
        await DemoPrices.Add(db, now, cancel);
        AddTokens(db, owners["demo-max20x"], now);
        var batch = new Batch(await prices.InForce(db, cancel), now) { DeliveryOf = alert => DemoHistory.DeliveryOf(alert, now) };
        foreach (var (story, index) in DemoStories.All.Select((story, index) => (story, index)))
        {
            new DemoHistory(batch, new Random(Seed + index)).Play(story, owners[story.Account], now);
        }
        new DemoDesk(batch, now).Lay(owners, await Staff(db, "support@example.com", cancel), await Staff(db, "support2@example.com", cancel));
        if (!await AccountSaver.Save(db, bulk, batch, cancel))
        {
            throw new InvalidOperationException("Ids of the demo are taken although the database was empty.");
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await Months.Make(db, now, move: true, cancel: cancel);
        Say($"Filled: {batch.Accounts.Values.Sum(a => a.Written.Charges.Count):N0} charges in {watch.Elapsed.TotalSeconds:F1} s.");
        return true;
    }

    private void Say(string line) => (progress ?? Console.Out).WriteLine(line);

    private static async Task<bool> IsEmpty(PortalDb db, CancellationToken cancel) =>
        !await db.Users.AnyAsync(cancel) && !await db.Set<Account>().AnyAsync(cancel) && !await db.Set<PlanTerms>().AnyAsync(cancel);

    /// <summary>Two instances that start together on one PostgreSQL fill once; on SQLite the transaction is alone already.</summary>
    private static async Task WaitForOtherInstances(PortalDb db, CancellationToken cancel)
    {
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Seed})", cancel);
        }
    }

    /// <summary>Adds who signs in; returns the ids of the accounts' owners. The password is everyone's, so it is hashed once.</summary>
    private static async Task<Dictionary<string, string>> AddPeople(PortalDb db, UserManager<User> users, CancellationToken cancel)
    {
        var owners = new Dictionary<string, string>();
        var hash = users.PasswordHasher.HashPassword(new User(), DemoAccounts.Password);
        foreach (var person in DemoAccounts.All)
        {
            var user = new User { UserName = person.Email, Email = person.Email, EmailConfirmed = true, PasswordHash = hash };
            Check(await users.CreateAsync(user), person);
            Check(await users.AddToRoleAsync(user, person.Role), person);
            if (person.Account is { } account)
            {
                owners.Add(account, user.Id);
            }
        }
        await db.SaveChangesAsync(cancel);
        return owners;
    }

    /// <summary>Tokens whose secrets nobody has: one that a script uses every hour, one that its owner revoked.</summary>
    private static void AddTokens(PortalDb db, string owner, DateTimeOffset now)
    {
        db.Add(Token("Grafana, spend per day", now.AddDays(-41), 365, now.AddMinutes(-48)));
        db.Add(Token("Old laptop", now.AddDays(-70), 90, now.AddDays(-12), now.AddDays(-11)));

        PersonalToken Token(string name, DateTimeOffset made, int days, DateTimeOffset used, DateTimeOffset? revoked = null)
        {
            var secret = KeyFormat.NewSecret(KeyFormat.PersonalBeginning);
            var hash = KeyFormat.Hash(secret);
            return new PersonalToken
            {
                Prefix = KeyFormat.PrefixOf(secret, hash),
                Hash = hash,
                LastFour = secret[^4..],
                Name = name,
                Account = "demo-max20x",
                Owner = owner,
                CreatedAt = made,
                ExpiresAt = made.AddDays(days),
                LastUsedAt = used,
                RevokedAt = revoked,
            };
        }
    }

    private static async Task<Actor> Staff(PortalDb db, string email, CancellationToken cancel) =>
        Actor.User(await db.Users.Where(u => u.Email == email).Select(u => u.Id).SingleAsync(cancel));

    private static void Check(IdentityResult result, DemoAccount person)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"{person.Email} of the demo could not be added: {string.Join(" ", result.Errors.Select(e => e.Description))}");
        }
    }
}
