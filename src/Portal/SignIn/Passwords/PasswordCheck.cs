using Microsoft.AspNetCore.Identity;
using Portal.Settings;

namespace Portal.SignIn.Passwords;

/// <summary>
/// What a new password must be, wherever one is set: long enough, and not guessed soon. Nothing is asked of its composition: such rules
/// make passwords be forgotten, and "Password1234!" obeys them.
/// </summary>
public sealed class PasswordCheck(PortalSettings settings) : IPasswordValidator<User>
{
    /// <summary>The kind of error by which callers know that the password is at fault.</summary>
    public const string Code = "Password";

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        ArgumentNullException.ThrowIfNull(user);
        var why = Why(user, password ?? "");
        return Task.FromResult(why is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = Code, Description = why }));
    }

    private string? Why(User user, string password) => PasswordRule.Length(password) switch
    {
        < PasswordRule.Least => $"The password is shorter than {PasswordRule.Least} characters.",
        > PasswordRule.Most => $"The password is longer than {PasswordRule.Most} characters.",
        _ when Guessing.IsEasy(password, OwnWords(user)) =>
            "The password is guessed soon: it is a common one, or little more than common words, your own name or address, ours, or keys in a row.",
        _ => null,
    };

    /// <summary>What a stranger who knows the address and the provider would try.</summary>
    private IEnumerable<string> OwnWords(User user)
    {
        char[] separators = ['@', '.', '_', '-', '+', ' '];
        var address = user.Email ?? "";
        var provider = settings.Brand.ProviderName;
        return [address, address.Split('@')[0], .. address.Split(separators), provider, provider.Replace(" ", "", StringComparison.Ordinal), .. provider.Split(separators), "portal"];
    }
}
