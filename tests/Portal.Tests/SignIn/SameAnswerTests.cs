using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Passwords;

namespace Portal.Tests.SignIn;

/// <summary>An application that counts how often a password is hashed or compared.</summary>
public sealed class CountingPortal<TDatabase> : PortalOn<TDatabase> where TDatabase : TestDatabase, new()
{
    public CountingHasher Hasher { get; } = new();

    protected override HostOptions Options => new()
    {
        Services = services => services.AddSingleton<IPasswordHasher<User>>(Hasher)
            .ConfigureDbContext<SqlitePortalDb>(options => options.AddInterceptors(new DatabaseCommands()))
            .ConfigureDbContext<PostgresPortalDb>(options => options.AddInterceptors(new DatabaseCommands())),
    };
}

public sealed class CountingHasher : IPasswordHasher<User>
{
    private readonly NormalizedHasher inner = new(Options.Create(new PasswordHasherOptions()));
    private int count;

    public int Count => count;

    public string HashPassword(User user, string password)
    {
        Interlocked.Increment(ref count);
        return inner.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref count);
        return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}

public sealed class SameAnswerOnSqlite(CountingPortal<SqliteDatabase> portal) : SameAnswerTests<SqliteDatabase>(portal);

public sealed class SameAnswerOnPostgres(CountingPortal<PostgresDatabase> portal) : SameAnswerTests<PostgresDatabase>(portal);

/// <summary>
/// Known and unknown addresses get the same answer for the same work. Work is what takes time: passwords compared and commands sent to the
/// database before the answer has gone out.
/// </summary>
public abstract class SameAnswerTests<TDatabase> : IClassFixture<CountingPortal<TDatabase>> where TDatabase : TestDatabase, new()
{
    private const string Wrong = "not the password at all";

    private readonly CountingPortal<TDatabase> portal;

    protected SameAnswerTests(CountingPortal<TDatabase> portal)
    {
        Tools.Require(portal.Database.Missing);
        this.portal = portal;
    }

    [Fact]
    public async Task Signing_in_with_a_wrong_password()
    {
        var pages = new List<string>();
        var work = new List<(int Hashes, string Commands)>();
        foreach (var email in await KnownAndUnknown())
        {
            using var browser = new FormClient(portal.Host.Address);
            work.Add(await WorkOf(email));
            pages.Add((await browser.SignIn(email, Wrong)).Same);
        }

        Assert.Equal(1, work[0].Hashes);
        Assert.NotEqual("", work[0].Commands);
        Assert.All(work, same => Assert.Equal(work[0], same));
        Assert.All(pages, same => Assert.Equal(pages[0], same));
    }

    [Fact]
    public async Task Asking_for_a_new_password()
    {
        var before = portal.Hasher.Count;
        var pages = new List<string>();
        foreach (var email in new[] { (await portal.Host.NewUser(Roles.Subscriber, password: null)), "nobody@example.org" })
        {
            using var browser = new FormClient(portal.Host.Address);
            pages.Add((await browser.Submit("/sign-in/forgotten", "forgotten", ("Input.Email", email))).Same);
        }

        Assert.Equal(before, portal.Hasher.Count);
        Assert.Contains("Look at your mail.", pages[0], StringComparison.Ordinal);
        Assert.Equal(pages[0], pages[1]);
    }

    /// <summary>A customer; nobody; somebody who was invited and has no password yet; and a customer about whom a stranger tried too often.</summary>
    private async Task<string[]> KnownAndUnknown()
    {
        var waiting = await portal.Host.NewSubscriber();
        using var stranger = new FormClient(portal.Host.Address);
        for (var n = 0; n < 5; n++)
        {
            await stranger.SignIn(waiting, Wrong);
        }

        return [await portal.Host.NewSubscriber(), "nobody@example.org", await portal.Host.NewUser(Roles.Subscriber, password: null), waiting];
    }

    /// <summary>What one try costs before its answer: what follows after it is not begun here, for this answer is never sent.</summary>
    private async Task<(int Hashes, string Commands)> WorkOf(string email)
    {
        await using var scope = portal.Host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var hashes = portal.Hasher.Count;
        var commands = DatabaseCommands.Listen();
        Assert.Equal(PasswordOutcome.Refused, await scope.ServiceProvider.GetRequiredService<PasswordSignIn>().Try(email, Wrong, remember: false));
        return (portal.Hasher.Count - hashes, string.Join(";\n", commands));
    }
}

/// <summary>The database commands of the calls that the test itself makes, not of requests that happen at the same time.</summary>
public sealed class DatabaseCommands : DbCommandInterceptor
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Current = new();

    public static ConcurrentQueue<string> Listen() => Current.Value = [];

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Current.Value?.Enqueue(command.CommandText);
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Current.Value?.Enqueue(command.CommandText);
        return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }
}
