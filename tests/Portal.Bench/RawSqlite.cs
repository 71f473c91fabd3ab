using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Portal.Data;

namespace Portal.Bench;

/// <summary>The database alone, as fast as this machine lets it be: one debit is an update of an account and a line in a journal, durable.</summary>
public static class RawSqlite
{
    /// <summary>Debits a second, with so many of them in each commit.</summary>
    /// <param name="folder">Where the file is.</param>
    /// <param name="inCommit">How many debits share a commit.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="once">Whether each has an id of its caller's by which it counts once, every second one random.</param>
    public static double DebitsPerSecond(string folder, int inCommit, TimeSpan duration, bool once = false)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, $"raw-{inCommit}-{once}.db")};Pooling=False");
        connection.Open();
        Execute(connection, SqliteSettings.Pragmas);
        Execute(connection, "CREATE TABLE IF NOT EXISTS account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)");
        Execute(connection, "CREATE TABLE IF NOT EXISTS journal(seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL)");
        Execute(connection, "INSERT OR IGNORE INTO account WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, 1000000000000 FROM n");
        Execute(connection, "CREATE TABLE IF NOT EXISTS told(id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID");
        using var debit = Prepare(connection, "UPDATE account SET balance = balance - $amount WHERE id = $account AND balance >= $amount", "$amount", "$account");
        using var line = Prepare(connection, "INSERT INTO journal(account, amount, at) VALUES ($account, $amount, $at)", "$account", "$amount", "$at");
        using var id = Prepare(connection, "INSERT INTO told(id, seq) VALUES ($id, $seq) ON CONFLICT DO NOTHING", "$id", "$seq");
        var debits = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            using var transaction = connection.BeginTransaction();
            (debit.Transaction, line.Transaction, id.Transaction) = (transaction, transaction, transaction);
            for (var i = 0; i < inCommit; i++)
            {
                var account = 1 + debits++ % 1000;
                (debit.Parameters[0].Value, debit.Parameters[1].Value) = (7L, account);
                debit.ExecuteNonQuery();
                (line.Parameters[0].Value, line.Parameters[1].Value, line.Parameters[2].Value) = (account, 7L, watch.ElapsedTicks);
                line.ExecuteNonQuery();
                if (once)
                {
                    (id.Parameters[0].Value, id.Parameters[1].Value) = ((debits % 2 == 0 ? Guid.NewGuid() : Guid.CreateVersion7()).ToString(), debits);
                    id.ExecuteNonQuery();
                }
            }
            transaction.Commit();
        }
        return debits / watch.Elapsed.TotalSeconds;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
        return command;
    }
}
