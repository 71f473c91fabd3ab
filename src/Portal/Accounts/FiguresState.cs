using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>How figures travel from the prerender to the circuit: amounts as whole nano-dollars, nothing that can be computed.</summary>
public sealed class FiguresState<TFigures> : PersistentComponentStateSerializer<TFigures> where TFigures : class
{
    public override void Persist(TFigures value, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        JsonSerializer.Serialize(json, value, LedgerJson.Options);
    }

    public override TFigures Restore(ReadOnlySequence<byte> data)
    {
        var json = new Utf8JsonReader(data);
        return JsonSerializer.Deserialize<TFigures>(ref json, LedgerJson.Options)!;
    }
}
