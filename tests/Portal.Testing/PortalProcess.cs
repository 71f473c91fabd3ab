using System.Diagnostics;
using System.Text;

namespace Portal.Testing;

/// <summary>
/// The built application as a process of its own, on a free port: to kill it, or to run two on one database.
/// </summary>
public sealed class PortalProcess : IAsyncDisposable
{
    /// <summary>A write beyond the limit of <see cref="LimitFiles"/> shall fail, as on a full disk, and not end the process.</summary>
    private const string Ignoring = "trap '' XFSZ; exec \"$0\" \"$@\"";

    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PortalProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("Portal ended before it listened."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>All that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it is ready to serve.</summary>
    /// <param name="database">What it works on.</param>
    /// <param name="options">How it is to be.</param>
    /// <param name="under">A program with its arguments that starts it, to watch it; it has to leave the process its own.</param>
    public static async Task<PortalProcess> Start(TestDatabase database, HostOptions? options = null, string[]? under = null)
    {
        options ??= new HostOptions();
        var settings = new Dictionary<string, string>(options.Settings)
        {
            ["environment"] = options.Environment,
            ["urls"] = "http://127.0.0.1:0",
            ["Portal:Database:Provider"] = database.Provider,
            ["ConnectionStrings:Portal"] = database.ConnectionString,
            ["Portal:Demo:Fill"] = options.Demo ? "true" : "false",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        };
        var portal = new PortalProcess(new ProcessStartInfo("sh", ["-c", Ignoring, .. under ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. settings.Select(setting => $"--{setting.Key}={setting.Value}")])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        try
        {
            await portal.BecomeReady();
            return portal;
        }
        catch (Exception failure)
        {
            // The caller gets nothing to dispose; and what the process said is the best explanation.
            await portal.DisposeAsync();
            throw new InvalidOperationException($"{failure.Message}{Environment.NewLine}{portal.Output}", failure);
        }
    }

    /// <summary>Ends it with SIGKILL: it can finish nothing.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end with SIGTERM, waits, and returns its exit code.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Lets no file of this process grow beyond so many bytes ("unlimited" takes that back): to a program that is what a full disk is.</summary>
    public async Task LimitFiles(string bytes)
    {
        using var limit = Process.Start("prlimit", [$"--pid={process.Id}", $"--fsize={bytes}:unlimited"]);
        await limit.WaitForExitAsync();
    }

    /// <summary>A client without cookies of others, that follows no redirect.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Kill();
        }

        process.Dispose();
    }

    private async Task BecomeReady()
    {
        Address = await address.Task.WaitAsync(TimeSpan.FromMinutes(3));
        using var client = NewClient();
        for (var tries = 0; tries < 300; tries++)
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("Portal listens, but is not ready.");
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0)
        {
            address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }
}
