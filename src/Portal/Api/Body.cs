using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Api;

/// <summary>Reads a request's body: of one media type, up to a size, whole before it is parsed, straight from the connection's buffers.</summary>
internal static class Body
{
    public const int Small = 64 * 1024;
    public const string Json = "application/json";

    /// <summary>The body as an object, or the problem with it.</summary>
    public static async ValueTask<(T? Value, Problem? Problem)> Read<T>(HttpContext context, JsonTypeInfo<T> type) where T : class
    {
        if (MediaType(context.Request) != Json)
        {
            return (null, Problem.UnsupportedMediaType("Send application/json in UTF-8."));
        }
        var reader = context.Request.BodyReader;
        var (bytes, problem) = await ReadWhole(context, Small);
        if (problem is not null)
        {
            return (null, problem);
        }
        try
        {
            return Parse(bytes, type);
        }
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
    }

    /// <summary>The whole body, still in the connection's buffers: advance the reader to its end after use. With a problem nothing is to be advanced.</summary>
    public static async ValueTask<(ReadOnlySequence<byte> Bytes, Problem? Problem)> ReadWhole(HttpContext context, int most)
    {
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            // A few bytes could unpack to any size.
            context.Response.Headers.AcceptEncoding = "identity";
            return (default, Problem.UnsupportedMediaType("Send the body as it is, without Content-Encoding."));
        }
        if (context.Request.ContentLength > most)
        {
            return (default, TooLarge(most));
        }
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > most)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (default, TooLarge(most));
            }
            if (read.IsCompleted)
            {
                return (WithoutMark(read.Buffer), null);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Some senders begin with the mark by which UTF-8 may announce itself; JSON has no place for it.</summary>
    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        return reader.IsNext(Encoding.UTF8.Preamble, advancePast: true) ? bytes.Slice(reader.Position) : bytes;
    }

    /// <summary>The media type in small letters, or nothing if it is no text in UTF-8.</summary>
    public static string MediaType(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is null or Json)
        {
            return type ?? "";
        }
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed))
        {
            return "";
        }
        var isUtf8 = !parsed.Charset.HasValue || parsed.Charset.ToString().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return isUtf8 ? parsed.MediaType.ToString().ToLowerInvariant() : "";
    }

    /// <summary>What a field takes whose type is wrong.</summary>
    public static void WrongType(Checks checks, string? path)
    {
        var field = (path ?? "$").TrimStart('$').TrimStart('.');
        var name = field[(field.LastIndexOf('.') + 1)..];
        checks.Add(field.Length == 0 ? "body" : field,
            name.EndsWith("_tokens", StringComparison.Ordinal) || name == "web_searches" ? UsageBody.CountRule
            : name == "ttl_seconds" ? AuthorizeBody.TtlRule
            : "It has the wrong type, or stands there twice.");
    }

    public static Problem Malformed() => Problem.Invalid("The body is not valid JSON in UTF-8, or is nested too deeply.");

    /// <summary>Whether the bytes are one JSON value, whatever it says.</summary>
    public static bool IsJson(ReadOnlySequence<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            // The only way in which this reader says no.
            return false;
        }
    }

    private static (T? Value, Problem? Problem) Parse<T>(ReadOnlySequence<byte> bytes, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            var value = bytes.IsSingleSegment ? JsonSerializer.Deserialize(bytes.FirstSpan, type) : JsonSerializer.Deserialize(bytes.ToArray(), type);
            return value is null ? (null, Problem.Invalid("The body must be an object, not null.")) : (value, null);
        }
        catch (JsonException wrong)
        {
            // Bad input: the path names the field, if it is JSON at all.
            if (!IsJson(bytes))
            {
                return (null, Malformed());
            }
            var checks = new Checks();
            WrongType(checks, wrong.Path);
            return (null, Problem.Invalid(checks));
        }
    }

    private static Problem TooLarge(int most) => Problem.TooLarge($"The body may have at most {most / 1024} KiB.");
}
