using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.SignIn.TwoFactor;

/// <summary>
/// Checks codes of authenticator apps, in the place of Identity's own provider, which takes a code as often as it comes. Here a code
/// works once: one conditional update moves the person's last step forward, so of two requests with one code, however close, one fails.
/// </summary>
public sealed class AuthenticatorCodes(IDbContextFactory<PortalDb> databases, Clock clock) : IUserTwoFactorTokenProvider<User>
{
    /// <summary>Codes are made by the app on the person's phone.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<User> manager, User user) => Task.FromResult("");

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<User> manager, User user) =>
        !string.IsNullOrEmpty(await manager.GetAuthenticatorKeyAsync(user));

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user) =>
        await manager.GetAuthenticatorKeyAsync(user) is { Length: > 0 } key && await Use(user, key, token);

    /// <summary>Uses the code up; false when it is not the key's, or it or a later one was used before.</summary>
    public async Task<bool> Use(User user, string key, string code)
    {
        if (!AuthenticatorKey.Matches(key, code, clock.Now, out var step))
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync();
        return await db.Users.Where(known => known.Id == user.Id && (known.LastCodeStep == null || known.LastCodeStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.LastCodeStep, step)) == 1;
    }

    /// <summary>As typed: apps show the digits in two groups.</summary>
    public static string Typed(string? code) => new([.. (code ?? "").Where(char.IsAsciiDigit)]);
}
