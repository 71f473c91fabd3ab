using Portal.Ui;

namespace Portal.SupportAccess;

/// <summary>Pages by the names that the subscriber knows them by.</summary>
public static class LookedAtWords
{
    private static readonly (string Path, string Words)[] Within =
    [
        ("/history/balance", "Balance at a past moment"),
        ("/history/", "A charge: "),
        ("/statements/", "The statement of "),
    ];

    public static string Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Places.Subscriber.FirstOrDefault(place => place.Path == path) is { } place)
        {
            return place.Name;
        }
        var (beginning, words) = Array.Find(Within, within => path.StartsWith(within.Path, StringComparison.Ordinal));
        return words is null ? path : words.EndsWith(' ') ? words + path[beginning.Length..] : words;
    }
}
