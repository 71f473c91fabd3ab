using System.Data.Common;

namespace Portal.Data;

/// <summary>What tells an outage of the database from a bug.</summary>
public static class DatabaseOutage
{
    /// <summary>
    /// Whether the failure, or what caused it, means that the database could not be asked. A host that ends lets go of its services, and whoever
    /// still looks then meets an <see cref="ObjectDisposedException"/> of <see cref="IServiceProvider"/>: for them the database is away too.
    /// </summary>
    public static bool IsDatabaseAway(this Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure is DbException or TimeoutException or ObjectDisposedException { ObjectName: nameof(IServiceProvider) }
            || (failure.InnerException is { } inner && inner.IsDatabaseAway());
    }
}
