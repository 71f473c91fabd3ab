using System.Text.RegularExpressions;

namespace Portal.Tests.Security;

/// <summary>docs/security.md and docs/asvs.md name the test of each thing that they say; a name without a test would be a promise that nothing shows.</summary>
public sealed partial class SecurityTable
{
    private static readonly string Threats = File.ReadAllText(Repository.At("docs", "security.md"));
    private static readonly string Standard = File.ReadAllText(Repository.At("docs", "asvs.md"));

    [Fact]
    public void Every_test_that_they_name_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Declared().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);

        Assert.All([Threats, Standard], page =>
        {
            var named = Named().Matches(page).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    /// <summary>A table that lost a requirement would say that it is met by saying nothing.</summary>
    [Fact]
    public void It_answers_every_requirement_of_level_2_that_the_standard_has()
    {
        var answered = Answered().Matches(Standard).SelectMany(match => Expand(match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Requirements().Except(answered));
        Assert.Empty(answered.Except(Requirements()));
    }

    /// <summary>Of the threats' page the table sends its readers to sections; each is there.</summary>
    [Fact]
    public void Every_section_that_the_table_sends_to_is_there() =>
        Assert.All(Section().Matches(Standard), section =>
            Assert.Matches($@"(?m)^(## |\*\*){Regex.Escape(section.Groups[1].Value)}\b", Threats));

    /// <summary>How many requirements of levels 1 and 2 each section of ASVS 5.0 has, by their numbers.</summary>
    private static IEnumerable<string> Requirements() =>
        LevelTwo.SelectMany(section => section.Numbers.Split(' ').Select(number => $"{section.Section}.{number}"));

    private static readonly (string Section, string Numbers)[] LevelTwo =
    [
        ("1.1", "1 2"), ("1.2", "1 2 3 4 5 6 7 8 9"), ("1.3", "1 2 3 4 5 6 7 8 9 10 11"), ("1.4", "1 2 3"), ("1.5", "1 2"),
        ("2.1", "1 2 3"), ("2.2", "1 2 3"), ("2.3", "1 2 3 4"), ("2.4", "1"),
        ("3.2", "1 2"), ("3.3", "1 2 3 4"), ("3.4", "1 2 3 4 5 6"), ("3.5", "1 2 3 4 5"), ("3.7", "1 2"),
        ("4.1", "1 2 3"), ("4.2", "1"), ("4.3", "1 2"), ("4.4", "1 2 3 4"),
        ("5.1", "1"), ("5.2", "1 2 3"), ("5.3", "1 2"), ("5.4", "1 2 3"),
        ("6.1", "1 2 3"), ("6.2", "1 2 3 4 5 6 7 8 9 10 11 12"), ("6.3", "1 2 3 4"), ("6.4", "1 2 3 4"), ("6.5", "1 2 3 4 5"), ("6.6", "1 2 3"), ("6.8", "1 2 3 4"),
        ("7.1", "1 2 3"), ("7.2", "1 2 3 4"), ("7.3", "1 2"), ("7.4", "1 2 3 4 5"), ("7.5", "1 2"), ("7.6", "1 2"),
        ("8.1", "1 2"), ("8.2", "1 2 3"), ("8.3", "1"), ("8.4", "1"),
        ("9.1", "1 2 3"), ("9.2", "1 2 3 4"),
        ("10.1", "1 2"), ("10.2", "1 2"), ("10.3", "1 2 3 4"), ("10.4", "1 2 3 4 5 6 7 8 9 10 11"), ("10.5", "1 2 3 4 5"), ("10.6", "1 2"), ("10.7", "1 2 3"),
        ("11.1", "1 2"), ("11.2", "1 2 3"), ("11.3", "1 2 3"), ("11.4", "1 2 3 4"), ("11.5", "1"), ("11.6", "1"),
        ("12.1", "1 2 3"), ("12.2", "1 2"), ("12.3", "1 2 3 4"),
        ("13.1", "1"), ("13.2", "1 2 3 4 5"), ("13.3", "1 2"), ("13.4", "1 2 3 4 5"),
        ("14.1", "1 2"), ("14.2", "1 2 3 4"), ("14.3", "1 2 3"),
        ("15.1", "1 2 3"), ("15.2", "1 2 3"), ("15.3", "1 2 3 4 5 6 7"),
        ("16.1", "1"), ("16.2", "1 2 3 4 5"), ("16.3", "1 2 3 4"), ("16.4", "1 2 3"), ("16.5", "1 2 3"),
    ];

    /// <summary>"6.2.1-3" stands for 6.2.1, 6.2.2 and 6.2.3; "6.2.1, 6.2.5" for both.</summary>
    private static IEnumerable<string> Expand(string cell)
    {
        foreach (var part in cell.Split(',', StringSplitOptions.TrimEntries))
        {
            var numbers = part.Split('.');
            var range = numbers[2].Split('-');
            for (var number = int.Parse(range[0], null); number <= int.Parse(range[^1], null); number++)
            {
                yield return $"{numbers[0]}.{numbers[1]}.{number}";
            }
        }
    }

    [GeneratedRegex(@"public (?:async Task|void) ([A-Z]\w*_\w+)\(")]
    private static partial Regex Declared();

    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]*_\w+)`")]
    private static partial Regex Named();

    [GeneratedRegex("\"([A-Z][A-Za-z ]+)\"")]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| ([0-9.,\- ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Answered();
}
