using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class InstantTextTests : UiTest
{
    private static readonly DateTimeOffset winter = new(2026, 12, 2, 13, 0, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(InstantForm.Minute, "Dec 2, 14:00 CET")]
    [InlineData(InstantForm.Day, "Dec 2")]
    [InlineData(InstantForm.ZonedDay, "Dec 2 CET")]
    [InlineData(InstantForm.ZonedDate, "Dec 2, 2026 CET")]
    [InlineData(InstantForm.Full, "Dec 2, 2026, 14:00:05 CET")]
    [InlineData(InstantForm.Clock, "14:00:05 CET")]
    public void It_stands_on_the_viewers_clock_with_UTC_at_hand(InstantForm form, string text)
    {
        var time = Render<InstantText>(p => p.Add(c => c.At, winter).Add(c => c.Form, form)).Find("time");
        Assert.Equal(text, time.TextContent);
        Assert.Equal("2026-12-02 13:00:05 UTC", time.GetAttribute("title"));
        Assert.Equal("2026-12-02T13:00:05Z", time.GetAttribute("datetime"));
    }

    [Fact]
    public void It_follows_when_the_browser_names_another_zone()
    {
        var time = Render<InstantText>(p => p.Add(c => c.At, winter));
        Services.GetRequiredService<ViewerTime>().Adopt("America/New_York");
        time.WaitForAssertion(() => Assert.Equal("Dec 2, 08:00 EST", time.Find("time").TextContent));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-07-01T12:00:00Z", "Jul 1, 14:00 CEST")]
    [InlineData("Europe/London", "2026-07-01T12:00:00Z", "Jul 1, 13:00 BST")]
    [InlineData("America/Phoenix", "2026-07-01T12:00:00Z", "Jul 1, 05:00 MST")]
    [InlineData("Asia/Kathmandu", "2026-07-01T12:00:00Z", "Jul 1, 17:45 UTC+5:45")]
    [InlineData("America/Sao_Paulo", "2026-07-01T12:00:00Z", "Jul 1, 09:00 UTC-3")]
    [InlineData("no/such-zone", "2026-07-01T12:00:00Z", "Jul 1, 12:00 UTC")]
    public void A_zone_is_named_as_people_name_it(string zone, string instant, string text) =>
        Assert.Equal(text, ViewerIn(zone).Minute(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));
}
