namespace Portal.SignIn;

/// <summary>What a user may be. An Admin is not thereby Support.</summary>
public static class Roles
{
    public const string Subscriber = "Subscriber";

    public const string Support = "Support";

    public const string Admin = "Admin";

    public static IReadOnlyList<string> All { get; } = [Subscriber, Support, Admin];
}
