namespace Portal.SignIn;

/// <summary>Where to go after signing in: a path of this site and nothing else, whatever the query says.</summary>
public static class ReturnUrl
{
    public static string Local(string? url) => IsLocal(url) ? url! : "/";

    /// <summary>Browsers read "//host", "/\host" and a path with a tab or line break in it as another host.</summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\') && !url.Any(char.IsControl);
}
