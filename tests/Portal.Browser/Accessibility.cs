using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Accounts;
using Portal.Demo;

namespace Portal.Browser;

/// <summary>What axe finds wrong on the pages, in both themes, on a desk and on a phone: nothing.</summary>
public sealed class Accessibility(DemoPortal portal, ChromiumBrowser browser) : Journey(portal.Host, browser)
{
    private static readonly ColorScheme[] Themes = [ColorScheme.Light, ColorScheme.Dark];
    private static readonly int[] Widths = [1280, 390];

    private readonly List<string> violations = [];

    [Theory]
    [InlineData("pro@example.com")]
    [InlineData("max20x@example.com")]
    [InlineData("capped@example.com")]
    public async Task The_subscribers_pages_have_no_violation(string email)
    {
        var page = await SignedIn(email);
        await page.GotoAsync("/history");
        var charge = await page.Locator("table.history a[href^='/history/']").First.GetAttributeAsync("href");
        await page.GotoAsync("/statements");
        var statement = await page.Locator("tbody a[href^='/statements/']").First.GetAttributeAsync("href");
        string[] pages =
        [
            "/",
            "/usage",
            "/usage?range=90d&by=model",
            "/usage?range=30d&by=app&rows=whole&paid=credit",
            "/credit",
            "/extra-usage",
            "/history",
            charge!,
            "/history/balance",
            "/statements",
            statement!,
            "/plan",
            "/alerts",
            "/keys",
            "/support-access",
        ];
        await Look(page, email, pages);
    }

    [Fact]
    public async Task Finding_and_viewing_as_have_no_violation()
    {
        var page = await SignedIn("support@example.com");
        await Look(page, "support", "/support", "/support?q=demo", "/support?q=nobody-at-all", "/support/view-as/demo-max20x", "/view-as/over");

        await ViewingAs.Begin(page, "demo-max20x");
        await Look(page, "support as max20x@example.com", "/", "/usage", "/credit", "/extra-usage", "/history", "/history/demo-max20x.c1", "/history/balance", "/statements", "/plan", "/alerts", "/support-access", "/view-as/over");
    }

    [Fact]
    public async Task The_pages_of_the_people_and_of_the_audit_have_no_violation() =>
        await Look(await SignedIn("admin@example.com"), "an administrator", "/admin/people", "/admin/audit", "/admin/audit?action=SignIn", "/admin/audit/1");

    [Fact]
    public async Task The_pages_of_prices_have_no_violation()
    {
        var page = await SignedIn("admin@example.com");
        await Look(page, "admin@example.com", "/admin/plans", "/admin/plans/1", "/admin/plans/2", "/admin/rates", "/admin/rates/2", "/admin/rates/3", "/admin/approvals");
    }

    [Fact]
    public async Task A_reversed_charge_and_its_history_have_no_violation()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 2_150_000 });
        await Reverse(owner.Account, 1, "The gateway counted this request twice.");
        var page = await SignedIn(owner.Email);
        await Look(page, "an owner", $"/history/{owner.Account}.c1", "/history");
    }

    [Fact]
    public async Task The_administrators_pages_have_no_violation()
    {
        await Look(await SignedIn("admin@example.com"), "admin@example.com", "/", "/admin/usage", "/admin/programme", "/admin/promotions", "/admin/surfaces", "/admin/gateways", "/admin/health");
    }

    [Fact]
    public async Task The_pages_of_support_have_no_violation()
    {
        var page = await SignedIn("support@example.com");
        await page.GotoAsync("/support/accounts/demo-capped?kind=refusals");
        var refusal = await page.Locator("a[href*='/refusals?id=']").First.GetAttributeAsync("href");
        string[] pages =
        [
            "/support/accounts/demo-max20x",
            "/support/accounts/demo-enterprise?kind=alerts",
            refusal!,
            "/support/accounts/demo-capped/charges/demo-capped.c1",
            "/support/accounts/demo-max20x/compare",
            "/support/approvals",
            "/support/corrections",
            "/support/disputes",
            "/support/disputes?state=decided",
        ];
        await Look(page, "somebody of support", pages);
    }

    [Fact]
    public async Task A_correction_that_waits_and_a_dispute_that_was_answered_have_no_violation()
    {
        var owner = await NewOwnerWithExtraUsage(10);
        await Report(Host, owner.Account, new { output_tokens = 100_000 });
        await Submit(new DisputeCharge(owner.Account, 1, "No job of mine ran at that time.", owner.Actor));
        var support = await Staff("support2@example.com");
        await Submit(new AnswerDispute(owner.Account, 1, "Your nightly job ran until ten.", support));
        var page = await SignedIn("support@example.com");
        await page.GotoAsync($"/support/corrections?charge={owner.Account}.c1");
        await Button(page, "Find the charges").ClickAsync();
        await Expect(Content(page)).ToContainTextAsync("1 charge in 1 account");
        await Run(page, "a correction before it is asked for");
        await page.GetByLabel("Reason").FillAsync("The gateway counted this request twice.");
        await page.GetByLabel("Ticket").FillAsync("INC-10");
        await Button(page, "Reverse 1 charge, $1.00").ClickAsync();
        var path = await page.GetByRole(AriaRole.Link, new() { Name = "Open the correction" }).GetAttributeAsync("href");
        await Look(page, "somebody of support", path!, "/support/disputes?state=decided", "/support/approvals");
    }

    [Fact]
    public async Task The_pages_of_the_profile_have_no_violation()
    {
        await Look(await SignedIn("pro@example.com"), "pro@example.com", "/profile", "/profile/email", "/profile/password", "/profile/two-factor", "/profile/passkeys", "/profile/sessions", "/profile/data", "/profile/leave");
    }

    [Fact]
    public async Task The_pages_of_a_second_factor_have_no_violation()
    {
        var owner = await NewOwner();
        var page = await SignedIn(owner.Email);
        await page.GotoAsync("/profile/two-factor");
        await TwoFactor.TurnOn(page);
        await Run(page, "the recovery codes");
        await Look(page, "someone who has it on", "/profile/two-factor");

        var next = await NewPage();
        await next.GotoAsync("/sign-in");
        await SignIn(next, owner.Email, DemoAccounts.Password);
        await Expect(next.GetByLabel("Code of six digits")).ToBeVisibleAsync();
        await Look(next, "someone at the second step", "/sign-in/two-factor", "/sign-in/recovery");
    }

    [Fact]
    public async Task The_pages_of_passkeys_have_no_violation()
    {
        var byName = SigningInWithAPasskey.ByName(Host.Address);
        AlsoGoesTo.Add(byName.Authority);
        string At(string path) => new Uri(byName, path).ToString();
        var page = await NewPage();
        await page.GotoAsync(At("/sign-in"));
        await SignIn(page, (await NewOwner()).Email, DemoAccounts.Password);
        await page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
        await SigningInWithAPasskey.WithDevice(page);
        await page.GotoAsync(At("/profile/passkeys"));
        await SigningInWithAPasskey.Add(page, "My laptop");
        await Run(page, "a passkey that was just added");
        var one = await page.Locator("a[href^='/profile/passkeys/']").GetAttributeAsync("href");
        await Look(page, "someone who has one", At("/profile/passkeys"), At(one!));

        await page.GotoAsync(At("/profile/passkeys"));
        await page.GetByLabel("Your password").FillAsync("not the password at all");
        await Button(page, "Add a passkey").ClickAsync();
        await Expect(page.GetByText("This is not your password.")).ToBeVisibleAsync();
        await Run(page, "a passkey that was refused");
        NothingWasFound();
    }

    [Fact]
    public async Task The_pages_of_signing_in_with_a_provider_have_no_violation()
    {
        Tools.Require(OpenIdProvider.Missing);
        await using var other = new ProviderPortal();
        await other.InitializeAsync();
        AlsoGoesTo.AddRange([other.Host.Address.Authority, other.Provider.Address.Authority]);
        string At(string path) => new Uri(other.Host.Address, path).ToString();
        var person = await NewOwner(other.Host);
        var page = await NewPage();
        await page.GotoAsync(At("/sign-in"));
        await SigningInWithAProvider.GoThere(page, "somebody");
        await Look(page, "someone whom nobody knows", At("/sign-in"), At("/sign-in/provider/link"), At("/sign-in/provider/failed?why=down"));

        await page.GotoAsync(At("/sign-in/provider/link"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with your password" }).ClickAsync();
        await SignIn(page, person.Email, DemoAccounts.Password);
        await Expect(Button(page, "Link them")).ToBeVisibleAsync();
        await Look(page, "someone who may link", At("/sign-in/provider/link"), At("/profile/sign-in-with"));

        await page.GotoAsync(At("/sign-in/provider/link"));
        await Button(page, "Link them").ClickAsync();
        await Expect(Button(page, "Remove the link")).ToBeVisibleAsync();
        await Look(page, "someone who is linked", At("/profile/sign-in-with?done=linked"));
    }

    [Fact]
    public async Task The_pages_before_sign_in_have_no_violation()
    {
        await Look(await NewPage(), "nobody", "/", "/sign-in", "/sign-in/forgotten", "/sign-in/register", "/sign-in/register/confirm", "/sign-in/locked", "/sign-in/reset", "/sign-in/confirm-email");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task The_dialog_that_turns_extra_usage_on_has_no_violation(ColorScheme theme, int width)
    {
        var page = await SignedIn("pro@example.com", new() { ColorScheme = theme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/extra-usage");
        await Button(page, "Turn on extra usage").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();

        await Run(page, $"the dialog, {theme}, {width} px");

        NothingWasFound();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Compared_plans_and_the_questions_about_a_plan_have_no_violation(ColorScheme theme, int width)
    {
        var page = await SignedIn("max5x@example.com", new() { ColorScheme = theme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/plan");
        await Button(page, "Compare the plans").ClickAsync();
        await Expect(page.Locator(".compared table")).ToHaveCountAsync(3);
        await Run(page, $"/plan with compared plans, {theme}, {width} px");
        foreach (var question in new[] { "Upgrade to Max 20x", "Keep Max 5x", "Cancel your plan" })
        {
            await Button(page, question).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Run(page, $"the question {question}, {theme}, {width} px");
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        }

        NothingWasFound();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_token_that_was_just_made_has_no_violation_nor_has_the_question_before_it_is_revoked(ColorScheme theme, int width)
    {
        var page = await SignedIn((await NewOwner()).Email, new() { ColorScheme = theme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/keys");
        await Expect(Button(page, "Make token")).ToBeEnabledAsync();
        await page.GetByLabel("Name").FillAsync("nightly report");
        await Button(page, "Make token").ClickAsync();
        await Expect(Button(page, "Copy token")).ToBeVisibleAsync();
        await Run(page, $"/keys with a new token, {theme}, {width} px");

        await Button(page, "Revoke nightly report").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Run(page, $"/keys before a token is revoked, {theme}, {width} px");

        NothingWasFound();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 1280)]
    public async Task The_palette_and_the_places_behind_More_have_no_violation(ColorScheme theme, int width)
    {
        var page = await SignedIn("pro@example.com", new() { ColorScheme = theme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await Interactive(page);
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await Run(page, $"the palette, {theme}, {width} px");
        await page.Keyboard.PressAsync("Escape");
        if (width < 768)
        {
            await page.Locator("summary", new() { HasText = "More" }).ClickAsync();
            await Run(page, $"the places behind More, {theme}, {width} px");
        }

        NothingWasFound();
    }

    [Theory]
    [InlineData("light", ColorScheme.Dark)]
    [InlineData("dark", ColorScheme.Light)]
    public async Task A_theme_that_was_chosen_against_the_systems_has_no_violation(string chosen, ColorScheme system)
    {
        var page = await SignedIn("max20x@example.com", new() { ColorScheme = system });
        await page.Context.AddCookiesAsync([new() { Name = "theme", Value = chosen, Url = Host.Address.ToString() }]);
        await page.GotoAsync("/");
        await Expect(page.Locator($"html[data-theme={chosen}]")).ToHaveCountAsync(1);

        await Run(page, $"/ in {chosen}, chosen in the menu");

        NothingWasFound();
    }

    /// <summary>Each page is loaded in each theme, because what is drawn while one becomes the other is neither.</summary>
    private async Task Look(IPage page, string who, params string[] addresses)
    {
        foreach (var theme in Themes)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            foreach (var address in addresses)
            {
                await page.GotoAsync(address);
                await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
                // While a circuit takes the page over, the title is drawn anew.
                await page.WaitForFunctionAsync("() => document.title !== ''");
                foreach (var width in Widths)
                {
                    await page.SetViewportSizeAsync(width, 900);
                    await Run(page, $"{address} of {who}, {theme}, {width} px");
                }
            }
        }

        NothingWasFound();
    }

    private async Task Run(IPage page, string what)
    {
        // Colours that fade in are not the ones that stay.
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().filter(a => a.effect?.getComputedTiming().endTime !== Infinity).map(a => a.finished.catch(() => {})))");
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        violations.AddRange(
            from violation in result.Violations
            let first = violation.Nodes[0]
            select $"{what}: {violation.Id} ({violation.Help}), {violation.Nodes.Length} times, first at {first.Target}: {Short(first.Html)} {string.Join("; ", first.Any.Concat(first.All).Concat(first.None).Select(c => c.Message))}");
    }

    private void NothingWasFound() => Assert.True(violations.Count == 0, string.Join("\n", violations));

    private static string Short(string html) => html.Length <= 200 ? html : html[..200] + "...";
}
