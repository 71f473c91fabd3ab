using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Data;

namespace Portal.UsagePages;

/// <summary>
/// How the figures travel from the prerender to the circuit: a year of bars and a table are more than the message that begins a circuit may
/// hold, and half of it is the same names again. What is too much even so is not sent, and read again.
/// </summary>
public sealed class UsageState : PersistentComponentStateSerializer<UsageFigures>
{
    /// <summary>Half of what a message may hold, of which a third is lost to its encoding.</summary>
    private const int MostBytes = 16 * 1024;

    public override void Persist(UsageFigures value, IBufferWriter<byte> writer)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, value, LedgerJson.Options);
        }
        writer.Write(packed.Length <= MostBytes ? packed.GetBuffer().AsSpan(0, (int)packed.Length) : [0]);
    }

    public override UsageFigures Restore(ReadOnlySequence<byte> data)
    {
        if (data.Length <= 1)
        {
            return null!;
        }
        using var packed = new MemoryStream(data.ToArray());
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<UsageFigures>(brotli, LedgerJson.Options)!;
    }
}
