namespace Portal.SignIn;

/// <summary>How long a password must and may be; the most keeps a hash from being made expensive.</summary>
public static class PasswordRule
{
    public const int Least = 12;

    public const int Most = 200;

    public const string Sentence = "At least 12 characters; a few words you remember are best.";
}
