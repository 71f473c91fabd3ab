using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.SignIn;
using Portal.SignIn.Passkeys;
using Portal.Terms;

namespace Portal.Data;

/// <summary>
/// The database, whichever it is. Each provider has a subclass and its own migrations, made by (from the repository's top folder):
///   dotnet tool restore
///   dotnet ef migrations add Initial --project src/Portal --context SqlitePortalDb --output-dir Data/Migrations/Sqlite
///   dotnet ef migrations add Initial --project src/Portal --context PostgresPortalDb --output-dir Data/Migrations/Postgres
/// Then `src/Portal/Data/compile-models` writes both models as code, which a start takes instead of building them.
/// Tables are mapped by the configurations of this assembly, one beside the class that it maps.
/// </summary>
public abstract partial class PortalDb(DbContextOptions options)
    : IdentityDbContext<User, IdentityRole, string, IdentityUserClaim<string>, IdentityUserRole<string>, IdentityUserLogin<string>, IdentityRoleClaim<string>,
        IdentityUserToken<string>, Passkey>(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Identity's tables with passkeys. The application and `dotnet ef` both use this, or the migrations would differ from the model.</summary>
    public static void IdentityTables(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    /// <summary>What Identity's mapping looks for at design time, where there is no application.</summary>
    protected static IServiceProvider DesignTimeServices =>
        new ServiceCollection().Configure<IdentityOptions>(IdentityTables).BuildServiceProvider();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDb).Assembly);
        LedgerTables.Map(builder);
        TermsTables.Map(builder);
        SnakeCase.Rename(builder.Model);
    }

    /// <summary>How many rows are written at once.</summary>
    internal abstract BulkWriter Bulk { get; }

    /// <summary>Saves; audit records last, in one transaction with what they tell of (see <see cref="AuditChain"/>).</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        AuditChain.NewRecords(this) is { Count: > 0 } records
            ? AuditChain.Save(this, records, () => base.SaveChangesAsync(false, cancellationToken), acceptAllChangesOnSuccess, cancellationToken)
            : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => AuditChain.NewRecords(this).Count == 0
        ? base.SaveChanges(acceptAllChangesOnSuccess)
        : throw new NotSupportedException("Audit records wait for the chain's head; save them with SaveChangesAsync.");
}
