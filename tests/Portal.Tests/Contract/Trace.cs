using System.Text.RegularExpressions;

namespace Portal.Tests.Contract;

/// <summary>docs/contract.md names tests that exist.</summary>
public sealed partial class Trace
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var tests = typeof(Trace).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(m => m.DeclaringType == type).Select(m => $"{Short(type)}.{m.Name}")).ToHashSet();
        var named = Name().Matches(File.ReadAllText(Repository.At("docs", "contract.md"))).Select(match => match.Groups[1].Value).Where(name => name != "Contract.*").ToList();
        Assert.True(named.Count > 60);
        Assert.Equal([], named.Except(tests));
    }

    /// <summary>"EventsTests`1" is "Events" on the page, "ContractSuite`1" is "Contract".</summary>
    private static string Short(Type type) => Ending().Replace(type.Name, "");

    [GeneratedRegex("`([A-Z]\\w+\\.\\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex("(Tests|Suite)?(`1)?$")]
    private static partial Regex Ending();
}
