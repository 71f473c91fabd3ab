using System.Globalization;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Api;
using Portal.Data;
using Portal.Demo;
using Portal.Mail;
using Portal.Security;
using Portal.Settings;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Tests.Demo;

public sealed class DemoOnSqlite : DemoDatabase<SqliteDatabase>;

public sealed class DemoOnPostgres : DemoDatabase<PostgresDatabase>;

/// <summary>What the fill leaves in the database, and when it leaves it alone.</summary>
public abstract class DemoDatabase<TDatabase> : IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-23T20:15:00Z", CultureInfo.InvariantCulture);

    private readonly TDatabase _database = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        Tools.Require(_database.Missing);
        await _database.Create();
        _app = Application("Development");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_fills_an_empty_database_once_and_adds_up()
    {
        Assert.True(await Fill().Run(TestContext.Current.CancellationToken));
        Assert.False(await Fill().Run(TestContext.Current.CancellationToken));

        await using var db = await Open();
        Assert.Equal(DemoAccounts.All.Count, await db.Users.CountAsync(TestContext.Current.CancellationToken));
        foreach (var key in DemoAccounts.All.Select(a => a.Account).OfType<string>())
        {
            Assert.Empty(await LedgerCheck.Broken(db, key, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Replayed_under_the_same_terms_the_demo_comes_to_what_it_is()
    {
        await Fill().Run(TestContext.Current.CancellationToken);
        var services = _app!.Services;
        var terms = new ReplayTerms(await services.GetRequiredService<PriceBooks>().InForce(TestContext.Current.CancellationToken));
        await using var db = await Open();
        var periods = await db.Set<AccountPeriod>().AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);

        var replayed = await services.GetRequiredService<Replays>().RunAll(Now.AddYears(-1), [terms], cancel: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            periods.OrderBy(p => p.Account, StringComparer.Ordinal).ThenBy(p => p.Index)
                .Select(p => (p.Account, p.Index, p.Fee, p.CreditGranted, p.CreditUsed, p.CreditExpired, p.ExtraUsed, p.Owed, p.Uncollected)),
            replayed.OrderBy(r => r.Account, StringComparer.Ordinal).SelectMany(r => r.Under[0], (r, p) => (r.Account, p.Period.Index, p.Fee, p.CreditGranted, p.CreditUsed, p.CreditExpired, p.ExtraUsed, p.Owed, p.Uncollected)));
        Assert.All(replayed.SelectMany(r => r.Under[0]), p => Assert.Equal(0, p.Requests.Refused));
    }

    [Fact]
    public async Task Everyone_of_the_demo_has_the_password_and_the_role()
    {
        await Fill().Run(TestContext.Current.CancellationToken);
        await using var scope = _app!.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        foreach (var person in DemoAccounts.All)
        {
            var user = await users.FindByEmailAsync(person.Email);
            Assert.NotNull(user);
            Assert.True(await users.CheckPasswordAsync(user, "portal-demo-2026"));
            Assert.True(await users.IsEmailConfirmedAsync(user));
            Assert.Equal([person.Role], await users.GetRolesAsync(user));
        }
    }

    [Fact]
    public async Task A_fill_that_dies_leaves_nothing_and_the_next_one_fills()
    {
        var dying = Fill(new Dying());
        await Assert.ThrowsAsync<IOException>(() => dying.Run(TestContext.Current.CancellationToken));
        await using (var db = await Open())
        {
            Assert.False(await db.Users.AnyAsync(TestContext.Current.CancellationToken));
            Assert.False(await db.Set<PlanTerms>().AnyAsync(TestContext.Current.CancellationToken));
        }
        Assert.True(await Fill().Run(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Someone_s_own_database_is_left_alone()
    {
        await using (var db = await Open())
        {
            db.Users.Add(new User { UserName = "admin@provider.example" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        Assert.False(await Fill().Run(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Outside_Development_a_database_with_the_demo_stops_the_start()
    {
        await Fill().Run(TestContext.Current.CancellationToken);
        await using var production = Application("Production");
        var refused = await Assert.ThrowsAsync<WrongSettingException>(production.RefuseDemoOutsideDevelopment);
        Assert.Contains("@example.com", refused.Message, StringComparison.Ordinal);
        Assert.Null(production.Services.GetService<DemoFill>());
    }

    private DemoFill Fill(BulkWriter? bulk = null)
    {
        var services = _app!.Services;
        return new DemoFill(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<PriceBooks>(),
            bulk ?? services.GetRequiredService<BulkWriter>(), services.GetRequiredService<Clock>(), TextWriter.Null);
    }

    private Task<PortalDb> Open() => _app!.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();

    private WebApplication Application(string environment)
    {
        var builder = SettingsSetup.CreateBuilder(
            [$"--environment={environment}", $"--Portal:Database:Provider={_database.Provider}", $"--ConnectionStrings:Portal={_database.ConnectionString}"]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddSecurity(settings);
        builder.AddMail();
        builder.AddSignIn(settings);
        builder.AddAccounts(settings);
        builder.AddApi();
        builder.AddDemo(settings);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        return builder.Build();
    }

    /// <summary>A disk that is full after the people were added.</summary>
    private sealed class Dying : BulkWriter
    {
        public override BulkWrites Gather(PortalDb db) => throw new IOException("No space left.");

        public override BulkReads Ask(PortalDb db) => throw new IOException("No disk.");
    }
}
