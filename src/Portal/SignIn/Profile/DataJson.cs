using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api;
using Portal.Data;

namespace Portal.SignIn.Profile;

/// <summary>
/// Writes a long document little by little: a page of rows is read by its key, written, and handed on before the next one is read. So
/// memory stays small however much there is, and no reader, however slow, keeps a query open.
/// </summary>
public sealed class DataJson : IAsyncDisposable
{
    private const int RowsAtOnce = 500;

    private const int BytesAtOnce = 64 * 1024;

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new MoneyJson(), new InstantJson(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly IDbContextFactory<PortalDb> databases;
    private readonly PipeWriter pipe;
    private readonly Utf8JsonWriter json;
    private readonly CancellationToken cancel;

    public DataJson(IDbContextFactory<PortalDb> databases, PipeWriter pipe, string userId, CancellationToken cancel)
    {
        (this.databases, this.pipe, this.cancel) = (databases, pipe, cancel);
        json = new Utf8JsonWriter(pipe, new JsonWriterOptions { Indented = true });
        Me = Actor.User(userId).Id;
    }

    /// <summary>How entries and records name the person.</summary>
    public string Me { get; }

    /// <summary>Who did something, in a file that is to say nothing of other people.</summary>
    public string Who(string actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor != Me && actor.StartsWith("user:", StringComparison.Ordinal) ? "staff" : actor;
    }

    public void Open() => json.WriteStartObject();

    public void Close() => json.WriteEndObject();

    public void OpenList(string name) => json.WriteStartArray(name);

    public void CloseList() => json.WriteEndArray();

    public void Value<T>(string name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(T), options);
    }

    /// <summary>A list of rows in the order of their keys.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="first">A key before all others.</param>
    /// <param name="after">The rows after a key, in order.</param>
    /// <param name="key">A row's key.</param>
    /// <param name="shape">A row as it stands in the file.</param>
    public async Task Rows<T, TKey>(string name, TKey first, Func<PortalDb, TKey, IQueryable<T>> after, Func<T, TKey> key, Func<T, object> shape) where T : class
    {
        ArgumentNullException.ThrowIfNull(shape);
        OpenList(name);
        await foreach (var row in Read(first, after, key))
        {
            JsonSerializer.Serialize(json, shape(row), options);
            if (json.BytesPending >= BytesAtOnce)
            {
                await json.FlushAsync(cancel);
                await pipe.FlushAsync(cancel);
            }
        }
        CloseList();
    }

    public async ValueTask DisposeAsync()
    {
        await json.DisposeAsync();
        await pipe.FlushAsync(cancel);
    }

    private async IAsyncEnumerable<T> Read<T, TKey>(TKey first, Func<PortalDb, TKey, IQueryable<T>> after, Func<T, TKey> key) where T : class
    {
        var (last, more) = (first, true);
        while (more)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var page = await after(db, last).AsNoTracking().Take(RowsAtOnce).ToListAsync(cancel);
            foreach (var row in page)
            {
                yield return row;
            }
            more = page.Count == RowsAtOnce;
            last = more ? key(page[^1]) : last;
        }
    }
}
