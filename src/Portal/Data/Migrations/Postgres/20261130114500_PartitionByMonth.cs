using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <summary>
    /// Charges and entries lie in months (see <see cref="Months"/>). Each table is made anew beside its old self, with a month for each in which it has rows,
    /// and takes all rows over; what EF Core knows of it, its columns and indexes, stays as it was.
    /// </summary>
    public partial class PartitionByMonth : Migration
    {
        private const string LateCharges = "CREATE INDEX ix_charges_late ON charges (recorded_at) WHERE is_late";
        private const string IncludedCharges = "CREATE INDEX ix_charges_included ON charges (account, number) WHERE is_included";
        private const string ChargesOfModels = "CREATE INDEX ix_charges_model_recorded_at ON charges (model, recorded_at)";
        private const string OtherEntries = "CREATE INDEX ix_entries_other_than_charges ON entries (account, seq) WHERE kind <> 1";

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            Partition(migrationBuilder, "charges", "recorded_at", "number", LateCharges, IncludedCharges, ChargesOfModels);
            Partition(migrationBuilder, "entries", "at", "seq", OtherEntries);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            Join(migrationBuilder, "charges", "number", LateCharges, IncludedCharges, ChargesOfModels);
            Join(migrationBuilder, "entries", "seq", OtherEntries);
        }

        private static void Partition(MigrationBuilder migration, string table, string at, string number, params string[] indexes)
        {
            migration.Sql($"ALTER TABLE {table} RENAME TO {table}_whole");
            migration.Sql($"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE ({at})");
            migration.Sql($"CREATE TABLE {table}_default PARTITION OF {table} (PRIMARY KEY (account, {number})) DEFAULT");
            migration.Sql(
                $"""
                DO $$
                DECLARE first timestamp;
                BEGIN
                    FOR first IN SELECT DISTINCT date_trunc('month', {at} AT TIME ZONE 'UTC') FROM {table}_whole LOOP
                        EXECUTE format('CREATE TABLE %I PARTITION OF {table} (PRIMARY KEY (account, {number})) FOR VALUES FROM (%L) TO (%L)',
                            '{table}_' || to_char(first, 'YYYY_MM'), first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
                    END LOOP;
                END $$
                """);
            migration.Sql($"INSERT INTO {table} SELECT * FROM {table}_whole");
            migration.Sql($"DROP TABLE {table}_whole");
            Index(migration, indexes);
        }

        private static void Join(MigrationBuilder migration, string table, string number, params string[] indexes)
        {
            migration.Sql($"CREATE TABLE {table}_whole (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS, CONSTRAINT pk_{table} PRIMARY KEY (account, {number}))");
            migration.Sql($"INSERT INTO {table}_whole SELECT * FROM {table}");
            migration.Sql($"DROP TABLE {table}");
            migration.Sql($"ALTER TABLE {table}_whole RENAME TO {table}");
            Index(migration, indexes);
        }

        private static void Index(MigrationBuilder migration, string[] indexes)
        {
            foreach (var index in indexes)
            {
                migration.Sql(index);
            }
        }
    }
}
