using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Demo;
using Portal.SignIn;

namespace Portal.Browser;

/// <summary>Passkeys, with an authenticator that Chromium plays.</summary>
public sealed class SigningInWithAPasskey(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    /// <summary>Browsers bind passkeys to names, not to numbers.</summary>
    protected override Uri Address => ByName(Host.Address);

    [Fact]
    public async Task They_add_one_sign_out_sign_in_with_it_rename_it_and_remove_it()
    {
        var email = (await NewOwner()).Email;
        var page = await SignedIn(email);
        await WithDevice(page);
        await page.GotoAsync("/profile");
        await page.GetByRole(AriaRole.Link, new() { Name = "Passkeys" }).ClickAsync();

        await Add(page, "My laptop");

        await Expect(Content(page).GetByRole(AriaRole.Status)).ToContainTextAsync("The passkey is added.");
        await Expect(Content(page)).ToContainTextAsync("never used yet");
        await SignOut(page, email);
        await page.GotoAsync("/sign-in?returnUrl=%2Fcredit");
        await Button(page, "Sign in with a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Credit", Level = 1 })).ToBeVisibleAsync();

        await page.GotoAsync("/profile/passkeys");
        await Expect(Content(page)).ToContainTextAsync("last used");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change My laptop" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Old laptop");
        await Button(page, "Rename").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Old laptop", Level = 1 })).ToBeVisibleAsync();
        await page.GetByLabel("Your password").FillAsync(DemoAccounts.Password);
        await Button(page, "Remove this passkey").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("The passkey is removed");

        await SignOut(page, email);
        await Button(page, "Sign in with a passkey").ClickAsync();
        await Expect(Content(page).GetByRole(AriaRole.Alert)).ToContainTextAsync("We do not know this passkey");
    }

    [Fact]
    public async Task What_goes_wrong_at_the_device_is_said_in_a_sentence_and_tried_again_in_place()
    {
        var email = (await NewOwner()).Email;
        var page = await SignedIn(email);
        var device = await WithDevice(page);
        await page.GotoAsync("/profile/passkeys");
        await page.GetByLabel("Your password").FillAsync("not the password at all");
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("This is not your password.");

        await Verifies(device, false);
        await page.GetByLabel("Your password").FillAsync(DemoAccounts.Password);
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("No passkey was added. You cancelled, it took too long, or the device could not do it.");

        await Verifies(device, true);
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(Content(page).GetByRole(AriaRole.Status)).ToContainTextAsync("The passkey is added.");
        await page.GetByLabel("Your password").FillAsync(DemoAccounts.Password);
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("This device has a passkey for you here already.");

        await SignOut(page, email);
        await Verifies(device, false);
        await Button(page, "Sign in with a passkey").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("You are not signed in. You cancelled, it took too long, or this device has no passkey of yours.");
    }

    [Fact]
    public async Task An_administrator_meets_the_duty_of_a_second_factor_with_one()
    {
        var email = await NewAdmin();
        var page = await SignedIn(email);
        await WithDevice(page);
        await Expect(Content(page)).ToContainTextAsync("Your role Admin does not count yet.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();

        await Add(page, "Work laptop");

        await page.GotoAsync("/profile");
        await Expect(Content(page).Locator("dd", new() { HasText = "Admin" })).ToBeVisibleAsync();
        await SignOut(page, email);
        await SignIn(page, email, DemoAccounts.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Use your passkey", Level = 1 })).ToBeVisibleAsync();
        await Button(page, "Sign in with a passkey").ClickAsync();
        await Arrived(page, address => !address.Contains("/sign-in", StringComparison.Ordinal));
        await page.GotoAsync("/profile");
        await Expect(Content(page).Locator("dd", new() { HasText = "Admin" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_scripts_the_pages_say_that_passkeys_need_them()
    {
        var page = await NewPage(new() { JavaScriptEnabled = false });

        await page.GotoAsync("/sign-in");

        await Expect(page.Locator("noscript p")).ToContainTextAsync("Passkeys need JavaScript");
        await Expect(Button(page, "Sign in with a passkey")).ToBeHiddenAsync();
        await SignIn(page, (await NewOwner()).Email, DemoAccounts.Password);
        await page.GotoAsync("/profile/passkeys");
        await Expect(page.Locator("noscript p")).ToContainTextAsync("Passkeys need JavaScript");
        await Expect(page.GetByLabel("Your password")).ToBeHiddenAsync();
    }

    internal static Uri ByName(Uri address) => new UriBuilder(address) { Host = "localhost" }.Uri;

    /// <summary>From now on this page's browser has a device that keeps passkeys and knows its owner.</summary>
    internal static async Task<(ICDPSession Browser, string Id)> WithDevice(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return (session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    internal static async Task Add(IPage page, string name)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Your password").FillAsync(DemoAccounts.Password);
        await Button(page, "Add a passkey").ClickAsync();
        await Arrived(page, address => address.Contains("done=added", StringComparison.Ordinal));
    }

    private static async Task Verifies((ICDPSession Browser, string Id) device, bool isVerified) =>
        await device.Browser.SendAsync("WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = device.Id, ["isUserVerified"] = isVerified });

    private async Task<string> NewAdmin()
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { UserName = email, Email = email, EmailConfirmed = true };
        user.PasswordHash = users.PasswordHasher.HashPassword(user, DemoAccounts.Password);
        Assert.True((await users.CreateAsync(user)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, Roles.Admin)).Succeeded);
        return email;
    }

    private static async Task SignOut(IPage page, string email)
    {
        await page.GotoAsync("/profile");
        await page.Locator("summary", new() { HasText = email }).ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out.");
    }
}
