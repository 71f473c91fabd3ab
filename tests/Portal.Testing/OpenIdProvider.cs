using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Testing;

/// <summary>
/// A real OpenID Connect provider (oidc-provider for Node.js, tests/OpenIdProvider) as a process of the tests' own, on a free port of
/// 127.0.0.1. It ends with its input, and so never outlives whoever started it.
/// </summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    private static readonly Lazy<Task<OpenIdProvider>> TheShared = new(Start);

    private readonly Process process;

    private OpenIdProvider(Process process, Uri address) => (this.process, Address) = (process, address);

    /// <summary>Why there is none on this machine; null: there is.</summary>
    public static string? Missing { get; } = FindMissing();

    public Uri Address { get; }

    private static string Folder => Repository.At("tests", "OpenIdProvider");

    /// <summary>What Portal is set to, so that people sign in with it.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["Portal:SignIn:OpenIdConnect:Authority"] = Address.ToString(),
        ["Portal:SignIn:OpenIdConnect:ClientId"] = "portal",
        ["Portal:SignIn:OpenIdConnect:ClientSecret"] = "the-secret-of-portal",
        ["Portal:SignIn:OpenIdConnect:DisplayName"] = "Acme Login",
    };

    /// <summary>The one that all test classes of this assembly share.</summary>
    public static Task<OpenIdProvider> Shared() => TheShared.Value;

    /// <summary>Signs somebody in there and says where that leads back to, which nobody has opened yet.</summary>
    public Task<string> SignIn(string address, string subject, string? email = null, bool verified = false) => Walk(address, new()
    {
        ["sub"] = subject,
        ["email"] = email,
        ["verified"] = verified ? "true" : "false",
    });

    /// <summary>Says no there.</summary>
    public Task<string> Refuse(string address) => Walk(address, new() { ["deny"] = "true" });

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<OpenIdProvider> Start()
    {
        Tools.Require(Missing);
        var process = Process.Start(new ProcessStartInfo(Tools.OnPath("node")!, ["server.js"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { }; // Warnings that it is no provider for production. Read, or a full pipe would stop it.
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The provider in tests/OpenIdProvider ended before it listened.");
        return new OpenIdProvider(process, new Uri(line));
    }

    /// <summary>A new browser each time, so that nobody is signed in there already.</summary>
    private async Task<string> Walk(string address, Dictionary<string, string?> person)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        var here = new Uri(address);
        for (var steps = 0; steps < 10 && here.Authority == Address.Authority; steps++)
        {
            var isForm = here.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal);
            using var answer = await browser.GetAsync(isForm ? new Uri(QueryHelpers.AddQueryString(here.ToString(), person)) : here);
            here = new Uri(here, answer.Headers.Location ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync()));
        }

        return here.ToString();
    }

    private static string? FindMissing() =>
        Tools.OnPath("node") is not { } node || Version(node) < 20 ? "Node.js 20 or later is missing: install it (Debian, Ubuntu: nodejs and npm)."
        : !Directory.Exists(Path.Combine(Folder, "node_modules", "oidc-provider")) ? "The OpenID Connect provider of the tests is not installed: run 'npm ci' in tests/OpenIdProvider."
        : null;

    private static int Version(string node)
    {
        using var asked = Process.Start(new ProcessStartInfo(node, ["--version"]) { RedirectStandardOutput = true })!;
        return int.TryParse(asked.StandardOutput.ReadToEnd().TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}
