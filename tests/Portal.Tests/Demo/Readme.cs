using System.Text.Json.Nodes;
using Portal.Demo;

namespace Portal.Tests.Demo;

/// <summary>What the README says is so.</summary>
public class Readme
{
    private static readonly string Text = File.ReadAllText(Repository.At("README.md"));

    [Fact]
    public void It_names_every_setting_with_its_default()
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

    /// <summary>Log levels are one row: their names are the categories of the framework.</summary>
    private static IEnumerable<(string Name, string Value)> Settings(string path, JsonNode? node) => node switch
    {
        JsonObject when path == "Logging" => [("Logging:LogLevel:*", "Information")],
        JsonObject branch => branch.SelectMany(child => Settings(path == "" ? child.Key : $"{path}:{child.Key}", child.Value)),
        JsonArray list => [(path, list.ToJsonString())],
        _ => [(path, node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "")],
    };
}
