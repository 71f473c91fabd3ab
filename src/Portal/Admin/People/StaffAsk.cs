namespace Portal.Admin.People;

/// <summary>What is done to somebody of staff.</summary>
public enum StaffAskKind
{
    Give,
    Take,
    EndSessions,
}

/// <summary>A change that asks for its reason before it is done, in words.</summary>
public sealed record StaffAsk(StaffAskKind Kind, StaffMember Member, string Role = "")
{
    public string Title => Kind switch
    {
        StaffAskKind.Give => $"Make {Member.Email} {Role}?",
        StaffAskKind.Take => $"Take {Role} from {Member.Email}?",
        _ => $"End the sessions of {Member.Email}?",
    };

    public string Action => Kind switch
    {
        StaffAskKind.Give => $"Give {Role}",
        StaffAskKind.Take => $"Take {Role} away",
        _ => $"End {Sessions}",
    };

    public string Says => Kind switch
    {
        StaffAskKind.Give => $"They find {Role}'s pages when they sign in next, with a second factor. A mail tells them.",
        StaffAskKind.Take => "It counts at their next command. Their open pages close within a minute, and they sign in anew as what they then are. A mail tells them.",
        _ => "Nothing can be done from their open pages from then on, and each closes within a minute. They may sign in again.",
    };

    public string Done => Kind switch
    {
        StaffAskKind.Give => $"{Member.Email} is {Role} now.",
        StaffAskKind.Take => $"{Member.Email} is no longer {Role}.",
        _ => $"{Member.Email} is signed out everywhere.",
    };

    private string Sessions => Member.Sessions.Count == 1 ? "1 session" : $"{Member.Sessions.Count} sessions";
}
