using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class ActionButtonTests : UiTest
{
    [Fact]
    public async Task A_double_click_does_it_once_and_the_button_says_saving()
    {
        var times = 0;
        var done = new TaskCompletionSource();
        var button = Render<ActionButton>(p => p.Add(c => c.Text, "Claim $20.00").Add(c => c.Do, () => { times++; return done.Task; }));

        var first = button.Find("button").ClickAsync(new());
        var second = button.Find("button").ClickAsync(new());
        Assert.Equal("Saving", button.Find("button > span:not([aria-hidden])").TextContent);
        Assert.Equal("Claim $20.00", button.Find("button").GetAttribute("data-saving"));
        Assert.Equal("true", button.Find("button").GetAttribute("aria-disabled"));

        done.SetResult();
        await first;
        await second;
        Assert.Equal(1, times);
        Assert.Equal("Claim $20.00", button.Find("button").TextContent.Trim());
        Assert.False(button.Find("button").HasAttribute("data-saving"));
    }

    [Fact]
    public void Before_the_circuit_stands_it_waits()
    {
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));
        Assert.True(Render<ActionButton>(p => p.Add(c => c.Text, "Claim $20.00")).Find("button").HasAttribute("disabled"));
    }

    [Fact]
    public void A_disabled_one_says_why() =>
        Assert.Equal(
            "Only the owner claims.",
            Render<ActionButton>(p => p.Add(c => c.Text, "Claim").Add(c => c.Disabled, true).Add(c => c.Reason, "Only the owner claims.")).Find("button[disabled]").GetAttribute("title"));

    [Fact]
    public async Task What_its_press_disabled_keeps_the_focus_and_does_nothing()
    {
        var times = 0;
        var button = Render<ActionButton>(p => p.Add(c => c.Text, "Set cap").Add(c => c.Do, () => { times++; }));
        await button.Find("button").ClickAsync(new());
        button.Render(p => p.Add(c => c.Disabled, true));
        await button.Find("button").ClickAsync(new());

        Assert.Equal(("true", 1), (button.Find("button").GetAttribute("aria-disabled"), times));
        Assert.False(button.Find("button").HasAttribute("disabled"), "a browser takes the focus from what is disabled");
    }
}
