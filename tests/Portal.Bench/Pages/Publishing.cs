using System.Diagnostics;

namespace Portal.Bench.Pages;

/// <summary>
/// Makes what is measured: Portal, and the framework's own templates, made anew by this SDK, all published in Release, because only
/// publishing compresses files as an operator serves them.
/// </summary>
public static class Publishing
{
    /// <summary>A page of one live component, which a push draws anew: the least that a live page can be.</summary>
    private const string LeafPage = """
        @page "/leaf"
        @implements IDisposable
        @rendermode InteractiveServer
        <p id="figure">@pushes</p>
        @code {
            private static event Action<int>? Pushed;
            private static int last;
            private int pushes = last;

            public static void Push() => Pushed?.Invoke(Interlocked.Increment(ref last));

            protected override void OnInitialized() => Pushed += Show;

            private void Show(int now) => InvokeAsync(() => { pushes = now; StateHasChanged(); });

            public void Dispose() => Pushed -= Show;
        }
        """;

    /// <summary>Portal, from this repository.</summary>
    public static async Task<PublishedApp> Portal(string folder, string connectionString)
    {
        var portal = PublishedPortal(folder, connectionString);
        await Dotnet(Repository, "publish", Path.Combine("src", "Portal"), "-c", "Release", "-v", "q", "-p:RestoreLockedMode=true", "-p:RunAnalyzers=false", "-o", portal.Folder);
        return portal;
    }

    /// <summary>Portal, as it was published there.</summary>
    public static PublishedApp PublishedPortal(string folder, string connectionString) => new(
        Path.Combine(folder, "portal"), "Portal.dll", "--Portal:Database:Provider=sqlite", $"--ConnectionStrings:Portal={connectionString}", "--Portal:Demo:Fill=false");

    /// <summary>The empty Blazor template, with a page that can be pushed to, and its sockets set as Portal sets them.</summary>
    public static async Task<PublishedApp> EmptyTemplate(string folder)
    {
        var source = await New(folder, "Empty");
        await File.WriteAllTextAsync(Path.Combine(source, "Components", "Pages", "Leaf.razor"), LeafPage);
        var program = Path.Combine(source, "Program.cs");
        var text = await File.ReadAllTextAsync(program);
        await File.WriteAllTextAsync(program, Replace(Replace(text,
            "app.Run();", "app.MapPost(\"/push\", () => Empty.Components.Pages.Leaf.Push());\napp.Run();"),
            ".AddInteractiveServerRenderMode();", ".AddInteractiveServerRenderMode(options => options.DisableWebSocketCompression = true);"));
        return await Publish(folder, "Empty");
    }

    /// <summary>The Blazor template with accounts, as it comes.</summary>
    public static async Task<PublishedApp> TemplateWithAccounts(string folder)
    {
        await New(folder, "WithAccounts", "-au", "Individual");
        return await Publish(folder, "WithAccounts");
    }

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
            {
                folder = folder.Parent;
            }
            return folder?.FullName ?? throw new DirectoryNotFoundException("Run this from a copy of the repository.");
        }
    }

    private static async Task<string> New(string folder, string name, params string[] options)
    {
        var source = Path.Combine(folder, "source", name);
        await Dotnet(folder, ["new", "blazor", "-int", "Server", .. options, "-o", source, "-n", name, "--no-restore", "--no-update-check"]);
        return source;
    }

    private static async Task<PublishedApp> Publish(string folder, string name)
    {
        var to = Path.Combine(folder, name);
        await Dotnet(folder, "publish", Path.Combine(folder, "source", name), "-c", "Release", "-v", "q", "-o", to);
        return new PublishedApp(to, $"{name}.dll");
    }

    private static string Replace(string text, string what, string with) => text.Contains(what, StringComparison.Ordinal)
        ? text.Replace(what, with, StringComparison.Ordinal)
        : throw new InvalidOperationException($"The framework's template is another than this was written for: it lacks {what}");

    private static async Task Dotnet(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:{Environment.NewLine}{output}{await errors}");
        }
    }
}
