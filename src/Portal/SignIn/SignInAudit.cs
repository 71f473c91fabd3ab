using System.Diagnostics;
using System.Text.Json;
using Portal.Accounts;
using Portal.Data;

namespace Portal.SignIn;

/// <summary>
/// Audit records about people's sign-ins. Actor and subject are ids: who is forgotten leaves no address behind, and no secret is ever in
/// one. A record is stored in the same SaveChanges as what it tells of.
/// </summary>
public static class SignInAudit
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What stands as the subject of a record about a person; records about accounts have the account's key.</summary>
    public static string Subject(string userId) => Actor.User(userId).Id;

    /// <summary>The person themselves, where they act without being signed in: by a link that they were mailed.</summary>
    public static Actor Self(string userId) => Actor.User(userId, Activity.Current?.TraceId.ToString());

    /// <summary>A record of what happened to a person's sign-in, by themselves unless another actor is named.</summary>
    public static AuditRecord Record(string action, string userId, DateTimeOffset now, Actor? by = null, string outcome = "Done", object? after = null) => new()
    {
        At = now,
        Actor = by?.Id ?? Subject(userId),
        Subject = Subject(userId),
        Action = action,
        After = after is null ? null : JsonSerializer.Serialize(after, Json),
        Outcome = outcome,
        RequestId = by?.RequestId ?? Activity.Current?.TraceId.ToString(),
    };
}
