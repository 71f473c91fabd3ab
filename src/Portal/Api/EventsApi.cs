using System.Buffers;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Ledger;
using Portal.Accounts;
using Portal.Api.Keys;

namespace Portal.Api;

/// <summary>What became of an event.</summary>
public enum EventStatus
{
    /// <summary>It has its charge.</summary>
    Recorded,

    /// <summary>It had its charge before.</summary>
    Duplicate,

    /// <summary>The same source and id told something else before.</summary>
    Conflict,

    /// <summary>It waits for an admin.</summary>
    Parked,

    /// <summary>It is refused and not remembered.</summary>
    Rejected,
}

/// <summary>What became of one event.</summary>
[Description("What became of one event.")]
public sealed record EventResult
{
    public string? Source { get; init; }

    public string? Id { get; init; }

    public required EventStatus Status { get; init; }

    [Description("For `rejected`: why.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RejectionReason? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    [Description("For `recorded`, and for `duplicate` the original one.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChargeAnswer? Charge { get; init; }
}

/// <summary>What became of the events of a request, in their order.</summary>
[Description("One result per event, in order.")]
public sealed record EventResults(IReadOnlyList<EventResult> Results);

/// <summary>`POST /v1/events`: what requests used, in the three modes of CloudEvents.</summary>
internal static class EventsApi
{
    private const string ConflictDetail = "An event with this source and id told something else before. Nothing was recorded.";

    public static async Task Post(HttpContext context, AccountDoor door)
    {
        var mode = Body.MediaType(context.Request);
        if (mode is not (CloudEvents.Single or CloudEvents.Batch or Body.Json))
        {
            await Problem.UnsupportedMediaType($"Send {CloudEvents.Single}, {CloudEvents.Batch}, or application/json with ce-* headers, in UTF-8.").Write(context);
            return;
        }
        if (mode == Body.Json && !context.Request.Headers.ContainsKey("ce-id") && !context.Request.Headers.ContainsKey("ce-specversion"))
        {
            await Problem.Invalid("ce-id", $"The headers of a binary CloudEvent are missing. Send them, or send {CloudEvents.Single}.").Write(context);
            return;
        }
        var (bytes, problem) = await Body.ReadWhole(context, CloudEvents.MostBytes);
        if (problem is not null)
        {
            await problem.Write(context);
            return;
        }
        var by = Caller.Of(context).Actor;
        List<ReceivedEvent>? received;
        try
        {
            received = Read(mode, context.Request.Headers, bytes, by);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(bytes.End);
        }
        await (received is null ? Body.Malformed().Write(context)
            : received.Count > CloudEvents.MostEvents ? Problem.TooLarge($"A batch may have at most {CloudEvents.MostEvents} events.").Write(context)
            : mode == CloudEvents.Batch ? AnswerBatch(context, door, received)
            : AnswerSingle(context, await Submit(door, received[0])));
    }

    private static List<ReceivedEvent>? Read(string mode, IHeaderDictionary headers, ReadOnlySequence<byte> bytes, Actor by) =>
        mode == CloudEvents.Batch ? CloudEvents.ReadBatch(bytes, by)
        : (mode == CloudEvents.Single ? CloudEvents.ReadSingle(bytes, by) : CloudEvents.ReadBinary(headers, bytes, by)) is { } single ? [single]
        : null;

    /// <summary>All go in at once and share transactions. If the door cannot take some, the whole is answered "busy": a repeat finds the others as duplicates.</summary>
    private static async Task AnswerBatch(HttpContext context, AccountDoor door, List<ReceivedEvent> received)
    {
        var answers = await door.SubmitAll<EventAnswer>([.. received.Select(e => e.Command).OfType<RecordUsage>()]);
        var next = 0;
        var results = received.ConvertAll(e => e.Command is { } command ? ResultOf(command, answers[next++]) : Invalid(e));
        await Answer.Write(context, new EventResults(results), ApiJson.Default.EventResults);
    }

    private static Task AnswerSingle(HttpContext context, EventResult result) => result.Status switch
    {
        EventStatus.Conflict => Problem.Conflict("conflict", ConflictDetail).Write(context),
        EventStatus.Rejected => Problem.Rejected(result.Reason!.Value, result.Detail!).Write(context),
        _ => Answer.Write(context, new EventResults([result]), ApiJson.Default.EventResults),
    };

    private static async Task<EventResult> Submit(AccountDoor door, ReceivedEvent received) =>
        received.Command is { } command ? ResultOf(command, await door.Submit(command)) : Invalid(received);

    private static EventResult Invalid(ReceivedEvent received) =>
        new() { Source = received.Source, Id = received.Id, Status = EventStatus.Rejected, Reason = RejectionReason.Invalid, Detail = received.Wrong };

    private static EventResult ResultOf(RecordUsage command, EventAnswer answer)
    {
        return answer switch
        {
            EventAnswer.Recorded(var charge) => Result(EventStatus.Recorded, charge),
            EventAnswer.Duplicate(var charge) => Result(EventStatus.Duplicate, charge),
            EventAnswer.Conflict => Result(EventStatus.Conflict, null, ConflictDetail),
            EventAnswer.Parked(var why) => Result(EventStatus.Parked, null, $"{why} The event is kept, and charged when an admin has added what is missing."),
            EventAnswer.Rejected(var reason) => Result(EventStatus.Rejected, null, Rejections.Detail(reason), reason),
            _ => throw new InvalidOperationException("An event has five outcomes."),
        };

        EventResult Result(EventStatus status, Charge? charge, string? detail = null, RejectionReason? reason = null) => new()
        {
            Source = command.Source,
            Id = command.Id,
            Status = status,
            Reason = reason,
            Detail = detail,
            Charge = charge is null ? null : ChargeAnswer.Of(charge),
        };
    }
}
