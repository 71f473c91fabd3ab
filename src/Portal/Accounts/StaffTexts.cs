namespace Portal.Accounts;

/// <summary>What staff write: how long it may be, and that it can be read.</summary>
public static class StaffTexts
{
    public const int LongestReason = 500;

    public const int LongestTicket = 64;

    public const int LongestNote = 4000;

    public const int LongestAnswer = 2000;

    /// <summary>Not blank, not longer than this, and on demand without line breaks; no other control characters.</summary>
    public static bool IsReadable(string? text, int longest, bool lines = false) =>
        text?.Trim() is { Length: > 0 } trimmed && trimmed.Length <= longest && !trimmed.Any(c => char.IsControl(c) && !(lines && c is '\n' or '\r' or '\t'));
}
