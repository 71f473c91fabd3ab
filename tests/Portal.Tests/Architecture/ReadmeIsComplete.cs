using System.Text.Json;

namespace Portal.Tests.Architecture;

/// <summary>Who reads the README knows every setting.</summary>
public sealed class ReadmeIsComplete
{
    [Fact]
    public void It_mentions_every_setting()
    {
        var readme = Source.All.SingleOrDefault(file => file.Path == "README.md");
        Assert.SkipWhen(readme is null, "There is no README yet.");
        using var settings = JsonDocument.Parse(Source.All.Single(file => file.Path == "appsettings.json").Text);
        var unknown = Names("", settings.RootElement).Where(name => !readme.Text.Contains($"`{name}`", StringComparison.Ordinal));
        Rule.HasNoOffender(unknown);
    }

    /// <summary>Log levels are the framework's own setting, and any category can have one: the section counts as one name.</summary>
    private static IEnumerable<string> Names(string path, JsonElement element) => element switch
    {
        _ when path == "Logging:LogLevel" => [path + ":*"],
        { ValueKind: JsonValueKind.Object } => element.EnumerateObject().SelectMany(inner => Names(path == "" ? inner.Name : $"{path}:{inner.Name}", inner.Value)),
        _ => [path],
    };
}
