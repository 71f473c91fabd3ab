using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Keys;
using Portal.Mail;
using Portal.Settings;
using Portal.SignIn;
using Portal.Tests.Accounts;

namespace Portal.Tests.Keys;

/// <summary>The page of personal tokens in its states.</summary>
public sealed class KeysPageTests : PagesTest
{
    private readonly Outage outage = new();

    private PersonalTokens Tokens => Of<PersonalTokens>();

    [Fact]
    public void Without_tokens_it_says_what_will_stand_there()
    {
        var page = Render<KeysPage>();
        page.Shows(".pagehead-sentence", "It changes nothing, and it claims nothing.");
        page.Shows(".empty", "Your tokens will stand here");
        Assert.Equal(["30 days", "90 days", "365 days"], page.FindAll("option").Select(o => o.TextContent));
    }

    [Fact]
    public async Task A_new_token_shows_its_secret_once_beside_the_call_that_uses_it()
    {
        var page = Render<KeysPage>();
        await MakeOn(page, "nightly report", 30);
        page.Shows("[role=status]", "The token “nightly report” is made.");
        var secret = page.Find("#token-secret").TextContent;
        Assert.False(KeyFormat.IsMistyped(secret));
        Assert.StartsWith("portal_pt_", secret, StringComparison.Ordinal);
        Assert.Equal($"curl -H 'Authorization: Bearer {secret}' http://localhost/v1/balance", page.Find("#token-call").TextContent);
        Assert.Equal(["token-secret", "token-call"], page.FindAll("[data-copy]").Select(b => b.GetAttribute("data-copy")));
        Assert.Equal("anna", (await Of<KeyRing>().Find(secret))!.Account);
        Assert.Equal("", page.Field("Name").GetAttribute("value") ?? "");
        page.Shows("tbody tr", $"nightly report {secret[^4..]}");
        page.Shows("tbody tr", "never");

        await page.Button("I have it, hide it").ClickAsync(new());
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Render<KeysPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nameless_token_is_answered_at_the_field()
    {
        var page = Render<KeysPage>();
        page.WaitForElement("input");
        await page.Button("Make token").ClickAsync(new());
        page.Shows(".field-error", "Give it a name, so that you know it again.");
        Assert.Equal("true", page.Field("Name").GetAttribute("aria-invalid"));
        Assert.Empty((await Tokens.Read("anna")).Tokens);
    }

    [Fact]
    public async Task A_full_account_says_so_before_the_press()
    {
        for (var i = 0; i < 10; i++)
        {
            await Make($"t{i}");
        }
        var page = Render<KeysPage>();
        page.Shows(".form-actions", "You have 10 tokens, as many as an account may. Revoke one first.");
        Assert.Equal("true", page.Button("Make token").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task What_filled_up_meanwhile_is_refused_with_the_way_out()
    {
        var page = Render<KeysPage>();
        page.WaitForElement("input");
        // On another instance, which this page has not heard of.
        var elsewhere = TokensOf(new AccountFeed());
        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<MakeTokenOutcome.Made>(await elsewhere.Make("anna", $"t{i}", 30, Owner));
        }
        await MakeOn(page, "late", 30);
        page.Shows("[role=alert]", "An account has at most 10 tokens, and yours has as many.");
        page.Shows("[role=alert]", "Revoke one that you no longer need, then make this one.");
        Assert.Equal("late", page.Find("#token-name").GetAttribute("value"));
        Assert.Equal(10, (await Tokens.Read("anna")).Tokens.Count);
    }

    [Fact]
    public async Task Revoking_asks_first_and_then_says_what_was_done()
    {
        var made = await Make("old laptop");
        var page = Render<KeysPage>();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        page.WaitForElement("tbody tr");
        await page.Find("tbody button").ClickAsync(new());
        dialogs.WaitForAssertion(() => Assert.Contains("Scripts that use the token ending in", dialogs.Markup, StringComparison.Ordinal));
        Assert.NotNull(await Of<KeyRing>().Find(made.Secret));

        await dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Revoke old laptop").ClickAsync(new());
        page.Shows("[role=status]", "“old laptop” is revoked.");
        page.Shows("tbody tr", "revoked Nov 23");
        Assert.Empty(page.FindAll("tbody button"));
        Assert.Null(await Of<KeyRing>().Find(made.Secret));
    }

    [Fact]
    public async Task An_expired_token_says_so_and_has_no_button()
    {
        await Make("short");
        Time.Leap(TimeSpan.FromDays(31));
        var page = Render<KeysPage>();
        page.Shows("tbody tr", "expired Dec 23");
        Assert.Empty(page.FindAll("tbody button"));
    }

    [Fact]
    public async Task A_token_made_elsewhere_appears_by_itself()
    {
        var page = Render<KeysPage>();
        page.Shows(".empty", "Your tokens will stand here");
        await Make("from another window");
        page.Shows("tbody tr", "from another window");
    }

    [Fact]
    public async Task Who_is_the_owner_no_more_is_refused()
    {
        var page = Render<KeysPage>();
        page.WaitForElement("input");
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            await db.Set<IdentityUserRole<string>>().ExecuteDeleteAsync();
        }
        await MakeOn(page, "mine no more", 30);
        page.Shows("[role=alert]", "We couldn't make the token. Only the account's owner may change it");
        page.Shows("[role=alert]", "Nothing was changed.");
    }

    [Fact]
    public async Task When_the_database_is_away_it_says_what_is_not_known()
    {
        var page = Render<KeysPage>();
        page.WaitForElement("input");
        outage.IsOn = true;
        await MakeOn(page, "during an outage", 30);
        page.Shows("[role=alert]", "We couldn't make the token.");
        page.Shows("[role=alert]", "It was saved whole or not at all; we cannot see which until the database answers.");
    }

    [Fact]
    public async Task When_the_database_is_away_for_a_moment_it_says_what_is_true()
    {
        await Make("before");
        var page = Render<KeysPage>();
        page.WaitForElement("tbody tr");
        outage.Next = 1;
        await MakeOn(page, "during a hiccup", 30);
        page.Shows("[role=alert]", "We couldn't make the token.");
        page.Shows("[role=alert]", "One token counts now.");
    }

    [Fact]
    public void Until_it_is_known_who_looks_it_shows_its_shape() => ShowsItsShape(typeof(KeysPage), "Loading your tokens");

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KeyRing>().AddSingleton<Mailer>().AddSingleton<Links>();
        builder.AddPersonalTokens();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(new PortalSettings());
        Services.AddSingleton(_ => TokensOf(Of<AccountFeed>()));
    }

    private PersonalTokens TokensOf(AccountFeed feed) => new(
        new Breakable(Of<IDbContextFactory<PortalDb>>(), outage), Of<KeyRing>(), feed, Of<Mailer>(), Of<Links>(), Of<StaffDuty>(), Of<Clock>(), new PortalSettings());

    private async Task<MakeTokenOutcome.Made> Make(string name) => Assert.IsType<MakeTokenOutcome.Made>(await Tokens.Make("anna", name, 30, Owner));

    private static async Task MakeOn(IRenderedComponent<KeysPage> page, string name, int days)
    {
        page.WaitForElement("#token-name");
        await page.Find("#token-name").InputAsync(new ChangeEventArgs { Value = name });
        await page.Find("#token-days").ChangeAsync(new ChangeEventArgs { Value = $"{days}" });
        await page.Button("Make token").ClickAsync(new());
    }
}
