namespace Portal.Testing;

/// <summary>The repository that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Portal.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of something in the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Portal.sln.");
    }
}
