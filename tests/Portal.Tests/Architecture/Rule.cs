namespace Portal.Tests.Architecture;

/// <summary>A rule holds when nobody breaks it; else the failure lists everyone who does, with the line.</summary>
public static class Rule
{
    public static void HasNoOffender(IEnumerable<string> offenders)
    {
        var all = string.Join(Environment.NewLine, offenders);
        Assert.True(all == "", all);
    }
}
