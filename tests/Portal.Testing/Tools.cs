using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Portal.Testing;

/// <summary>
/// Programs of the machine that some tests need. Where one is missing, those tests are skipped with the reason;
/// in CI (CI=true) they fail, because there a skipped test would look like a passed one.
/// </summary>
public static class Tools
{
    private static bool InCi => Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>Ends the test if <paramref name="missing"/> says what is missing; null: all is there.</summary>
    public static void Require(string? missing)
    {
        if (missing is not null && InCi)
        {
            Assert.Fail(missing);
        }

        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of these programs on the PATH, or null.</summary>
    public static string? OnPath(params string[] names) =>
        (from name in names
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         let file = Path.Combine(folder, name)
         where File.Exists(file)
         select file).FirstOrDefault();
}
