using System.Net.Sockets;
using System.Text;

namespace Portal.Testing;

/// <summary>A client that says what no HTTP library would: heads that never end, bodies that drip, sizes that are a lie.</summary>
public sealed class RawClient : IDisposable
{
    private readonly TcpClient _client;

    // Asked for once: the client gives none after a write that failed, though the answer to it may be there to read.
    private readonly NetworkStream _stream;

    private RawClient(TcpClient connected) => (_client, _stream) = (connected, connected.GetStream());

    public static async Task<RawClient> Connect(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return new RawClient(client);
    }

    /// <summary>Says this; <c>false</c> if the other side has hung up.</summary>
    public async Task<bool> Say(string text)
    {
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The status of the answer; 0 if the other side hangs up without one.</summary>
    public async Task<int> Status(TimeSpan patience)
    {
        var (buffer, got) = (new byte[1024], new StringBuilder());
        using var cancel = new CancellationTokenSource(patience);
        try
        {
            while (got.Length < 12)
            {
                var read = await _stream.ReadAsync(buffer, cancel.Token);
                if (read == 0)
                {
                    return 0;
                }
                got.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            return int.Parse(got.ToString(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _client.Dispose();
}
