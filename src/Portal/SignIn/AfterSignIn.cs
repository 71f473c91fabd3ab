using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.SignIn;

/// <summary>Where a sign-in leads.</summary>
public sealed class AfterSignIn(UserManager<User> users, StaffDuty duty)
{
    /// <summary>To the page that asked for it; staff whose role does not count for want of a second factor to where they get one.</summary>
    public async Task<string> Next(string email, string? returnUrl) =>
        await users.FindByEmailAsync(email) is { } user ? await Next(user, returnUrl) : ReturnUrl.Local(returnUrl);

    public async Task<string> Next(User user, string? returnUrl) =>
        (await duty.Owed(user.Id)).Count > 0 ? "/profile/two-factor" : ReturnUrl.Local(returnUrl);

    /// <summary>To the second step, which then leads on.</summary>
    public static string SecondStep(string? returnUrl, bool staySignedIn) => Step("/sign-in/two-factor", returnUrl, staySignedIn);

    public static string Step(string page, string? returnUrl, bool staySignedIn)
    {
        var query = new Dictionary<string, string?>();
        if (ReturnUrl.Local(returnUrl) is var local and not "/")
        {
            query.Add("returnUrl", local);
        }

        if (staySignedIn)
        {
            query.Add("stay", "true");
        }

        return QueryHelpers.AddQueryString(page, query);
    }
}
