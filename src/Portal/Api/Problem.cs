using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger;

namespace Portal.Api;

/// <summary>An error as `application/problem+json` (RFC 9457): what went wrong, in a code for programs and a sentence for people.</summary>
[Description("An error (RFC 9457). Programs look at `code`, people at `detail`.")]
public sealed record Problem
{
    internal const string MediaType = "application/problem+json";

    [Description("Names the kind of error for ever: `urn:portal:problem:` and the code.")]
    public required string Type { get; init; }

    [Description("The kind of error in a few words.")]
    public required string Title { get; init; }

    [Description("The status of the answer.")]
    public required int Status { get; init; }

    [Description("What a program switches on.")]
    public required string Code { get; init; }

    [Description("A sentence to act on.")]
    public required string Detail { get; init; }

    [Description("Finds the request in Portal's logs.")]
    public string TraceId { get; init; } = "";

    [Description("For `invalid`: by field, why it is refused.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    [Description("For `rejected`: why the usage is refused.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RejectionReason? Reason { get; init; }

    [Description("For a refusal: every limit that exists, with its numbers.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LimitAnswer>? Limits { get; init; }

    [Description("For a refusal: the way out.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemedyAnswer? Remedy { get; init; }

    internal static Problem Of(int status, string code, string title, string detail) =>
        new() { Type = $"urn:portal:problem:{code}", Title = title, Status = status, Code = code, Detail = detail };

    internal static Problem Invalid(Checks checks) =>
        Of(400, "invalid", "The request is not valid.", "Some fields are not as they must be: 'errors' says which and why.") with { Errors = checks.Errors };

    /// <summary>What is wrong with the request as a whole.</summary>
    internal static Problem Invalid(string why) => Invalid("body", why) with { Detail = why };

    internal static Problem Invalid(string field, string why)
    {
        var checks = new Checks();
        checks.Add(field, why);
        return Invalid(checks);
    }

    internal static Problem Unauthorized(string detail) => Of(401, "unauthorized", "A valid key is missing.", detail);

    internal static Problem Forbidden(string detail) => Of(403, "forbidden", "The key does not allow this.", detail);

    internal static Problem NotFound(string detail) => Of(404, "not_found", "There is no such thing, or not for this key.", detail);

    internal static Problem Conflict(string code, string detail) => Of(409, code, "It contradicts what is recorded.", detail);

    internal static Problem TooLarge(string detail) => Of(413, "too_large", "The request is too large.", detail);

    internal static Problem UnsupportedMediaType(string detail) => Of(415, "unsupported_media_type", "The content type is not supported here.", detail);

    internal static Problem Rejected(RejectionReason reason, string detail) => Of(422, "rejected", "The usage is refused; nothing was recorded.", detail) with { Reason = reason };

    internal static Problem TooManyRequests() => Of(429, "too_many_requests", "The key's rate is exceeded.", "Wait for the seconds of Retry-After, then repeat with the same id.");

    internal static Problem Busy(string detail) => Of(503, "busy", "Portal cannot take this now.", detail);

    /// <summary>Answers with it.</summary>
    internal Task Write(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (Status is 429 or 503)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
        var problem = this with { TraceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier };
        return Answer.Write(context, problem, ApiJson.Default.Problem, Status, MediaType);
    }

    private const int RetryAfterSeconds = 1;
}

/// <summary>One limit at the moment of a refusal.</summary>
[Description("One limit, with its numbers at the moment of the refusal.")]
public sealed record LimitAnswer(
    LimitName Name, Money LimitUsd, Money UsedUsd, Money HeldUsd,
    [property: Description("limit - used - held, not below 0.")] Money RemainingUsd,
    DateTimeOffset ResetsAt)
{
    internal static LimitAnswer Of(Limit limit) => new(limit.Name, limit.Most, limit.Used, limit.Held, limit.Remaining, limit.ResetsAt);
}

/// <summary>The way out of a refusal.</summary>
[Description("What the account's owner can do about it, and the page that does it.")]
public sealed record RemedyAnswer(string Text, string Url);

/// <summary>Writes answers whole, with their length: they are small, and a reader need not wait for the end of chunks.</summary>
internal static class Answer
{
    public const string Json = "application/json; charset=utf-8";

    public static Task Write<T>(HttpContext context, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, int status = 200, string mediaType = Json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        var written = response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }
}
