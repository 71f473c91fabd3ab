using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Operations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "replaces",
                table: "gateway_keys",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "problem",
                table: "alert_deliveries",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "event_conflicts",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    account = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    time = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    surface = table.Column<string>(type: "text", nullable: false),
                    usage = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_conflicts", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "event_rates",
                columns: table => new
                {
                    minute = table.Column<long>(type: "bigint", nullable: false),
                    surface = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_rates", x => new { x.minute, x.kind, x.surface });
                });

            migrationBuilder.CreateTable(
                name: "ledger_faults",
                columns: table => new
                {
                    account = table.Column<string>(type: "text", nullable: false),
                    law = table.Column<int>(type: "integer", nullable: false),
                    says = table.Column<string>(type: "text", nullable: false),
                    found_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_faults", x => new { x.account, x.law });
                });

            migrationBuilder.CreateTable(
                name: "ledger_rounds",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    cursor = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    accounts = table.Column<long>(type: "bigint", nullable: false),
                    last_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_accounts = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_rounds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "terms_proposals",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false),
                    change = table.Column<string>(type: "text", nullable: false),
                    preview = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    author = table.Column<string>(type: "text", nullable: false),
                    proposed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    decided_by = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    effective_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_terms_proposals", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_charges_late",
                table: "charges",
                column: "recorded_at",
                filter: "is_late");

            migrationBuilder.CreateIndex(
                name: "ix_event_conflicts_at",
                table: "event_conflicts",
                column: "at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "event_conflicts");

            migrationBuilder.DropTable(
                name: "event_rates");

            migrationBuilder.DropTable(
                name: "ledger_faults");

            migrationBuilder.DropTable(
                name: "ledger_rounds");

            migrationBuilder.DropTable(
                name: "terms_proposals");

            migrationBuilder.DropIndex(
                name: "ix_charges_late",
                table: "charges");

            migrationBuilder.DropColumn(
                name: "replaces",
                table: "gateway_keys");

            migrationBuilder.DropColumn(
                name: "problem",
                table: "alert_deliveries");
        }
    }
}
