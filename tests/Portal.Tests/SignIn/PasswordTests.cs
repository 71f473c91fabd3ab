using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Passwords;

namespace Portal.Tests.SignIn;

/// <summary>Which passwords may be set: long ones of any kind, but none that is guessed soon.</summary>
public sealed class PasswordTests
{
    private static readonly User Anna = new() { Email = "anna.smith@umbrella.example", UserName = "anna.smith@umbrella.example" };

    [Theory]
    [InlineData("a password of some length")]
    [InlineData("quite another long password")]
    [InlineData("correct horse battery staple")]
    [InlineData("grey owl, wet road")]
    [InlineData("        five  words        ")]
    [InlineData("xkq7-bmw2-r9tz")]
    [InlineData("493817264953")]
    [InlineData("hfuebqmzpwla")]
    [InlineData("Übergrößenträger 7")]
    [InlineData("夜の静かな海を見ている猫")]
    [InlineData("🐢🚲🌧️🧀🎺🪐🧦🐙🍂🔑🎲🪁")]
    public void Long_and_not_obvious_is_enough(string password) => Assert.Null(Refused(password));

    [Theory]
    [InlineData("elevenchars")]
    [InlineData("")]
    [InlineData("🐢🚲🌧🧀🎺🪐")]
    public void Shorter_than_twelve_characters_is_refused(string password) => Assert.Contains("shorter than 12", Refused(password), StringComparison.Ordinal);

    [Fact]
    public void One_character_more_than_the_most_is_refused()
    {
        var words = string.Concat(Enumerable.Range(0, 40).Select(n => $"w{n * 7919 % 1009} "));

        Assert.Null(Refused(words[..128]));
        Assert.Contains("longer than 128", Refused(words[..129]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password1234")] // Common words and digits.
    [InlineData("Password!Password!")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("iloveyou12345")]
    [InlineData("Summer2026!!!!")]
    [InlineData("dragonmonkey12")]
    [InlineData("unbelievable")]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("123456789012")] // Rows and repetitions.
    [InlineData("qwertyuiopasdf")]
    [InlineData("abcdefghijkl")]
    [InlineData("987654321zyxw")]
    [InlineData("1qaz2wsx3edc4")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("x7x7x7x7x7x7x7")]
    [InlineData("anna.smith@umbrella.example")] // The person's own.
    [InlineData("Anna.Smith2026")]
    [InlineData("annasmithanna")]
    [InlineData("umbrella-2026!")]
    [InlineData("Acme Robots 1")] // The provider's.
    [InlineData("acmerobots2026")]
    [InlineData("portalportal1")]
    [InlineData("portal-demo-2026")] // The demo's.
    public void What_is_guessed_soon_is_refused(string password) => Assert.Contains("is guessed soon", Refused(password), StringComparison.Ordinal);

    [Fact]
    public void What_is_one_persons_own_word_is_only_refused_to_them()
    {
        var bert = new User { Email = "bert@example.org" };

        Assert.NotNull(Refused("zaphodbeeblebrox!", new User { Email = "zaphodbeeblebrox@example.org" }));
        Assert.Null(Refused("zaphodbeeblebrox!", bert));
    }

    [Fact]
    public void The_same_text_written_in_another_form_of_unicode_is_the_same_password()
    {
        var hasher = new NormalizedHasher(Options.Create(new PasswordHasherOptions()));
        var hash = hasher.HashPassword(Anna, "caf\u00e9 au lait, s'il vous pla\u00eet");

        Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(Anna, hash, "cafe\u0301 au lait, s'il vous plai\u0302t"));
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(Anna, hash, "cafe au lait, s'il vous plait"));
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(Anna, hash, "half a character: \ud83d"));
    }

    private static string? Refused(string password, User? user = null)
    {
        var check = new PasswordCheck(new PortalSettings { Brand = new BrandSettings { ProviderName = "Acme Robots" } });
        var result = check.ValidateAsync(null!, user ?? Anna, password);
        Assert.True(result.IsCompletedSuccessfully);
        return result.Result.Succeeded ? null : result.Result.Errors.Single().Description;
    }
}
