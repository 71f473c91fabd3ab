namespace Portal.SignIn;

/// <summary>How long a password must and may be, in characters as a person counts them; the most keeps a hash from being made expensive.</summary>
public static class PasswordRule
{
    public const int Least = 12;

    public const int Most = 128;

    /// <summary>What a form field may send: some characters, such as emoji, are two units of the text.</summary>
    public const int MostUnits = 2 * Most;

    public const string Sentence = "At least 12 characters, of any kind; a few words that do not belong together are best.";

    public static int Length(string password) => password.EnumerateRunes().Count();
}
