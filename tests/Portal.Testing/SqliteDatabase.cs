using Microsoft.Data.Sqlite;
using Portal.Settings;

namespace Portal.Testing;

/// <summary>A SQLite file in a temporary folder.</summary>
public sealed class SqliteDatabase : TestDatabase
{
    private static readonly Lazy<Task<byte[]>> Template = new(MakeTemplate);

    private readonly TemporaryFolder folder = new();

    public override string Provider => DatabaseSettings.Sqlite;

    public override string? Missing => null;

    public override async Task Create()
    {
        var file = folder.File("portal.db");
        await File.WriteAllBytesAsync(file, await Template.Value);
        ConnectionString = $"Data Source={file}";
    }

    protected override Task Drop()
    {
        // A pooled connection would keep the deleted file open.
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        folder.Dispose();
        return Task.CompletedTask;
    }

    private static async Task<byte[]> MakeTemplate()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("template.db");

        // Without a pool the last connection's end writes the whole log into the file.
        await Migrate(DatabaseSettings.Sqlite, $"Data Source={file};Pooling=False");
        return await File.ReadAllBytesAsync(file);
    }
}
