using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ViewAs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "forbids_support",
                table: "accounts",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "view_as_sessions",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false),
                    staff = table.Column<string>(type: "text", nullable: false),
                    session = table.Column<string>(type: "text", nullable: false),
                    account = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    owner = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    ticket = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_view_as_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "view_as_pages",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    view_as = table.Column<string>(type: "character varying(36)", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    path = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_view_as_pages", x => x.id);
                    table.ForeignKey(
                        name: "fk_view_as_pages_view_as_sessions_view_as",
                        column: x => x.view_as,
                        principalTable: "view_as_sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_users_email_beginning",
                table: "users",
                column: "normalized_email")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_key_beginning",
                table: "accounts",
                column: "key")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_view_as_pages_view_as_id",
                table: "view_as_pages",
                columns: new[] { "view_as", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_view_as_open",
                table: "view_as_sessions",
                column: "session",
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_view_as_sessions_account_started_at",
                table: "view_as_sessions",
                columns: new[] { "account", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_view_as_sessions_session_started_at",
                table: "view_as_sessions",
                columns: new[] { "session", "started_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "view_as_pages");

            migrationBuilder.DropTable(
                name: "view_as_sessions");

            migrationBuilder.DropIndex(
                name: "ix_users_email_beginning",
                table: "users");

            migrationBuilder.DropIndex(
                name: "ix_accounts_key_beginning",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "forbids_support",
                table: "accounts");
        }
    }
}
