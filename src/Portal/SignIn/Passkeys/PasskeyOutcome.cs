namespace Portal.SignIn.Passkeys;

/// <summary>What became of a wish to add, rename or remove a passkey.</summary>
public abstract record PasskeyOutcome
{
    public sealed record Done : PasskeyOutcome;

    /// <summary>The person has proved who they are; these options go to their device.</summary>
    public sealed record Proposed(string Options) : PasskeyOutcome;

    /// <summary>Not proved: the password is wrong, or the sign-in of someone without one too old.</summary>
    public sealed record NotProved(string Why) : PasskeyOutcome;

    public sealed record WrongCode : PasskeyOutcome;

    /// <summary>Staff who have a passkey add another only in a session that it opened.</summary>
    public sealed record NeedsPasskeySignIn : PasskeyOutcome;

    public sealed record TooMany : PasskeyOutcome;

    /// <summary>What came from the device is not right, too old, used before, or a passkey that somebody has already.</summary>
    public sealed record NotAccepted : PasskeyOutcome;

    /// <summary>Staff keep a second factor, and this is their last.</summary>
    public sealed record LastOfStaff : PasskeyOutcome;

    public sealed record OnlyWayIn : PasskeyOutcome;

    /// <summary>There is no such passkey of this person's, or no longer.</summary>
    public sealed record Unknown : PasskeyOutcome;
}

/// <summary>Every refusal about passkeys as a sentence.</summary>
internal static class PasskeyWords
{
    public static string Of(PasskeyOutcome refused) => refused switch
    {
        PasskeyOutcome.NotProved { Why: var why } => why,
        PasskeyOutcome.WrongCode => "The code is wrong, or it was used already. Each works once: wait for the next one.",
        PasskeyOutcome.NeedsPasskeySignIn => "You signed in without the passkey that you have. Sign out, sign in with it, and come back.",
        PasskeyOutcome.TooMany => $"You have {PasskeyChanges.Most} passkeys, which is the most. Remove one first.",
        PasskeyOutcome.NotAccepted => "What your device sent came too late, was sent before, or is a passkey that is registered already. Try again.",
        PasskeyOutcome.LastOfStaff => "Staff need a second factor, and this is your only one. Add another passkey or turn two-factor sign-in on first.",
        PasskeyOutcome.OnlyWayIn => "This is your only way to sign in. Set a password or add another passkey first.",
        PasskeyOutcome.Unknown => "There is no such passkey, or no longer.",
        _ => throw new InvalidOperationException($"The outcome {refused} has no words."),
    };
}
