using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// What a pooler in front of PostgreSQL must not do: hand a connection on after each transaction. A statement prepared by one would then be run by
/// another under the same name, with other values; settings and notifications would go astray too.
/// </summary>
internal static class Pooler
{
    private const int Tries = 3;

    /// <summary>Throws where two connections turn out to be one: a lock that belongs to a session can be taken by both.</summary>
    /// <exception cref="Settings.WrongSettingException">They are.</exception>
    public static async Task RequireSessions(IDbContextFactory<PortalDb> databases)
    {
        await using var one = await databases.CreateDbContextAsync();
        if (one is not PostgresPortalDb)
        {
            return;
        }
        await using var other = await databases.CreateDbContextAsync();
        await one.Database.OpenConnectionAsync();
        await other.Database.OpenConnectionAsync();
        // Several times: a pooler that is busy may have given each a session of its own just then.
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var key = Random.Shared.NextInt64();
            await Ask(one, $"SELECT pg_try_advisory_lock({key}) AS \"Value\"");
            var isShared = await Ask(other, $"SELECT pg_try_advisory_lock({key}) AS \"Value\"");
            await Ask(one, $"SELECT pg_advisory_unlock({key}) AS \"Value\"");
            if (isShared)
            {
                throw new Settings.WrongSettingException(
                    "ConnectionStrings:Portal leads to a pooler that hands a connection on after each transaction, so that programs would run each other's prepared statements. " +
                    "Let it keep a connection for a whole session (PgBouncer: pool_mode = session), or name the server itself.");
            }
        }
    }

    private static Task<bool> Ask(PortalDb db, FormattableString sql) => db.Database.SqlQuery<bool>(sql).SingleAsync();
}
