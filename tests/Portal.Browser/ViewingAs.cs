using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>Support looks with a subscriber's eyes, seen from both sides.</summary>
public sealed class ViewingAs(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task The_subscriber_sees_the_look_as_it_happens_and_ends_it_by_forbidding()
    {
        var owner = await NewOwner();
        var subscriber = await SignedIn(owner.Email);
        await Open(subscriber, "/support-access");
        var support = await SignedIn("support@example.com");
        await Begin(support, owner);

        await Expect(Content(support)).ToContainTextAsync("$20.00");
        await Interactive(support);
        await Expect(Button(support, "Claim $20.00")).ToBeDisabledAsync();
        await support.GetByRole(AriaRole.Link, new() { Name = "Extra usage", Exact = true }).First.ClickAsync();
        await Expect(Button(support, "Turn on extra usage")).ToBeDisabledAsync();
        await Expect(Content(subscriber)).ToContainTextAsync("is looking at your account now");
        await Expect(Content(subscriber)).ToContainTextAsync("T-1042: The subscriber asks why a request was refused.");
        await Expect(Content(subscriber).Locator(".looks-pages li")).ToHaveCountAsync(2);
        await Expect(Content(subscriber).Locator(".looks-pages li").Last).ToContainTextAsync("Extra usage");

        await Expect(subscriber.GetByRole(AriaRole.Link, new() { Name = "Support is looking" })).ToBeVisibleAsync();

        await Button(subscriber, "Forbid support to look").ClickAsync();

        await Expect(support.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You no longer view as the subscriber");
        await Expect(Content(support)).ToContainTextAsync("the subscriber forbade it");
        await Expect(Content(subscriber)).ToContainTextAsync("you forbade it");
        await Expect(subscriber.GetByRole(AriaRole.Link, new() { Name = "Support is looking" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_other_tabs_of_the_staff_member_follow_and_the_rest_stays_closed()
    {
        var owner = await NewOwner();
        var first = await SignedIn("support@example.com");
        await Open(first, "/support");
        var second = await first.Context.NewPageAsync();
        await Begin(second, owner);

        // It showed what only staff may see; now the session is somebody who looks.
        await Expect(first.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not while you view as the subscriber");
        await second.GotoAsync("/profile/password");
        await Expect(second.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not while you view as the subscriber");
        await Open(second, "/credit");
        await second.GetByRole(AriaRole.Link, new() { Name = "Tokens", Exact = true }).First.ClickAsync();
        await Expect(second.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not while you view as the subscriber");
        await Open(first, "/usage");

        await Button(second, "End view-as").ClickAsync();

        await Expect(Content(second)).ToContainTextAsync("you ended it");
        await Expect(first.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You no longer view as the subscriber");
    }

    internal static async Task Begin(IPage support, string account)
    {
        await support.GotoAsync($"/support/view-as/{account}");
        await support.GetByLabel("Why").FillAsync("The subscriber asks why a request was refused.");
        await support.GetByLabel("Ticket").FillAsync("T-1042");
        await Button(support, $"View as {account}").ClickAsync();
        await Expect(support.GetByRole(AriaRole.Region, new() { Name = "View-as" })).ToContainTextAsync($"You view as the subscriber of {account}.");
    }

    /// <summary>From the search to the first page.</summary>
    private static async Task Begin(IPage support, Owner owner)
    {
        await Open(support, "/support");
        await support.GetByLabel("E-mail address, account key, charge or authorization").FillAsync(owner.Email);
        await Button(support, "Find").ClickAsync();
        await Expect(support.GetByRole(AriaRole.Link, new() { Name = $"View as {owner.Account}" })).ToBeVisibleAsync();
        await Begin(support, owner.Account);
    }
}
