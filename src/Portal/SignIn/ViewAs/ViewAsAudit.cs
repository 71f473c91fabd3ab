using System.Text.Json;
using Portal.Accounts;
using Portal.Data;

namespace Portal.SignIn.ViewAs;

/// <summary>Audit records of view-as: the actor is the staff member, the subject the account. Stored together with what they tell of.</summary>
internal static class ViewAsAudit
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static AuditRecord Start(string account, string reason, string ticket, StartOutcome outcome, Actor by, DateTimeOffset now)
    {
        var begun = (outcome as StartOutcome.Started)?.ViewAs;
        // What was no ticket's number may be anything, and a record is for ever.
        object? after = begun is null ? null : new { view_as = begun.Id, ticket, ends_at = begun.EndsAt };
        return Record("StartViewAs", account, outcome.GetType().Name, after, begun is null ? null : reason, by, now);
    }

    public static AuditRecord Page(ViewAsSession view, string path, DateTimeOffset now) =>
        Record("ViewAsPage", view.Account, "Looked", new { view_as = view.Id, page = path }, null, Actor.User(view.Staff, System.Diagnostics.Activity.Current?.TraceId.ToString()), now);

    public static AuditRecord End(ViewAsSession view, ViewAsEnd why, DateTimeOffset at, Actor by, DateTimeOffset now) =>
        Record("EndViewAs", view.Account, why.ToString(), new { view_as = view.Id, ended_at = at }, null, by, now);

    private static AuditRecord Record(string action, string account, string outcome, object? after, string? reason, Actor by, DateTimeOffset now) => new()
    {
        At = now,
        Actor = by.Id,
        Subject = account,
        Action = action,
        After = after is null ? null : JsonSerializer.Serialize(after, Json),
        Outcome = outcome,
        Reason = reason,
        RequestId = by.RequestId,
    };
}
