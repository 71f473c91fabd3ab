using Microsoft.AspNetCore.WebUtilities;
using Portal.Accounts;
using Portal.History;
using Portal.Tests.Ui;

namespace Portal.Tests.History;

/// <summary>What stands in the address of the history: its filter, its days, and the place where a page begins.</summary>
public sealed class HistoryAddressTests : UiTest
{
    [Theory]
    [InlineData("1.2.3.4.5")]
    [InlineData("9223372036854775807.9223372036854775807.2147483647.3155378975999999999.0")]
    public void A_position_survives_the_address(string text) => Assert.Equal(text, HistoryPosition.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3.4")]
    [InlineData("-1.2.3.4.5")]
    [InlineData("1.2.3.99999999999999999999.5")]
    [InlineData("1.2.3.4.999999999")]
    public void What_is_no_position_is_none(string text) => Assert.Null(HistoryPosition.Parse(text));

    [Fact]
    public void The_filter_stands_in_the_address_with_the_viewers_days()
    {
        var query = Asked("kind=refusals&from=2026-11-02&to=2026-11-03");
        Assert.Equal("/history?kind=refusals&from=2026-11-02&to=2026-11-03", query.Path());
        var filter = query.Filter(ViewerIn("Europe/Berlin"));
        Assert.Equal(new HistoryFilter(LineKind.Refusal, new(2026, 11, 1, 23, 0, 0, TimeSpan.Zero), new(2026, 11, 3, 23, 0, 0, TimeSpan.Zero), WithIncluded: true), filter);
        Assert.Equal("/history?model=m%201&surface=ci_action&app=", Asked("model=m%201&surface=ci_action&app=").Path());
        Assert.Equal("/history", Asked("kind=nonsense&from=x&to=2026-13-01&start=y").Path());
    }

    [Theory]
    [InlineData("kind=bogus&from=2026-11-02", "“kind” is one of charges, included, credit, refusals, settings.")]
    [InlineData("from=nonsense&to=2026-13-01", "“from” is a day such as 2026-11-01. “to” is a day such as 2026-11-30.")]
    [InlineData("from=2026-11-03&to=2026-11-02", "“to” is a day before “from”.")]
    [InlineData("zone=mars&start=1.2", "“zone” is utc, or left out for your own. “start” is a place that a link of this page names.")]
    [InlineData("model=a%00b&app=%00", "“model” is a name of at most 256 characters. “app” is a name of at most 256 characters.")]
    public void What_of_the_address_is_not_understood_is_said(string address, string said) => Assert.Equal(said, string.Join(' ', Asked(address).Wrong));

    [Fact]
    public void Days_of_a_chart_are_UTC_days_whatever_the_viewers_zone()
    {
        var query = Asked("kind=charges&from=2026-11-02&to=2026-11-02&zone=utc");
        Assert.Equal("/history?kind=charges&from=2026-11-02&to=2026-11-02&zone=utc", query.Path());
        Assert.Equal(new HistoryFilter(LineKind.Charge, new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero), WithIncluded: true), query.Filter(ViewerIn("Europe/Berlin")));
    }

    private static HistoryQuery Asked(string address)
    {
        var parts = QueryHelpers.ParseQuery(address);
        return HistoryQuery.Read(name => parts.TryGetValue(name, out var value) ? value.ToString() : null);
    }
}
