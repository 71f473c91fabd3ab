using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class ConfirmDialogTests : UiTest
{
    private readonly IRenderedComponent<MudDialogProvider> stage;
    private NoticeText? answer;
    private Exception? failure;
    private Task<NoticeText?>? slow;
    private int confirmed;
    private bool open = true;

    public ConfirmDialogTests() => stage = Render<MudDialogProvider>();

    [Fact]
    public async Task It_closes_when_the_change_is_saved()
    {
        await Ask();
        Assert.Equal("Turn extra usage on?", stage.Find("h2").TextContent);
        await Press("Turn on with $25.00 cap");
        Assert.Equal(1, confirmed);
        Assert.False(open);
    }

    [Fact]
    public async Task A_refusal_is_shown_inside_and_it_stays_open()
    {
        answer = new NoticeText(NoticeKind.Refused, "The cap is above your plan's largest.", Money: "Nothing was changed.");
        await Ask();
        await Press("Turn on with $25.00 cap");
        Assert.True(open);
        stage.WaitForAssertion(() => Assert.Contains("Nothing was changed.", stage.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_changes_nothing()
    {
        await Ask();
        await Press("Cancel");
        Assert.Equal(0, confirmed);
        Assert.False(open);
    }

    [Fact]
    public async Task A_failure_goes_to_the_pages_boundary_and_not_to_the_circuit()
    {
        failure = new InvalidOperationException("The database was away.");
        var page = await Ask();
        await Press("Turn on with $25.00 cap");
        page.WaitForAssertion(() => Assert.Contains("This page could not be shown", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_it_saves_it_cannot_be_cancelled_and_saves_once()
    {
        var saving = new TaskCompletionSource<NoticeText?>();
        slow = saving.Task;
        await Ask();
        var first = Press("Turn on with $25.00 cap");
        var second = stage.Find("[data-saving]").ClickAsync(new());
        await Press("Cancel");
        Assert.True(open);
        saving.SetResult(null);
        await first;
        await second;
        Assert.Equal(1, confirmed);
        Assert.False(open);
    }

    private async Task<IRenderedComponent<PageErrorBoundary>> Ask()
    {
        var page = Render<PageErrorBoundary>(p => p.AddChildContent<ConfirmDialog>(d => d
            .Bind(c => c.Open, open, now => open = now)
            .Add(c => c.Title, "Turn extra usage on?")
            .Add(c => c.Action, "Turn on with $25.00 cap")
            .Add(c => c.Confirm, Confirm)));
        await stage.WaitForElementAsync("button");
        return page;
    }

    private Task<NoticeText?> Confirm()
    {
        confirmed++;
        return slow ?? (failure is null ? Task.FromResult(answer) : Task.FromException<NoticeText?>(failure));
    }

    private Task Press(string name) => stage.FindAll("button").Single(button => button.TextContent.Trim() == name).ClickAsync(new());
}
