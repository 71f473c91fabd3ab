using System.Globalization;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>Support puts it right: goodwill with a second person, a dispute to its correction, an incident of 500 charges.</summary>
public sealed class Supporting(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task Goodwill_above_the_limit_waits_until_a_second_person_approves_and_the_subscriber_has_it()
    {
        var owner = await NewOwner();
        var sam = await SignedIn("support@example.com");
        await sam.GotoAsync($"/support/accounts/{owner.Account}");
        await Expect(Content(sam)).ToContainTextAsync("waits for you to claim it");
        await Interactive(sam);
        await sam.GetByLabel("Amount").FillAsync("40");
        await sam.GetByLabel("Reason").FillAsync("For the outage of Monday.");
        await sam.GetByLabel("Ticket").FillAsync("T-41");
        await Button(sam, "Ask for $40.00").DblClickAsync();
        await Expect(Content(sam)).ToContainTextAsync("$40.00 waits for a second person.");

        var robin = await SignedIn("support2@example.com");
        await Open(robin, "/support/approvals");
        var card = robin.GetByRole(AriaRole.Region, new() { Name = $"$40.00 of goodwill for {owner.Account}" });
        await Expect(card).ToHaveCountAsync(1);
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve $40.00" }).DblClickAsync();
        await Expect(Content(robin)).ToContainTextAsync($"$40.00 of goodwill credit is given to {owner.Account}.");

        // The colleague's page moves by itself, and so does nothing else: it was given once.
        await Expect(Content(sam)).ToContainTextAsync("Given: For the outage of Monday.");
        var subscriber = await SignedIn(owner.Email);
        await subscriber.GotoAsync("/history?kind=credit");
        await Expect(subscriber.GetByText("Goodwill credit")).ToHaveCountAsync(1);
        await Expect(Content(subscriber)).ToContainTextAsync("For the outage of Monday.");
    }

    [Fact]
    public async Task A_dispute_is_taken_and_ends_with_its_correction_and_the_subscriber_sees_each_step()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 300_000 });
        var charge = $"{owner.Account}.c1";
        var subscriber = await SignedIn(owner.Email);
        await subscriber.GotoAsync($"/history/{charge}");
        await Button(subscriber, "Dispute this charge").ClickAsync();
        await subscriber.GetByLabel("What is wrong with it?").FillAsync("No job of mine ran at that time.");
        await Button(subscriber, "Dispute $3.00").ClickAsync();
        await Expect(Content(subscriber)).ToContainTextAsync("Waiting for support");

        var sam = await SignedIn("support@example.com");
        await sam.GotoAsync("/support/disputes");
        await Button(sam, $"Take {charge}").ClickAsync();
        await Expect(Content(subscriber)).ToContainTextAsync("Support is looking into it");
        var desk = sam.GetByRole(AriaRole.Region, new() { Name = charge });
        await desk.GetByRole(AriaRole.Button, new() { Name = "Reverse it" }).ClickAsync();
        await desk.GetByLabel("Why is it reversed?").FillAsync("The gateway mixed up two accounts.");
        await desk.GetByLabel("Ticket").FillAsync("T-42");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Reverse $3.00" }).ClickAsync();
        await Expect(Content(sam)).ToContainTextAsync($"Charge {charge} is reversed.");

        await Expect(Content(subscriber)).ToContainTextAsync("Corrected: the charge was reversed");
        await Expect(Content(subscriber)).ToContainTextAsync("The gateway mixed up two accounts.");
        await subscriber.GotoAsync("/alerts");
        await Expect(Content(subscriber)).ToContainTextAsync("Your dispute was upheld: $3.00 came back");
    }

    [Fact]
    public async Task The_500_charges_of_an_incident_are_reversed_with_one_approval()
    {
        var owner = await NewOwnerWithExtraUsage(500);
        for (var batch = 0; batch < 5; batch++)
        {
            var events = Enumerable.Range(0, 100).Select(i => new
            {
                specversion = "1.0",
                type = "ai.usage",
                source = owner.Account,
                id = $"{batch}-{i}",
                subject = owner.Account,
                data = new { model = "claude-sonnet-5-5", surface = "ci_action", app = owner.Account, output_tokens = 40_000 },
            });
            using var answer = await Call(Host, "/v1/events", events, "application/cloudevents-batch+json");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        var today = DateTime.UtcNow.Date;
        var sam = await SignedIn("support@example.com");
        await Open(sam, "/support/corrections");
        await sam.GetByLabel("Recorded from (UTC)").FillAsync(Local(today.AddDays(-1)));
        await sam.GetByLabel("until (UTC)").FillAsync(Local(today.AddDays(2)));
        await sam.GetByLabel("App (empty: all)").FillAsync(owner.Account);
        await Button(sam, "Find the charges").ClickAsync();
        await Expect(Content(sam)).ToContainTextAsync("500 charges in 1 account: $200.00 at API rates: $20.00 credit, $180.00 extra usage, $0.00 uncollected.");
        await sam.GetByLabel("Reason").FillAsync("A job of ours ran in a loop.");
        await sam.GetByLabel("Ticket").FillAsync("INC-9");
        await Button(sam, "Reverse 500 charges, $200.00").ClickAsync();
        await Expect(Content(sam)).ToContainTextAsync("It waits for a second person.");
        await sam.GetByRole(AriaRole.Link, new() { Name = "Open the correction" }).ClickAsync();
        await Expect(Content(sam)).ToContainTextAsync("Waits for a second person.");

        var robin = await SignedIn("support2@example.com");
        await robin.GotoAsync("/support/approvals");
        await robin.GetByRole(AriaRole.Region, new() { Name = "Reverse 500 charges, $200.00" }).GetByRole(AriaRole.Button, new() { Name = "Approve $200.00" }).ClickAsync();
        await Expect(Content(robin)).ToContainTextAsync("The charges are being reversed.");

        await Expect(sam.Locator("dl", new() { HasText = "Finished" })).ToContainTextAsync("500");
        await Expect(Content(sam)).ToContainTextAsync("Done.");
    }

    private static string Local(DateTime moment) => moment.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
