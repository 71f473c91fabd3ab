using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class StaffImpacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "impact",
                table: "terms_proposals",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "impact_progress",
                columns: table => new
                {
                    subject = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    run = table.Column<Guid>(type: "uuid", nullable: false),
                    accounts = table.Column<int>(type: "integer", nullable: false),
                    done = table.Column<int>(type: "integer", nullable: false),
                    steps = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_stopped = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_impact_progress", x => x.subject);
                });

            migrationBuilder.CreateIndex(
                name: "ix_charges_model_recorded_at",
                table: "charges",
                columns: new[] { "model", "recorded_at" });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_pinned_to",
                table: "accounts",
                column: "pinned_to",
                filter: "pinned_to IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "impact_progress");

            migrationBuilder.DropIndex(
                name: "ix_charges_model_recorded_at",
                table: "charges");

            migrationBuilder.DropIndex(
                name: "ix_accounts_pinned_to",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "impact",
                table: "terms_proposals");
        }
    }
}
