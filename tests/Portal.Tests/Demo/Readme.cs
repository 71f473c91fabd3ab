using System.Text.Json.Nodes;
using Portal.Demo;

namespace Portal.Tests.Demo;

/// <summary>What the README says is so.</summary>
public class Readme
{
    private static readonly string Text = File.ReadAllText(Repository.At("README.md"));

    [Fact]
    public void It_says_the_default_of_every_setting()
    {
        foreach (var (name, value) in Settings("", JsonNode.Parse(File.ReadAllText(Repository.At("appsettings.json")))!))
        {
            var row = Array.Find(Text.Split('\n'), line => line.StartsWith('|') && line.Contains($"`{name}`", StringComparison.Ordinal));
            Assert.True(row is not null, $"README's configuration does not name {name}.");
            var shown = value switch { "" => "empty", "[]" => "none", _ => $"`{value}`" };
            Assert.True(row.Contains(shown, StringComparison.Ordinal), $"README does not say that {name} is {shown}.");
        }
    }

    [Fact]
    public void It_names_everyone_of_the_demo()
    {
        Assert.Contains(DemoAccounts.Password, Text, StringComparison.Ordinal);
        Assert.All(DemoAccounts.All, person => Assert.Contains($"`{person.Email}`", Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_and_folder_that_it_names_is_there()
    {
        var links = System.Text.RegularExpressions.Regex.Matches(Text, @"\]\((?!http)([^)#]+)\)").Select(m => m.Groups[1].Value);
        var named = System.Text.RegularExpressions.Regex.Matches(Text, @"`((?:src|tests|docs)/[\w./-]+)`").Select(m => m.Groups[1].Value);
        Assert.All(links.Concat(named), path => Assert.True(File.Exists(Repository.At(path)) || Directory.Exists(Repository.At(path)), $"README names {path}, which is not there."));
    }

    /// <summary>Log levels are one row: their names are the categories of the framework.</summary>
    private static IEnumerable<(string Name, string Value)> Settings(string path, JsonNode? node) => node switch
    {
        JsonObject when path == "Logging" => [("Logging:LogLevel", "Information")],
        JsonObject branch => branch.SelectMany(child => Settings(path == "" ? child.Key : $"{path}:{child.Key}", child.Value)),
        JsonArray list => [(path, list.ToJsonString())],
        _ => [(path, node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "")],
    };
}
