using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.Browser;

public sealed class Leaving(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task Someone_takes_their_data_along_reads_what_it_costs_and_leaves_for_good()
    {
        var owner = await NewOwnerWithExtraUsage(capDollars: 20);
        var page = await SignedIn(owner.Email);
        await page.GotoAsync("/profile");
        await page.GetByRole(AriaRole.Link, new() { Name = "My data" }).ClickAsync();
        await page.GetByLabel("Your present password").FillAsync("not my password");
        await Button(page, "Download my data").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was downloaded.");

        await page.GetByLabel("Your present password").FillAsync(Demo.DemoAccounts.Password);
        var download = await page.RunAndWaitForDownloadAsync(() => Button(page, "Download my data").ClickAsync());

        Assert.Matches(@"^my-data-\d{4}-\d\d-\d\d\.json$", download.SuggestedFilename);
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        Assert.Equal(owner.Account, file.RootElement.GetProperty("accounts")[0].GetProperty("account").GetString());

        await page.GetByRole(AriaRole.Link, new() { Name = "Leave" }).ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("Credit that is lost");
        await page.GetByLabel("Your present password").FillAsync(Demo.DemoAccounts.Password);
        await page.GetByLabel($"Type {owner.Email} or {owner.Account} to confirm").FillAsync(owner.Account);
        await Button(page, "Close my account and forget me").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You have left.");

        await SignIn(page, owner.Email, Demo.DemoAccounts.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You are not signed in.");
    }
}
