using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Settings;

namespace Portal.Tests.Data;

/// <summary>The door says the same few statements all day: PostgreSQL reads and plans them once for a connection.</summary>
public sealed class PreparedStatements
{
    [Theory]
    [InlineData("", 200)]
    [InlineData(";Max Auto Prepare=0", 0)]
    public async Task Stay_prepared_unless_the_operator_says_otherwise(string said, int expected)
    {
        var builder = SettingsSetup.CreateBuilder(["--environment=Production", "--Portal:Database:Provider=postgresql", $"--ConnectionStrings:Portal=Host=localhost;Database=portal{said}"]);
        builder.AddData(builder.AddSettings());
        await using var app = builder.Build();
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).MaxAutoPrepare);
    }
}
