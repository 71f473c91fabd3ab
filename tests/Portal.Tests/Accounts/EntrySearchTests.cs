using System.Data.Common;
using System.Text;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Tests.Accounts;

/// <summary>Entries are found by instant and by kind without reading the charges between: an account may have millions.</summary>
public abstract class EntrySearchTests<TDatabase> : IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    private const string Account = "long";
    private const int Entries = 2_000;
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TDatabase database = new();

    public async ValueTask InitializeAsync()
    {
        Tools.Require(database.Missing);
        await database.Create();
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_instant_is_found_among_entries_that_share_it_before_the_first_and_after_the_last()
    {
        await using var db = database.Open();
        await Fill(db);
        // Two entries in each second.
        foreach (var (seconds, expected) in new[] { (-1.0, 1L), (0, 1), (0.5, 3), (1, 3), (499, 999), (998, 1_997), (999, 1_999), (999.5, 2_001), (99_999, 2_001) })
        {
            Assert.Equal(expected, await EntrySearch.FirstSince(db, Account, Start.AddSeconds(seconds)));
        }
        Assert.Equal(1, await EntrySearch.FirstSince(db, "nobody", Start));
        Assert.Equal(1, await EntrySearch.FirstChargeSince(db, "nobody", Start));
    }

    [Fact]
    public async Task What_is_no_charge_is_read_from_an_index_of_its_own()
    {
        await using var db = database.Open();
        await Fill(db);
        // On PostgreSQL each month has its own of that index.
        var index = db is PostgresPortalDb ? "_account_seq_idx" : "ix_entries_other_than_charges";
        var rare = db.Set<Entry>().Where(e => e.Account == Account && e.Seq < Entries).OtherThanCharges();
        Assert.Contains(index, await Plan(db, rare.OrderByDescending(e => e.Seq).Take(50)), StringComparison.Ordinal);
        Assert.Contains(index, await Plan(db, rare.Where(e => e.Kind == EntryKind.Expiry).OrderByDescending(e => e.Seq).Take(50)), StringComparison.Ordinal);
        Assert.Equal([1_999L, 1_000, 1], await db.Set<Entry>().Where(e => e.Account == Account).OtherThanCharges().OrderByDescending(e => e.Seq).Select(e => e.Seq).ToListAsync());
    }

    /// <summary>A long history: the first, the middle and the last entry but one are grants, all others charges; and another account beside it.</summary>
    private static async Task Fill(PortalDb db)
    {
        foreach (var account in new[] { Account, "other" })
        {
            for (var from = 1; from <= Entries; from += 1_000)
            {
                foreach (var seq in Enumerable.Range(from, 1_000))
                {
                    // Only Ledger makes entries; these are rows.
                    var row = db.Entry((Entry)Activator.CreateInstance(typeof(Entry), nonPublic: true)!);
                    row.Property(e => e.Account).CurrentValue = account;
                    row.Property(e => e.Seq).CurrentValue = seq;
                    row.Property(e => e.At).CurrentValue = Start.AddSeconds((seq - 1) / 2);
                    row.Property(e => e.Kind).CurrentValue = seq is 1 or Entries / 2 or Entries - 1 ? EntryKind.Grant : EntryKind.Charge;
                    row.State = EntityState.Added;
                }
                await db.SaveChangesAsync();
                db.ChangeTracker.Clear();
            }
        }
        if (db is PostgresPortalDb)
        {
            await db.Database.ExecuteSqlRawAsync("ANALYZE entries");
        }
    }

    private static async Task<string> Plan(PortalDb db, IQueryable<Entry> query)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = query.CreateDbCommand();
        command.CommandText = (db is PostgresPortalDb ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new StringBuilder();
        while (await reader.ReadAsync())
        {
            plan.AppendJoin(' ', Values(reader)).AppendLine();
        }
        return plan.ToString();
    }

    private static IEnumerable<object> Values(DbDataReader reader) => Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue);
}

public sealed class EntrySearchOnSqlite : EntrySearchTests<SqliteDatabase>;

public sealed class EntrySearchOnPostgres : EntrySearchTests<PostgresDatabase>;
