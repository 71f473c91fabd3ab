using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Portal.SignIn.Passwords;

/// <summary>
/// Identity's hasher, of the password in one normal form: keyboards of different systems write the same "é" as one character or as two,
/// and a person who changes the system must not be shut out.
/// </summary>
public sealed class NormalizedHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
{
    public override string HashPassword(User user, string password) => base.HashPassword(user, Normal(password));

    public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, Normal(providedPassword));

    private static string Normal(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half a character, which has no normal form. No form sends one; whatever it was is then compared as it came.
            return password;
        }
    }
}
