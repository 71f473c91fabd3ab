using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Data;
using Portal.Ui;

namespace Portal.Support;

/// <summary>How audit records read in a timeline.</summary>
internal static partial class RecordWords
{
    private static readonly Dictionary<string, string> titles = new()
    {
        ["SignIn"] = "Signed in",
        ["SignOut"] = "Signed out",
        ["EndSession"] = "Session ended",
        ["LetSupportLook"] = "Support access set",
        ["LookAtAccount"] = "Support looked at the account",
        ["GrantGoodwill"] = "Goodwill asked for",
        ["ApproveGoodwill"] = "Goodwill approved",
        ["RejectGoodwill"] = "Goodwill rejected",
        ["WithdrawGoodwill"] = "Goodwill taken back",
        ["ReverseCharge"] = "Reversal of a charge",
        ["TakeDispute"] = "Dispute taken",
        ["AnswerDispute"] = "Dispute answered",
        ["DisputeCharge"] = "Charge disputed",
        ["WithdrawDispute"] = "Dispute taken back",
        ["WriteNote"] = "Note written",
        ["StartViewAs"] = "Support viewed as the subscriber",
        ["ViewAsPage"] = "Support viewed a page",
        ["EndViewAs"] = "Support stopped viewing as the subscriber",
    };

    /// <summary>Of a record without words of its own its name stands there, in words.</summary>
    public static string Title(string action, string outcome)
    {
        var title = titles.GetValueOrDefault(action) ?? Sentence(action);
        return outcome is "Done" or "" or "Changed" or "Written" or "Started" or "Looked" or "Disputed" or "Taken" or "Answered" or "Withdrawn" ? title : $"{title}: {Sentence(outcome).ToLowerInvariant()}";
    }

    public static string Detail(string who, AuditRecord record)
    {
        var more = record.Reason ?? (record.Action == "ViewAsPage" ? Page(record) : null);
        return more is null ? $"by {who}" : $"by {who}: {more}";
    }

    /// <summary>Which page was seen: by its name, or its address.</summary>
    private static string? Page(AuditRecord record)
    {
        using var after = JsonDocument.Parse(record.After ?? "{}");
        var path = after.RootElement.TryGetProperty("page", out var page) ? page.GetString() : null;
        return Places.Subscriber.FirstOrDefault(place => place.Path == path)?.Name ?? path;
    }

    private static string Sentence(string name)
    {
        var words = Inside().Replace(name, " $1").ToLowerInvariant();
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])")]
    private static partial Regex Inside();
}
