using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// The last line of defence, in the database itself: what was written in the ledger is neither changed nor deleted, a period that is final
/// stays as it is, nothing raises used and held extra above the cap, and the audit's head only goes on. On PostgreSQL the same holds for each month's partition,
/// and an account's numbers only go on, because there a key refuses a second row of one number in its own month only. Created anew after every migration, because a migration that rebuilds a table loses them.
/// </summary>
public static class LedgerGuards
{
    private static readonly string[] AppendOnly = ["entries", "charges", "reversed_charges", "event_ids", "parked_events", "event_conflicts", "account_changes", "audit_records", "openings"];

    /// <summary>What is never changed, but goes with the person whom it is about.</summary>
    private static readonly string[] Unchanging = ["account_notes"];

    /// <summary>Creates the triggers, or replaces them.</summary>
    public static async Task Create(PortalDb db)
    {
        foreach (var sql in db is PostgresPortalDb ? Postgres().Concat((await Months.Partitions(db)).Select(p => KeepAll(p.Table.Name, p.Partition))) : Sqlite())
        {
            await db.Database.ExecuteSqlRawAsync(sql);
        }
    }

    /// <summary>A partition takes over what its table refuses for rows, but not what it refuses for all of them.</summary>
    internal static string KeepAll(string table, string partition) =>
        $"CREATE OR REPLACE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {partition} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()";

    /// <summary>The triggers that the database lacks; with any missing, Portal does not start.</summary>
    public static async Task<IReadOnlyList<string>> Missing(PortalDb db)
    {
        if (db is not PostgresPortalDb)
        {
            return [.. Names(db).Except(await db.Database.SqlQueryRaw<string>("SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'trigger'").ToListAsync())];
        }
        var present = (await db.Database.SqlQueryRaw<string>(
            "SELECT tgname || CASE WHEN relispartition THEN ' of ' || relname ELSE '' END AS \"Value\" FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgenabled IN ('O', 'A')").ToListAsync()).ToHashSet();
        var missing = Names(db).Except(present).ToList();
        // What the whole table lacks, its partitions lack too; that is reported once.
        var ofPartitions = from p in await Months.Partitions(db)
                           from trigger in OfTable(p.Table.Name).Except(missing)
                           where !present.Contains($"{trigger} of {p.Partition}")
                           select $"{trigger} of {p.Partition}";
        return [.. missing, .. ofPartitions];
    }

    private static IEnumerable<string> OfTable(string table) => [$"{table}_keep_rows", $"{table}_keep_values", $"{table}_keep_all"];

    private static IEnumerable<string> Names(PortalDb db)
    {
        foreach (var table in AppendOnly)
        {
            foreach (var name in OfTable(table).Take(db is PostgresPortalDb ? 3 : 2))
            {
                yield return name;
            }
        }
        yield return "audit_head_keep_row";
        yield return "audit_head_keep_growing";
        if (db is PostgresPortalDb)
        {
            yield return "audit_head_keep_all";
            yield return "accounts_keep_counting";
        }
        foreach (var table in Unchanging)
        {
            yield return $"{table}_keep_values";
        }
        yield return "account_periods_keep_cap_new";
        yield return "account_periods_keep_cap";
        foreach (var (name, _) in FinalPeriods)
        {
            yield return name;
        }
    }

    /// <summary>A parked event's identity has no charge until it is replayed; that one change is let through.</summary>
    private static string Changeable(string table) => table == "event_ids" ? "OLD.charge IS NULL AND NEW.charge IS NOT NULL AND NEW.key = OLD.key AND NEW.account = OLD.account" : "";

    private const string AboveCap = "NEW.extra_used + NEW.extra_held > NEW.cap";

    private const string WasFinal = "OLD.has_ended AND OLD.open_holds = 0";

    private const string GoesBack = "NEW.seq <= OLD.seq";

    private const string CountsBack = "NEW.last_seq < OLD.last_seq OR NEW.last_charge < OLD.last_charge";

    private const string Raises = "NEW.extra_used + NEW.extra_held > OLD.extra_used + OLD.extra_held";

    private static readonly (string Name, string Change)[] FinalPeriods = [("account_periods_keep_final_rows", "DELETE"), ("account_periods_keep_final", "UPDATE")];

    private static IEnumerable<string> Sqlite()
    {
        foreach (var table in AppendOnly)
        {
            var unless = Changeable(table) is { Length: > 0 } allowed ? $" WHEN NOT ({allowed})" : "";
            yield return $"DROP TRIGGER IF EXISTS {table}_keep_rows";
            yield return $"CREATE TRIGGER {table}_keep_rows BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END";
            yield return $"DROP TRIGGER IF EXISTS {table}_keep_values";
            yield return $"CREATE TRIGGER {table}_keep_values BEFORE UPDATE ON {table}{unless} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END";
        }
        yield return "DROP TRIGGER IF EXISTS audit_head_keep_row";
        yield return "CREATE TRIGGER audit_head_keep_row BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit''s head stays'); END";
        yield return "DROP TRIGGER IF EXISTS audit_head_keep_growing";
        yield return $"CREATE TRIGGER audit_head_keep_growing BEFORE UPDATE ON audit_head WHEN {GoesBack} BEGIN SELECT RAISE(ABORT, 'the audit''s head only goes on'); END";
        foreach (var table in Unchanging)
        {
            yield return $"DROP TRIGGER IF EXISTS {table}_keep_values";
            yield return $"CREATE TRIGGER {table}_keep_values BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END";
        }
        yield return "DROP TRIGGER IF EXISTS account_periods_keep_cap_new";
        yield return $"CREATE TRIGGER account_periods_keep_cap_new BEFORE INSERT ON account_periods WHEN {AboveCap} BEGIN SELECT RAISE(ABORT, 'used and held extra would be above the cap'); END";
        yield return "DROP TRIGGER IF EXISTS account_periods_keep_cap";
        yield return $"CREATE TRIGGER account_periods_keep_cap BEFORE UPDATE ON account_periods WHEN {Raises} AND {AboveCap} BEGIN SELECT RAISE(ABORT, 'used and held extra would be raised above the cap'); END";
        foreach (var (name, change) in FinalPeriods)
        {
            yield return $"DROP TRIGGER IF EXISTS {name}";
            yield return $"CREATE TRIGGER {name} BEFORE {change} ON account_periods WHEN {WasFinal} BEGIN SELECT RAISE(ABORT, 'a final period stays as it is'); END";
        }
    }

    private static IEnumerable<string> Postgres()
    {
        yield return "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$";
        yield return "CREATE OR REPLACE FUNCTION refuse_above_cap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'used and held extra would be raised above the cap'; END $$";
        foreach (var table in AppendOnly)
        {
            var unless = Changeable(table) is { Length: > 0 } allowed ? $" WHEN (NOT ({allowed}))" : "";
            yield return $"CREATE OR REPLACE TRIGGER {table}_keep_rows BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()";
            yield return $"CREATE OR REPLACE TRIGGER {table}_keep_values BEFORE UPDATE ON {table} FOR EACH ROW{unless} EXECUTE FUNCTION refuse_change()";
            yield return KeepAll(table, table);
        }
        yield return $"CREATE OR REPLACE TRIGGER accounts_keep_counting BEFORE UPDATE ON accounts FOR EACH ROW WHEN ({CountsBack}) EXECUTE FUNCTION refuse_change()";
        yield return "CREATE OR REPLACE TRIGGER audit_head_keep_row BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_change()";
        yield return $"CREATE OR REPLACE TRIGGER audit_head_keep_growing BEFORE UPDATE ON audit_head FOR EACH ROW WHEN ({GoesBack}) EXECUTE FUNCTION refuse_change()";
        yield return "CREATE OR REPLACE TRIGGER audit_head_keep_all BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()";
        foreach (var table in Unchanging)
        {
            yield return $"CREATE OR REPLACE TRIGGER {table}_keep_values BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()";
        }
        yield return $"CREATE OR REPLACE TRIGGER account_periods_keep_cap_new BEFORE INSERT ON account_periods FOR EACH ROW WHEN ({AboveCap}) EXECUTE FUNCTION refuse_above_cap()";
        yield return $"CREATE OR REPLACE TRIGGER account_periods_keep_cap BEFORE UPDATE ON account_periods FOR EACH ROW WHEN ({Raises} AND {AboveCap}) EXECUTE FUNCTION refuse_above_cap()";
        foreach (var (name, change) in FinalPeriods)
        {
            yield return $"CREATE OR REPLACE TRIGGER {name} BEFORE {change} ON account_periods FOR EACH ROW WHEN ({WasFinal}) EXECUTE FUNCTION refuse_change()";
        }
    }
}
