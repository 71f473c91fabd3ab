using Portal.Settings;

namespace Portal.SignIn.Sessions;

/// <summary>Why somebody is signed out, as the sign-in page says it. Every end has its words.</summary>
public static class SessionWords
{
    public static string Why(SessionEnd end, SignInSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return end switch
        {
            SessionEnd.SignedOut => "You signed out in this browser, which closes all its pages.",
            SessionEnd.EndedByOwner => "This sign-in was ended on the page of your sessions, from this or another device.",
            SessionEnd.Everywhere => "You were signed out everywhere, from this or another device.",
            SessionEnd.Password => "Your password was changed. Sign in with the new one.",
            SessionEnd.Email => "Your e-mail address was changed. Sign in with the new one.",
            SessionEnd.Role => "What you may do here was changed. Sign in again to go on with it.",
            SessionEnd.ByAdmin => "An administrator ended your sign-ins. You may sign in again.",
            SessionEnd.Locked => "Your sign-in is locked for now.",
            SessionEnd.Unused => $"You did nothing here for a while: a sign-in ends after {settings.SessionHours} hours without use, or {settings.RememberedDays} days if you stay signed in.",
            SessionEnd.TooOld => $"A sign-in lasts at most {settings.LongestSessionHours} hours, or {settings.LongestRememberedDays} days if you stay signed in.",
            SessionEnd.Changed => "Something about your sign-in was changed. Sign in again.",
            _ => throw new InvalidOperationException($"The end {end} has no words."),
        };
    }
}
