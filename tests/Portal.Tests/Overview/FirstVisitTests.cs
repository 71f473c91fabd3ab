using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Tests.SignIn;

namespace Portal.Tests.Overview;

/// <summary>What a browser with an empty cache fetches for Overview. It cannot creep up unseen; `Portal.Bench -- pages` measures it in a browser.</summary>
public sealed partial class FirstVisitTests(SignInOn<SqliteDatabase> portal) : SignInTest<SqliteDatabase>(portal)
{
    /// <summary>The framework's own empty page comes to 86,000, and Overview to about as much. A style sheet or a script of some library more is beyond this.</summary>
    private const int MostBytes = 110_000;

    [Fact]
    public async Task Overview_and_all_that_it_needs_weigh_little_when_they_are_compressed()
    {
        var (email, _) = await NewOwner();
        using var browser = await SignedIn(email);
        var page = (await browser.Get("/")).Html;
        List<(string What, int Bytes)> weights = [("the page", Compressed(Encoding.UTF8.GetBytes(page), CompressionLevel.Fastest))];
        using var client = Host.NewClient();
        foreach (var path in Needed().Matches(page).Select(found => WebUtility.HtmlDecode(found.Groups[1].Value)).Distinct())
        {
            weights.Add((path, Compressed(await client.GetByteArrayAsync(new Uri(Host.Address, path)), CompressionLevel.SmallestSize)));
        }
        Assert.All(["blazor.web", "app.", "portal."], name => Assert.Contains(weights, w => w.What.Contains(name, StringComparison.Ordinal)));
        Assert.True(weights.Sum(w => w.Bytes) <= MostBytes, string.Join('\n', weights.Select(w => $"{w.Bytes,8:N0} {w.What}")));
    }

    private static int Compressed(byte[] bytes, CompressionLevel level)
    {
        using var into = new MemoryStream();
        using (var brotli = new BrotliStream(into, level, leaveOpen: true))
        {
            brotli.Write(bytes);
        }
        return (int)into.Length;
    }

    [GeneratedRegex("<(?:script|link)\\b[^>]*?\\s(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Needed();
}
