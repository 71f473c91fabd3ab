using OtpNet;

namespace Portal.Tests.SignIn;

/// <summary>The app on somebody's phone: it knows the key and the time, and shows no code twice.</summary>
public sealed class AuthenticatorApp(string key, Func<DateTimeOffset> now)
{
    private const int Seconds = 30;

    private long last;

    public string Key => key;

    /// <summary>What it shows now, or so many steps from now.</summary>
    public string Code(int steps = 0) => new Totp(Base32Encoding.ToBytes(key)).ComputeTotp(now().AddSeconds(steps * Seconds).UtcDateTime);

    /// <summary>The next one that nobody has used, as a patient person would wait for it; Portal takes it up to half a minute early.</summary>
    public async Task<string> NextCode()
    {
        var step = Math.Max(last + 1, Now);
        while (step > Now + 1)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        last = step;
        return Code((int)(step - Now));
    }

    private long Now => now().ToUnixTimeSeconds() / Seconds;
}
