using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.SignIn;

namespace Portal.Browser;

/// <summary>The demo's second of support loses the role in an open page, and gets it back at the end.</summary>
public sealed class TakingARole(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    private const string Support = "support2@example.com";

    [Fact]
    public async Task A_role_that_an_administrator_takes_away_closes_the_page_that_is_open_with_it()
    {
        var theirs = await SignedIn(Support);
        await Interactive(theirs);
        await Expect(Content(theirs)).ToContainTextAsync("You are signed in as Support.");
        var admin = await SignedIn("admin@example.com");
        await admin.GotoAsync("/admin/people");
        try
        {
            await Button(admin, $"Take Support away ({Support})").ClickAsync();
            await admin.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("They moved to another team.");
            await Button(admin, "Take Support away").ClickAsync();
            await Expect(admin.GetByRole(AriaRole.Status)).ToContainTextAsync($"{Support} is no longer Support.");

            await Expect(theirs.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync();
            await Expect(Content(theirs)).ToContainTextAsync("What you may do here was changed.");
        }
        finally
        {
            await using var scope = Host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Invitations>().FindOrCreate(Support, Roles.Support);
        }
    }
}
