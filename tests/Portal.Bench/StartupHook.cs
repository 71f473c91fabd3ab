using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

#pragma warning disable CA1050 // The runtime looks for a class of this name outside every namespace, in the assembly that DOTNET_STARTUP_HOOKS names.

/// <summary>
/// Runs inside a measured application, Portal or the framework's template alike, before its own code: whoever connects to its port is told
/// how many bytes of the managed heap are alive. Only the process itself can say so.
/// </summary>
public static class StartupHook
{
    public const string PortVariable = "PORTAL_BENCH_HEAP_PORT";

    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(PortVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            new Thread(() => Answer(port)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        while (true)
        {
            using var asking = listener.AcceptTcpClient();
            // Twice: what a finalizer held is free only after the second.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            asking.GetStream().Write(Encoding.ASCII.GetBytes(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture)));
        }
    }
}
