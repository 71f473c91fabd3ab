using Portal.SignIn.TwoFactor;

namespace Portal.Tests.SignIn.TwoFactor;

/// <summary>The codes are those of RFC 6238, which every authenticator app makes.</summary>
public sealed class AuthenticatorKeyTests
{
    /// <summary>The standard's own secret, "12345678901234567890", as apps take it.</summary>
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_standards_examples_fit(long seconds, string code)
    {
        Assert.True(AuthenticatorKey.Matches(Key, code, DateTimeOffset.FromUnixTimeSeconds(seconds), out var step));
        Assert.Equal(seconds / 30, step);
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_phone_may_be_one_step_early_or_late_and_no_more(int seconds, bool fits) =>
        Assert.Equal(fits, AuthenticatorKey.Matches(Key, "005924", DateTimeOffset.FromUnixTimeSeconds(1234567890 + seconds), out _));

    [Fact]
    public void Keys_are_long_and_never_the_same()
    {
        Assert.Equal(32, AuthenticatorKey.New().Length);
        Assert.NotEqual(AuthenticatorKey.New(), AuthenticatorKey.New());
    }

    [Fact]
    public void The_picture_names_provider_and_address_whatever_letters_they_have() => Assert.Equal(
        "otpauth://totp/Caf%C3%A9%20%26%20Co:a%2Bb%40example.org?secret=ABC&issuer=Caf%C3%A9%20%26%20Co&digits=6",
        AuthenticatorKey.Uri("Café & Co", "a+b@example.org", "ABC"));
}
