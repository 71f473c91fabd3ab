using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Tests.SignIn;

namespace Portal.Tests.Api;

/// <summary>A file of entries that breaks off in the middle: whoever gets it sees that it is not whole, and nobody else notices.</summary>
public sealed class BrokenExportTests(BrokenExportTests.Breakable on) : IClassFixture<BrokenExportTests.Breakable>
{
    private const string Account = "exported";
    private const int Events = 1_200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_database_that_goes_away_leaves_a_file_that_is_seen_to_be_incomplete()
    {
        on.Middle.Happens = _ => throw new SqliteException("disk I/O error", 10);
        using var client = on.Host.NewClient();
        using var answer = await Ask(client);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());

        await IsWhole();
    }

    [Fact]
    public async Task Whoever_leaves_ends_the_reading_of_it_and_disturbs_nobody()
    {
        var (reached, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        on.Middle.Happens = async cancel =>
        {
            cancel.Register(ended.SetResult);
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        };
        using (var client = on.Host.NewClient())
        {
            using var answer = await Ask(client);
            await reached.Task.WaitAsync(Patience);
            Assert.False(ended.Task.IsCompleted);
        }

        await ended.Task.WaitAsync(Patience);

        await IsWhole();
    }

    private async Task IsWhole()
    {
        on.Middle.Happens = null;
        using var client = on.Host.NewClient();
        using var answer = await Ask(client);
        Assert.Equal(Events + 1, (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private async Task<HttpResponseMessage> Ask(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1/accounts/{Account}/entries", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", on.Key);
        request.Headers.Accept.ParseAdd("text/csv");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>An application in which something may happen before the second part of an account's entries is read.</summary>
    public sealed class Breakable : PortalOn<SqliteDatabase>, IAsyncLifetime
    {
        public SecondRead Middle { get; } = new();

        public string Key { get; private set; } = "";

        protected override HostOptions Options => new() { Services = services => services.ConfigureDbContext<SqlitePortalDb>(db => db.AddInterceptors(Middle)) };

        public new async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Host.Services.GetRequiredService<Portal.Terms.TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
            Key = (await Host.Services.GetRequiredService<GatewayKeys>().Create("test", KeyScopes.All)).Secret;
            var door = Host.Services.GetRequiredService<AccountDoor>();
            var owner = await Host.Find(await Host.NewSubscriber());
            Assert.IsType<PutAnswer.Done>(await door.Submit(new PutAccount(Account, owner.Id, "pro", null, AccountStatus.Open, Actor.Portal)));
            await Task.WhenAll(Enumerable.Range(0, Events).Select(i => door.Submit(new RecordUsage(
                Account, "test", $"{i}", null, "claude-sonnet-5-5", "headless", null, new Usage { OutputTokens = 10 }, null, Actor.Portal))));
        }
    }

    public sealed class SecondRead : DbCommandInterceptor
    {
        private int _reads;

        public Func<CancellationToken, Task>? Happens { get; set; }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (Happens is { } happens && command.CommandText.Contains("FROM \"entries\"", StringComparison.Ordinal) && Interlocked.Increment(ref _reads) % 2 == 0)
            {
                await happens(cancellationToken);
            }
            return result;
        }
    }
}
