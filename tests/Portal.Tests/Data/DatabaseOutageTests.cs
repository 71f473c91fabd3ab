using Microsoft.Data.Sqlite;
using Portal.Data;

namespace Portal.Tests.Data;

public sealed class DatabaseOutageTests
{
    [Fact]
    public void A_failure_of_the_database_is_an_outage_however_deep_it_lies() =>
        Assert.True(new InvalidOperationException("A query failed.", new InvalidOperationException("Retries ran out.", new SqliteException("disk I/O error", 10))).IsDatabaseAway());

    [Fact]
    public void To_a_page_that_still_looks_while_its_host_ends_the_database_is_away() =>
        Assert.True(new ObjectDisposedException(nameof(IServiceProvider)).IsDatabaseAway());

    [Fact]
    public void A_bug_is_no_outage()
    {
        Assert.False(new InvalidOperationException("A bug.", new ArgumentException("Of ours.")).IsDatabaseAway());
        Assert.False(new ObjectDisposedException(nameof(SqliteConnection)).IsDatabaseAway());
    }
}
