using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;

namespace Portal.Browser;

/// <summary>A personal token's life: made, copied, used by a script, revoked.</summary>
public sealed class UsingTokens(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    [Fact]
    public async Task A_token_is_made_copied_used_and_revoked()
    {
        var owner = await NewOwner();
        var page = await SignedIn(owner.Email, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await Expect(Button(page, "Claim $20.00")).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tokens" }).ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("Your tokens will stand here");

        await Expect(Button(page, "Make token")).ToBeEnabledAsync();
        await page.GetByLabel("Name").FillAsync("nightly report");
        await page.GetByLabel("Counts for").SelectOptionAsync("30 days");
        await page.GetByLabel("Name").PressAsync("Enter");
        await HasFocus(page.GetByRole(AriaRole.Heading, new() { Name = "Copy “nightly report” now" }));
        await Button(page, "Copy call").ClickAsync();
        await Expect(page.GetByText("Copied.")).ToHaveCountAsync(1);
        var call = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await Button(page, "Copy token").ClickAsync();
        await Expect(page.GetByText("Copied.")).ToHaveCountAsync(2);
        var secret = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        Assert.Equal($"curl -H 'Authorization: Bearer {secret}' {new Uri(Host.Address, "/v1/balance")}", call);
        Assert.Equal(HttpStatusCode.OK, await Use(secret));

        await Button(page, "I have it, hide it").ClickAsync();
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);
        await page.ReloadAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "nightly report" });
        await Expect(row).ToContainTextAsync(secret[^4..]);
        await Expect(row).Not.ToContainTextAsync("never");
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);

        var revoke = row.GetByRole(AriaRole.Button, new() { Name = "Revoke nightly report" });
        await Expect(revoke).ToBeEnabledAsync();
        await revoke.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("are refused at once, and this cannot be taken back");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke nightly report" }).ClickAsync();
        await Expect(row).ToContainTextAsync("revoked");
        await HasFocus(page.GetByRole(AriaRole.Status));
        Assert.Equal(HttpStatusCode.Unauthorized, await Use(secret));
    }

    private async Task<HttpStatusCode> Use(string secret)
    {
        using var client = Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await client.GetAsync(new Uri("/v1/balance", UriKind.Relative));
        return answer.StatusCode;
    }
}
