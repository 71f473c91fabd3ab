using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tests.Accounts;

/// <summary>A database that a test takes away from whatever asks for it.</summary>
internal sealed class Outage
{
    public bool IsOn { get; set; }

    /// <summary>How many contexts more are refused.</summary>
    public int Next { get; set; }
}

/// <summary>Gives contexts, unless there is an outage.</summary>
internal sealed class Breakable(IDbContextFactory<PortalDb> databases, Outage outage) : IDbContextFactory<PortalDb>
{
    public PortalDb CreateDbContext() => outage.IsOn || outage.Next-- > 0 ? throw new Gone() : databases.CreateDbContext();

    private sealed class Gone() : DbException("The database is away.");
}
