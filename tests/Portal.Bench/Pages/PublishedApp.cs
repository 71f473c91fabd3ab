using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Bench.Pages;

/// <summary>A published application: where it lies, and what it is started with.</summary>
public sealed record PublishedApp(string Folder, string Program, params string[] Arguments)
{
    /// <summary>Starts it, and waits until its first page is answered.</summary>
    public async Task<RunningApp> Start(bool measuresHeap = false)
    {
        var (port, heapPort) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, Program), $"--urls=http://localhost:{port}", "--environment=Development", "--Logging:LogLevel:Default=Warning", .. Arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        };
        if (measuresHeap)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment[StartupHook.PortVariable] = $"{heapPort}";
        }
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        // Read to the end, or the application would block once the pipe is full.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var app = new RunningApp(process, new Uri($"http://localhost:{port}"), heapPort);
        try
        {
            await app.FirstAnswer(watch);
            return app;
        }
        catch (Exception)
        {
            // Whoever asked for it gets nothing to dispose.
            await app.DisposeAsync();
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A published application that runs, and what it uses.</summary>
public sealed class RunningApp(Process process, Uri address, int heapPort) : IAsyncDisposable
{
    public Uri Address => address;

    /// <summary>A client that follows no redirect and keeps no cookies of its own.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = address };

    /// <summary>From the process's start to its first page.</summary>
    public TimeSpan StartTook { get; private set; }

    /// <summary>The processor time that it has used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>What the system holds in memory for it.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>What is alive on its managed heap after a full collection.</summary>
    public async Task<long> LiveBytes()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, heapPort);
        using var reader = new StreamReader(socket.GetStream());
        return long.Parse(await reader.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
        }
        await process.WaitForExitAsync();
        process.Dispose();
    }

    internal async Task FirstAnswer(Stopwatch sinceStart)
    {
        while (sinceStart.Elapsed < TimeSpan.FromMinutes(1))
        {
            try
            {
                using var answer = await Client.GetAsync("/");
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsStringAsync();
                StartTook = sinceStart.Elapsed;
                return;
            }
            catch (HttpRequestException refused) when (refused.StatusCode is null && !process.HasExited)
            {
                // Not listening yet.
                await Task.Delay(5);
            }
        }
        throw new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} did not answer.");
    }
}
