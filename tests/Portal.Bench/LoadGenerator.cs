using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Bench;

/// <summary>What a run of requests came to.</summary>
/// <param name="PerSecond">Requests answered a second.</param>
/// <param name="P50">The median latency.</param>
/// <param name="P99">The latency that one request in a hundred exceeds.</param>
/// <param name="Failures">Answers that were no 2xx.</param>
public sealed record LoadResult(double PerSecond, TimeSpan P50, TimeSpan P99, int Failures);

/// <summary>
/// HTTP over bare sockets: prepared bytes out, an answer in, one request at a time on each connection. It costs so little that both
/// sides of a comparison are measured, not the client.
/// </summary>
public static class LoadGenerator
{
    public static byte[] Post(string path, string key, string body, string type = "application/json") =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends every request once, spread over the connections in order, and measures.</summary>
    public static async Task<LoadResult> Run(int port, int connections, IReadOnlyList<byte[]> requests)
    {
        var next = -1;
        var failures = 0;
        var latencies = new long[requests.Count];
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var buffer = new byte[512 * 1024];
            for (var i = Interlocked.Increment(ref next); i < requests.Count; i = Interlocked.Increment(ref next))
            {
                var start = Stopwatch.GetTimestamp();
                for (var sent = 0; sent < requests[i].Length;)
                {
                    sent += await socket.SendAsync(requests[i].AsMemory(sent));
                }
                if (await Answer(socket, buffer) is < 200 or > 299)
                {
                    Interlocked.Increment(ref failures);
                }
                latencies[i] = Stopwatch.GetTimestamp() - start;
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new LoadResult(requests.Count / seconds, At(0.50), At(0.99), failures);

        TimeSpan At(double share) => Stopwatch.GetElapsedTime(0, latencies[(int)(share * (latencies.Length - 1))]);
    }

    private static async Task<int> Answer(Socket socket, byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0)
            {
                return 0;
            }
            filled += read;
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0 && IsWhole(buffer.AsSpan(0, filled), end))
            {
                return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _) ? status : 0;
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer, int end)
    {
        var head = answer[..(end + 2)];
        var length = head.IndexOf("Content-Length: "u8);
        return length < 0
            ? answer.EndsWith("0\r\n\r\n"u8)
            : Utf8Parser.TryParse(head[(length + 16)..], out int bytes, out _) && answer.Length >= end + 4 + bytes;
    }
}
