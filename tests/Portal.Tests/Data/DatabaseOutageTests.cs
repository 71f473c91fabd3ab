using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
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

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    [InlineData(10, true)]
    [InlineData(13, true)]
    [InlineData(19, false)]
    public void What_SQLite_refuses_as_wrong_is_a_bug_and_no_outage(int code, bool isAway) =>
        Assert.Equal(isAway, new DbUpdateException("Could not save.", new SqliteException("an answer", code)).IsDatabaseAway());

    [Theory]
    [InlineData("23505", false)]
    [InlineData("42601", false)]
    [InlineData("P0001", false)]
    [InlineData("25006", true)]
    [InlineData("40P01", true)]
    [InlineData("53300", true)]
    [InlineData("57P01", true)]
    public void What_PostgreSQL_refuses_as_wrong_is_a_bug_and_no_outage(string state, bool isAway) =>
        Assert.Equal(isAway, new DbUpdateException("Could not save.", new PostgresException("an answer", "ERROR", "ERROR", state)).IsDatabaseAway());

    [Fact]
    public void A_bug_is_no_outage()
    {
        Assert.False(new InvalidOperationException("A bug.", new ArgumentException("Of ours.")).IsDatabaseAway());
        Assert.False(new ObjectDisposedException(nameof(SqliteConnection)).IsDatabaseAway());
    }
}
