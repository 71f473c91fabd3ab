using Microsoft.AspNetCore.Identity;
using Portal.SignIn.Sessions;

namespace Portal.SignIn;

/// <summary>
/// Asks once more who it is, before what a stranger at an open page must not do: by the password, or, of someone who has none because
/// they come in another way, by having come in just now.
/// </summary>
public sealed class ProofOfPerson(UserManager<User> users, SessionBook sessions, Clock clock)
{
    public const int RecentMinutes = 10;

    public static bool AsksPassword(User person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.PasswordHash is not null;
    }

    public async Task<bool> Holds(User person, string? session, string? password) => AsksPassword(person)
        ? password is { Length: > 0 and <= PasswordRule.MostUnits } && await users.CheckPasswordAsync(person, password)
        : (await sessions.Of(person.Id)).Any(s => s.Id == session && clock.Now - s.SignedInAt < TimeSpan.FromMinutes(RecentMinutes));
}
