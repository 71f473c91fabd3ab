using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.SignIn;

namespace Portal.Data;

/// <summary>On PostgreSQL an instant is a timestamptz; it takes UTC only, and keeps microseconds.</summary>
public sealed class PostgresPortalDb(DbContextOptions<PostgresPortalDb> options) : PortalDb(options)
{
    private static readonly PostgresBulk Writer = new();

    internal override BulkWriter Bulk => Writer;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Utc>();
    }

    /// <summary>Beginnings of addresses and keys are found by these, whatever order the database's language has; SQLite's own indexes do it already.</summary>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>().HasIndex(user => user.NormalizedEmail, "ix_users_email_beginning").HasOperators("text_pattern_ops");
        builder.Entity<Ledger.Account>().HasIndex(account => account.Key, "ix_accounts_key_beginning").HasOperators("text_pattern_ops");
    }

    internal sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(
        instant => Period.ToMicrosecond(instant),
        instant => instant);

    /// <summary>For `dotnet ef` only; it connects to nothing.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<PostgresPortalDb>
    {
        public PostgresPortalDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<PostgresPortalDb>().UseNpgsql("Host=localhost").UseApplicationServiceProvider(DesignTimeServices).Options);
    }
}
