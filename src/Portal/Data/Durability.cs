using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>Whether what the database acknowledges survives a power cut. Start-up refuses one whose settings say otherwise.</summary>
public static class Durability
{
    /// <summary>The settings that break durability, each in a sentence; none is well.</summary>
    public static async Task<IReadOnlyList<string>> Problems(PortalDb db)
    {
        var problems = new List<string>();
        await db.Database.OpenConnectionAsync();
        if (db is PostgresPortalDb)
        {
            await Expect("SHOW fsync", "on", "PostgreSQL runs with fsync off");
            await Expect("SHOW full_page_writes", "on", "PostgreSQL runs with full_page_writes off");
            var commit = await Read("SHOW synchronous_commit");
            if (commit is "off")
            {
                problems.Add("PostgreSQL runs with synchronous_commit off; a commit may be lost after it was acknowledged.");
            }
        }
        else
        {
            await Expect("PRAGMA journal_mode", "wal", "SQLite does not use the write-ahead log (the file may lie on a network drive)");
            await Expect("PRAGMA synchronous", "2", "SQLite does not run with synchronous=FULL");
        }
        foreach (var trigger in await LedgerGuards.Missing(db))
        {
            problems.Add($"The trigger {trigger} is missing; run 'Portal.dll migrate', which creates it.");
        }
        await db.Database.CloseConnectionAsync();
        return problems;

        async Task Expect(string sql, string value, string problem)
        {
            var found = await Read(sql);
            if (found != value)
            {
                problems.Add($"{problem} (it answers '{found}', it must be '{value}'); what is acknowledged could be lost.");
            }
        }

        async Task<string?> Read(string sql)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
