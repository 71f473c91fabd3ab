using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
{
    /// <summary>
    /// Callers' ids lie in the tree of their key alone. SQLite else keeps a table by a row number that nobody asks for and beside it an index over the key:
    /// two trees to write for each id. The model cannot say this, and it changes nothing that the model says.
    /// </summary>
    [DbContext(typeof(SqlitePortalDb))]
    [Migration("20261130040600_IdsByKey")]
    public sealed class IdsByKey : Migration
    {
        private static readonly (string Table, string Columns)[] Tables =
        [
            ("authorization_ids", "id TEXT NOT NULL CONSTRAINT pk_authorization_ids PRIMARY KEY, account TEXT NOT NULL"),
            ("event_ids", "key TEXT NOT NULL CONSTRAINT pk_event_ids PRIMARY KEY, account TEXT NOT NULL, charge INTEGER NULL"),
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => MakeAnew(migrationBuilder, "WITHOUT ROWID");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => MakeAnew(migrationBuilder, "");

        private static void MakeAnew(MigrationBuilder migrationBuilder, string how)
        {
            foreach (var (table, columns) in Tables)
            {
                migrationBuilder.Sql($"CREATE TABLE new_{table} ({columns}) {how}");
                migrationBuilder.Sql($"INSERT INTO new_{table} SELECT * FROM {table} ORDER BY 1");
                migrationBuilder.Sql($"DROP TABLE {table}");
                migrationBuilder.Sql($"ALTER TABLE new_{table} RENAME TO {table}");
            }
        }
    }
}
