using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portal.Settings;

namespace Portal.Bench;

/// <summary>A server in a process of its own: Portal itself, or this program answering after it parsed.</summary>
public sealed class Server : IAsyncDisposable
{
    private readonly Process _process;

    private Server(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static Task<Server> Portal(string connectionString, string provider = DatabaseSettings.Sqlite) => Start("Portal.dll", port => [
        "--environment=Development", $"--urls=http://127.0.0.1:{port}", $"--Portal:Database:Provider={provider}", $"--ConnectionStrings:Portal={connectionString}",
        "--Portal:Demo:Fill=false", "--Logging:LogLevel:Default=Warning"]);

    public static Task<Server> ParseOnly() => Start("Portal.Bench.dll", port => [ParseOnlyServer.Command, $"{port}"]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Server> Start(string program, Func<int, string[]> arguments)
    {
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments(port)]) { RedirectStandardOutput = true })!;
        // Read to the end, or the server would block once the pipe is full.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var server = new Server(process, port);
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return server;
            }
            catch (SocketException) when (!process.HasExited)
            {
                // Not listening yet.
                await Task.Delay(100);
            }
        }
        await server.DisposeAsync();
        throw new InvalidOperationException($"{program} did not listen.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
