using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// On PostgreSQL charges and entries lie in a partition for each month, in UTC: a charge in that of the instant at which it was recorded, an entry in
/// that of the instant at which it counts. Neither ever runs backwards in an account, so a month that is over for every account is never written again,
/// and what lies before a month's end is what an account began with. Months are made ahead; what none of them takes lies in a partition for the rest,
/// so that no charge fails for lack of one. Source: docs/scale.md, "Old months".
/// </summary>
public static class Months
{
    /// <summary>How many months after the present one are there already. So long may the rounds fail before rows lie outside any.</summary>
    public const int Ahead = 3;

    private const int MostAtOnce = 24;

    /// <summary>Making a month waits for whoever reads the table, and everybody else waits behind it: rather try again.</summary>
    private const string Patience = "SET LOCAL lock_timeout = '2s'";

    /// <summary>Any number, as long as all instances take the same.</summary>
    private const long Lock = 20_261_130;

    /// <summary>The tables that grow for ever.</summary>
    public static IReadOnlyList<MonthTable> Tables { get; } = [new("charges", "recorded_at", "number"), new("entries", "at", "seq")];

    /// <summary>The first instant of a month.</summary>
    public static DateTimeOffset Of(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Makes the months that are missing, up to those ahead. Any number of instances may do it at once.
    /// </summary>
    /// <param name="db">The database; on SQLite there is nothing to do.</param>
    /// <param name="now">The present month, and those ahead of it, are made.</param>
    /// <param name="move">Whether rows that lie outside any month are moved into theirs. Everybody waits for that, so it is for a start; otherwise their months are left out.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task Make(PortalDb db, DateTimeOffset now, bool move = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db is not PostgresPortalDb)
        {
            return;
        }
        foreach (var table in Tables)
        {
            if ((await Missing(db, table, now, move, cancel)).Count > 0)
            {
                await Make(db, table, now, move, cancel);
            }
        }
    }

    private static async Task Make(PortalDb db, MonthTable table, DateTimeOffset now, bool move, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await Execute(db, $"SELECT pg_advisory_xact_lock({Lock})", cancel);
        await Execute(db, Patience, cancel);
        // Another instance may just have made them.
        var months = await Missing(db, table, now, move, cancel);
        var moving = move && (await OutsideAny(db, table, cancel)).Count > 0;
        if (moving)
        {
            // Rows are never deleted, so their table goes: beside an empty one in its place, it gives all rows to the months, and is dropped.
            await Execute(db, $"ALTER TABLE {table.Name} DETACH PARTITION {table.Rest}", cancel);
            await Execute(db, $"ALTER TABLE {table.Rest} RENAME TO {table.Rest}_moving", cancel);
            await Execute(db, $"CREATE TABLE {table.Rest} (LIKE {table.Rest}_moving INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", cancel);
            await Attach(db, table, table.Rest, "DEFAULT", cancel);
        }
        foreach (var month in months)
        {
            await Execute(db, $"CREATE TABLE {table.Partition(month)} (LIKE {table.Name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", cancel);
            await Attach(db, table, table.Partition(month), $"FOR VALUES FROM ('{Instant(month)}') TO ('{Instant(month.AddMonths(1))}')", cancel);
        }
        if (moving)
        {
            await Execute(db, $"INSERT INTO {table.Name} SELECT * FROM {table.Rest}_moving", cancel);
            await Execute(db, $"DROP TABLE {table.Rest}_moving", cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The key is the partition's own: on the whole table it would have to hold the instant, and so refuse less. Indexes and triggers for rows come with the table.</summary>
    private static async Task Attach(PortalDb db, MonthTable table, string partition, string values, CancellationToken cancel)
    {
        await Execute(db, $"ALTER TABLE {partition} ADD PRIMARY KEY (account, {table.Number})", cancel);
        await Execute(db, $"ALTER TABLE {table.Name} ATTACH PARTITION {partition} {values}", cancel);
        await Execute(db, LedgerGuards.KeepAll(table.Name, partition), cancel);
    }

    /// <summary>What detaches a month, of both tables, within a transaction of the caller. What is older than its end would lie nowhere from then on, so it is refused.</summary>
    internal static IEnumerable<string> Detach(DateTimeOffset month)
    {
        foreach (var table in Tables)
        {
            yield return $"ALTER TABLE {table.Name} DETACH PARTITION {table.Partition(month)}";
            yield return $"ALTER TABLE {table.Rest} DROP CONSTRAINT IF EXISTS {table.Name}_detached_before";
            yield return $"ALTER TABLE {table.Rest} ADD CONSTRAINT {table.Name}_detached_before CHECK ({table.At} >= '{Instant(month.AddMonths(1))}')";
        }
    }

    /// <summary>How many rows lie outside any month: none, unless no round could make one for months, or a clock was led far away.</summary>
    public static async Task<long> RowsOutsideAny(PortalDb db, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var count = $"SELECT {string.Join(" + ", Tables.Select(t => $"(SELECT count(*) FROM {t.Rest})"))} AS \"Value\"";
        return db is not PostgresPortalDb ? 0 : await db.Database.SqlQueryRaw<long>(count).SingleAsync(cancel);
    }

    /// <summary>The partitions of each of the tables, by name, the one for the rest among them.</summary>
    public static async Task<IReadOnlyList<(MonthTable Table, string Partition)>> Partitions(PortalDb db, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var found = await db.Database.SqlQueryRaw<string>(
            """
            SELECT parent.relname || ' ' || child.relname AS "Value"
            FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
            WHERE parent.relkind = 'p' AND parent.relnamespace = current_schema()::regnamespace ORDER BY 1
            """).ToListAsync(cancel);
        return [.. from line in found let words = line.Split(' ') from table in Tables where table.Name == words[0] select (table, words[1])];
    }

    private static async Task<List<DateTimeOffset>> Missing(PortalDb db, MonthTable table, DateTimeOffset now, bool move, CancellationToken cancel)
    {
        var present = (await Partitions(db, cancel)).Where(p => p.Table == table).Select(p => table.MonthOf(p.Partition)).OfType<DateTimeOffset>().ToHashSet();
        var outside = await OutsideAny(db, table, cancel);
        var detached = await db.Set<Opening>().MaxAsync(o => (DateTimeOffset?)o.Until, cancel);
        var (first, last) = (present.Append(Of(now)).Min(), Of(now).AddMonths(Ahead));
        // Those between, too, for the boundaries of accounts that slept; but no thousands, if a clock was led far away.
        first = first < last.AddMonths(-MostAtOnce) ? last.AddMonths(-MostAtOnce) : first;
        var wanted = new SortedSet<DateTimeOffset>(outside.Where(_ => move));
        for (var month = first; month <= last; month = month.AddMonths(1))
        {
            wanted.Add(month);
        }
        return [.. wanted.Where(m => !present.Contains(m) && !(m < detached) && (move || !outside.Contains(m)))];
    }

    /// <summary>The months of the rows that lie outside any.</summary>
    private static async Task<IReadOnlySet<DateTimeOffset>> OutsideAny(PortalDb db, MonthTable table, CancellationToken cancel)
    {
        var months = $"SELECT DISTINCT date_trunc('month', {table.At} AT TIME ZONE 'UTC') AS \"Value\" FROM {table.Rest}";
        return (await db.Database.SqlQueryRaw<DateTime>(months).ToListAsync(cancel)).Select(month => new DateTimeOffset(month, TimeSpan.Zero)).ToHashSet();
    }

    private static string Instant(DateTimeOffset month) => month.ToString("yyyy-MM-dd 00:00:00+00", CultureInfo.InvariantCulture);

    private static Task<int> Execute(PortalDb db, string sql, CancellationToken cancel) => db.Database.ExecuteSqlRawAsync(sql, cancel);
}

/// <summary>A table that lies in months.</summary>
/// <param name="Name">As the database has it.</param>
/// <param name="At">The column of the instant that says in which month a row lies.</param>
/// <param name="Number">With the account, the key of a row.</param>
public sealed record MonthTable(string Name, string At, string Number)
{
    /// <summary>The partition of what lies in no month.</summary>
    public string Rest => $"{Name}_default";

    /// <summary>The partition of a month.</summary>
    public string Partition(DateTimeOffset month) => string.Create(CultureInfo.InvariantCulture, $"{Name}_{month:yyyy_MM}");

    /// <summary>The month of a partition; none for the rest.</summary>
    public DateTimeOffset? MonthOf(string partition) =>
        DateTimeOffset.TryParseExact(partition, $"'{Name}_'yyyy_MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month) ? month : null;
}
