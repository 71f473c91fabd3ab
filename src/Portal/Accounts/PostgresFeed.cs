using System.Text;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>
/// Carries the feed between instances that share a PostgreSQL, by NOTIFY after the commit. Keys are gathered for a moment, because every
/// NOTIFY is a transaction of its own, and sent in pieces, because a payload over 7,999 bytes fails.
/// </summary>
public sealed class PostgresFeed(AccountFeed feed, IDbContextFactory<PortalDb> databases, ILogger<PostgresFeed> log) : BackgroundService
{
    private const string ChannelName = "portal_accounts";
    private const int LargestPayload = 7_900;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _instance = Guid.NewGuid().ToString("N");

    /// <summary>What is still to be told, also when the connection broke over it. Only the one who speaks has it.</summary>
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);

    private readonly Channel<string> _changed = Channel.CreateBounded<string>(new BoundedChannelOptions(100_000) { FullMode = BoundedChannelFullMode.DropOldest });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.ChangedHere += Gather;
        try
        {
            await Task.WhenAll(KeepTrying(Listen, stoppingToken), KeepTrying(Speak, stoppingToken));
        }
        finally
        {
            feed.ChangedHere -= Gather;
        }
    }

    private void Gather(IReadOnlyCollection<string> accounts)
    {
        foreach (var account in accounts)
        {
            _changed.Writer.TryWrite(account);
        }
    }

    private async Task Listen(NpgsqlConnection connection, CancellationToken cancel)
    {
        connection.Notification += (_, notification) =>
        {
            var words = notification.Payload.Split(' ');
            if (words[0] != _instance)
            {
                feed.Tell(words.Skip(1));
            }
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }
        // What was said while nobody listened is lost, so whoever looks should look again.
        feed.TellAll();
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    private async Task Speak(NpgsqlConnection connection, CancellationToken cancel)
    {
        while (_untold.Count > 0 || await _changed.Reader.WaitToReadAsync(cancel))
        {
            await Task.Delay(Gathering, cancel);
            while (_changed.Reader.TryRead(out var key))
            {
                _untold.Add(key);
            }
            foreach (var payload in Payloads(_untold))
            {
                await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection) { Parameters = { new() { Value = ChannelName }, new() { Value = payload } } };
                await notify.ExecuteNonQueryAsync(cancel);
            }
            _untold.Clear();
        }
    }

    private IEnumerable<string> Payloads(IEnumerable<string> keys)
    {
        var payload = new StringBuilder(_instance);
        foreach (var key in keys)
        {
            if (payload.Length + key.Length + 1 > LargestPayload)
            {
                yield return payload.ToString();
                payload.Clear().Append(_instance);
            }
            payload.Append(' ').Append(key);
        }
        yield return payload.ToString();
    }

    private async Task KeepTrying(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancel);
                await using var connection = new NpgsqlConnection(db.Database.GetConnectionString());
                await connection.OpenAsync(cancel);
                await work(connection, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (Exception lost) when (lost is NpgsqlException or System.Net.Sockets.SocketException or IOException)
            {
                log.LogWarning(lost, "The connection that tells other instances was lost; it is opened again");
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}
