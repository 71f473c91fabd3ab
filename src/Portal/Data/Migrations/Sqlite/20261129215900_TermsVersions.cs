using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TermsVersions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "plans_changed_at",
                table: "terms_revision",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "keep_until",
                table: "plan_terms",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "credit",
                table: "alerts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "pinned_to",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "terms_from",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "alerted_terms",
                table: "account_periods",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "terms_versions",
                columns: table => new
                {
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    stage = table.Column<int>(type: "INTEGER", nullable: false),
                    revision = table.Column<int>(type: "INTEGER", nullable: false),
                    sheet = table.Column<string>(type: "TEXT", nullable: false),
                    effective_from = table.Column<long>(type: "INTEGER", nullable: false),
                    keep_until = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    ticked = table.Column<string>(type: "TEXT", nullable: false),
                    author = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    edited_by = table.Column<string>(type: "TEXT", nullable: false),
                    edited_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sent_by = table.Column<string>(type: "TEXT", nullable: true),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: true),
                    approved_by = table.Column<string>(type: "TEXT", nullable: true),
                    approved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by = table.Column<string>(type: "TEXT", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    end_reason = table.Column<string>(type: "TEXT", nullable: true),
                    impact = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_terms_versions", x => new { x.kind, x.number });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "terms_versions");

            migrationBuilder.DropColumn(
                name: "plans_changed_at",
                table: "terms_revision");

            migrationBuilder.DropColumn(
                name: "keep_until",
                table: "plan_terms");

            migrationBuilder.DropColumn(
                name: "credit",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "pinned_to",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "terms_from",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "alerted_terms",
                table: "account_periods");
        }
    }
}
