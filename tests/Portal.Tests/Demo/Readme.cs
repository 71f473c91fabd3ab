using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Demo;

namespace Portal.Tests.Demo;

/// <summary>What the README and the pages beside it say is so.</summary>
public sealed partial class Readme
{
    private static readonly string Text = File.ReadAllText(Repository.At("README.md"));
    private static readonly string Operating = File.ReadAllText(Repository.At("docs", "operating.md"));

    [Fact]
    public void The_default_of_every_setting_is_told()
    {
        foreach (var (name, value) in Settings("", JsonNode.Parse(File.ReadAllText(Repository.At("appsettings.json")))!))
        {
            var row = Array.Find(Operating.Split('\n'), line => line.StartsWith('|') && line.Contains($"`{name}`", StringComparison.Ordinal));
            Assert.True(row is not null, $"The settings of docs/operating.md do not name {name}.");
            var shown = value switch { "" => "empty", "[]" => "none", _ => $"`{value}`" };
            Assert.True(row.Contains(shown, StringComparison.Ordinal), $"docs/operating.md does not say that {name} is {shown}.");
        }
    }

    [Fact]
    public void It_names_everyone_of_the_demo()
    {
        Assert.Contains(DemoAccounts.Password, Text, StringComparison.Ordinal);
        Assert.All(DemoAccounts.All, person => Assert.Contains($"`{person.Email}`", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_and_folder_that_a_page_names_is_there()
    {
        var missing = from page in Pages()
                      from path in Links(page).Select(link => Path.Combine(Path.GetDirectoryName(page)!, link.File)).Concat(Named().Matches(File.ReadAllText(page)).Select(name => Repository.At(name.Groups[1].Value)))
                      where !File.Exists(path) && !Directory.Exists(path)
                      select $"{Path.GetFileName(page)} names {path}, which is not there.";
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_heading_that_a_page_links_to_is_there()
    {
        var missing = from page in Pages()
                      from link in Links(page)
                      where link.Heading.Length > 0
                      let other = link.File.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, link.File)
                      where !Headings(other).Contains(link.Heading)
                      select $"{Path.GetFileName(page)} links to #{link.Heading} of {Path.GetFileName(other)}, which is not there.";
        Assert.Empty(missing);
    }

    private static string[] Pages() => [Repository.At("README.md"), .. Directory.GetFiles(Repository.At("docs"), "*.md")];

    private static IEnumerable<(string File, string Heading)> Links(string page) =>
        Link().Matches(File.ReadAllText(page)).Select(link => (link.Groups["file"].Value, link.Groups["heading"].Value));

    /// <summary>As GitHub makes an address of a heading: small letters, hyphens for blanks, nothing else but letters and digits.</summary>
    private static HashSet<string> Headings(string page) =>
        [.. Heading().Matches(File.ReadAllText(page)).Select(heading => NoLetter().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    /// <summary>Log levels are one row: their names are the categories of the framework.</summary>
    private static IEnumerable<(string Name, string Value)> Settings(string path, JsonNode? node) => node switch
    {
        JsonObject when path == "Logging" => [("Logging:LogLevel", "Information")],
        JsonObject branch => branch.SelectMany(child => Settings(path == "" ? child.Key : $"{path}:{child.Key}", child.Value)),
        JsonArray list => [(path, list.ToJsonString())],
        _ => [(path, node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "")],
    };

    [GeneratedRegex(@"\]\((?!https?:)(?<file>[^)#]*)(?:#(?<heading>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|wwwroot|\.ci)/[\w./-]+)`")]
    private static partial Regex Named();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();
}
