using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Alerts;
using Portal.Credit;
using Portal.SignIn.ViewAs;
using Portal.Ui;

namespace Portal.Tests.Ui;

/// <summary>Where nothing can be changed every control that would change something is disabled and says why; the banner says whom, why, and how long.</summary>
public sealed class ReadOnlyTests : UiTest
{
    private static readonly ReadOnly Closed = new("Only the subscriber can change this.");

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_button_that_changes_something_is_disabled_and_says_why()
    {
        var button = Render<ActionButton>(p => p.AddCascadingValue(Closed).Add(c => c.Text, "Claim $20.00")).Find("button");
        Assert.True(button.HasAttribute("disabled"));
        Assert.Equal((Closed.Why, ReadOnly.Id), (button.GetAttribute("title"), button.GetAttribute("aria-describedby")));
    }

    [Fact]
    public void A_button_that_only_computes_is_not() =>
        Assert.False(Render<ActionButton>(p => p.AddCascadingValue(Closed).Add(c => c.Text, "Compare the plans").Add(c => c.ChangesNothing, true)).Find("button").HasAttribute("disabled"));

    [Fact]
    public void Fields_and_ticks_are_disabled_too()
    {
        Assert.True(Render<MoneyField>(p => p.AddCascadingValue(Closed).Add(c => c.Label, "Cap")).Find("input").HasAttribute("disabled"));
        Assert.True(Render<EveryPeriod>(p => p.AddCascadingValue(Closed).Add(c => c.Save, _ => Task.FromResult(new NoticeText(NoticeKind.Done, "")))).Find("input").HasAttribute("disabled"));
        Assert.All(
            Render<MailChoices>(p => p.AddCascadingValue(Closed).Add(c => c.Choices, AlertChoices.Default).Add(c => c.Save, (_, _) => Task.FromResult(new NoticeText(NoticeKind.Done, "")))).FindAll("input"),
            tick => Assert.Equal(Closed.Why, tick.GetAttribute("title")));
        var percents = Render<ThresholdEditor>(p => p.AddCascadingValue(Closed).Add(c => c.Label, "Percentages").Add(c => c.Action, "Save").Add(c => c.Save, _ => Task.FromResult(new NoticeText(NoticeKind.Done, ""))));
        Assert.All(percents.FindAll("input, button"), control => Assert.True(control.HasAttribute("disabled")));
    }

    [Fact]
    public async Task The_banner_says_whom_and_why_and_counts_down_to_the_end()
    {
        var over = 0;
        var banner = Render<ViewAsBanner>(p => p
            .Add(c => c.Shown, new ViewAsShown("v", "anna", "She asks why it stopped.", "T-7", time.GetUtcNow().AddMinutes(30)))
            .Add(c => c.TimeOver, () => over++));
        Assert.Equal("anna", banner.Find("code").TextContent);
        Assert.Equal("T-7: She asks why it stopped.", banner.Find(".viewas-why").TextContent);
        Assert.Equal("30:00", banner.Find("[role=timer]").TextContent);
        Assert.Equal("/view-as/end", banner.Find("form").GetAttribute("action"));

        time.Advance(TimeSpan.FromSeconds(1));
        banner.WaitForAssertion(() => Assert.Equal("29:59", banner.Find("[role=timer]").TextContent));
        time.Advance(TimeSpan.FromMinutes(29) + TimeSpan.FromSeconds(58));
        banner.WaitForAssertion(() => Assert.Equal("0:01", banner.Find("[role=timer]").TextContent));
        Assert.Equal(0, over);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(() => over == 1);
    }

    protected override void LendServices()
    {
        Services.AddSingleton<TimeProvider>(_ => time);
        Services.AddSingleton(_ => new Clock(time));
    }
}
