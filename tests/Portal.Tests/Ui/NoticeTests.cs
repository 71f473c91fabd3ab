using Bunit;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class NoticeTests : UiTest
{
    [Fact]
    public void It_says_what_why_the_money_what_to_do_and_a_reference_in_that_order()
    {
        var notice = Render<Notice>(p => p
            .Add(c => c.Kind, NoticeKind.Failed)
            .Add(c => c.What, "We couldn't save your cap.")
            .Add(c => c.Why, "The database was away.")
            .Add(c => c.Money, "Nothing was changed; it is still $25.00.")
            .Add(c => c.Do, "Try again.")
            .Add(c => c.Reference, "7f3a"));
        Assert.Equal(
            ["Failed: We couldn't save your cap.", "The database was away.", "Nothing was changed; it is still $25.00.", "Try again.", "ref 7f3a"],
            notice.FindAll("p").Select(line => line.TextContent));
    }

    [Theory]
    [InlineData(NoticeKind.Info, false, null)]
    [InlineData(NoticeKind.Done, true, "status")]
    [InlineData(NoticeKind.Refused, true, "alert")]
    [InlineData(NoticeKind.Failed, true, "alert")]
    public void It_is_read_out_only_when_it_answers_a_person(NoticeKind kind, bool announce, string? role) =>
        Assert.Equal(role, Render<Notice>(p => p.Add(c => c.Kind, kind).Add(c => c.What, "So").Add(c => c.Announce, announce)).Find(".notice").GetAttribute("role"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_can_take_the_focus_only_when_it_answers_a_person(bool announce)
    {
        var notice = Render<Notice>(p => p.Add(c => c.What, "So").Add(c => c.Announce, announce)).Find(".notice");
        Assert.Equal((announce, announce ? "-1" : null), (notice.HasAttribute("data-answer"), notice.GetAttribute("tabindex")));
    }

    [Fact]
    public void An_empty_place_says_what_will_be_there()
    {
        var empty = Render<EmptyState>(p => p.Add(c => c.Title, "Your charges will stand here").AddChildContent("After the first request."));
        Assert.Contains("Your charges will stand here", empty.Markup, StringComparison.Ordinal);
        Assert.Contains("After the first request.", empty.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loading_shape_says_so()
    {
        var shape = Render<LoadingShape>(p => p.Add(c => c.Lines, 2)).Find("[role=status]");
        Assert.Equal("Loading", shape.GetAttribute("aria-label"));
        Assert.Equal(2, shape.ChildElementCount);
    }

    [Fact]
    public void A_stamp_says_as_of_when() =>
        Assert.Equal(
            "As of 14:00:05 CET, moves by itself",
            Render<AsOf>(p => p.Add(c => c.At, new DateTimeOffset(2026, 12, 2, 13, 0, 5, TimeSpan.Zero)).Add(c => c.Live, true)).Find("p").TextContent);
}
