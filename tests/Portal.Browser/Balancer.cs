using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Browser;

/// <summary>
/// HAProxy in front of two instances, with the configuration that docs/scale.md prints: only its addresses, its name and its certificate are those of this machine. It never outlives
/// the tests: a shell ends it with the pipe that only they hold.
/// </summary>
public sealed class Balancer : IAsyncDisposable
{
    private const string Sbin = "/usr/sbin/haproxy";
    private const string Watched = "\"$0\" -db -f \"$1\" < /dev/null & cat > /dev/null; kill $!";

    private static readonly string? Program = Tools.OnPath("haproxy") ?? (File.Exists(Sbin) ? Sbin : null);

    private readonly TemporaryFolder folder = new();
    private readonly int port;
    private Process? process;
    private string? madeHere;

    public Balancer(int port) => this.port = port;

    /// <summary>Why there is no balancer on this machine; null: there is.</summary>
    public static string? Missing => Program is null ? "HAProxy is missing: install it from your distribution (Debian, Ubuntu: haproxy)." : null;

    /// <summary>What people type.</summary>
    public Uri Address => new($"https://localhost:{port}");

    /// <summary>Starts it, and waits until somebody answers behind it.</summary>
    public async Task Start(PortalHost one, PortalHost two)
    {
        var file = folder.File("haproxy.cfg");
        await File.WriteAllTextAsync(file, Here(await Documented(), one, two));
        process = Process.Start(new ProcessStartInfo("sh", ["-c", Watched, Program!, file]) { RedirectStandardInput = true })!;
        using var client = NewClient(IPAddress.Loopback);
        await Eventually.Holds(() => Answers(client));
    }

    /// <summary>A client that comes to it from an address of this machine's own network (127.0.0.0/8), and keeps no cookie.</summary>
    public HttpClient NewClient(IPAddress from) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == madeHere },
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        folder.Dispose();
    }

    private static async Task<bool> Answers(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> Documented()
    {
        const string begin = "```haproxy\n";
        var text = await File.ReadAllTextAsync(Repository.At("docs", "scale.md"));
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private string Here(string documented, PortalHost one, PortalHost two)
    {
        (string There, string Here)[] places =
        [
            ("bind :443", $"bind 127.0.0.1:{port}"),
            ("/etc/haproxy/portal.pem", Certificate()),
            ("portal.example.com", "localhost"),
            ("10.0.0.11:5210", $"127.0.0.1:{one.Address.Port}"),
            ("10.0.0.12:5210", $"127.0.0.1:{two.Address.Port}"),
        ];
        Assert.All(places, place => Assert.Contains(place.There, documented, StringComparison.Ordinal));
        return places.Aggregate(documented, (text, place) => text.Replace(place.There, place.Here, StringComparison.Ordinal));
    }

    /// <summary>A certificate of its own making, with its key.</summary>
    private string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        madeHere = certificate.GetCertHashString();
        var file = folder.File("portal.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }
}
