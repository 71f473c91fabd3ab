using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Portal.SignIn;

namespace Portal.Tests.SignIn.Passkeys;

public sealed class HostilePasskeysOnSqlite(SignInOn<SqliteDatabase> portal) : HostilePasskeyTests<SqliteDatabase>(portal);

public sealed class HostilePasskeysOnPostgres(SignInOn<PostgresDatabase> portal) : HostilePasskeyTests<PostgresDatabase>(portal);

/// <summary>What a device, a browser or a thief of requests sends that is not right signs nobody in and adds nothing.</summary>
public abstract class HostilePasskeyTests<TDatabase>(SignInOn<TDatabase> portal) : PasskeyTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task An_answer_that_signed_in_signs_nobody_in_again_even_with_its_cookies()
    {
        var (_, _, device) = await WithPasskey();
        var browser = NewBrowser();
        var answer = device.Get(await AskToSignIn(browser));
        var (thief, thiefsOther) = (CopyOf(browser), CopyOf(browser));

        IsIn(await SendShown(browser, answer));

        IsRefused(await SendShown(thief, answer));
        IsRefused(await SendShown(thiefsOther, device.Get(Challenge(answer))));
    }

    [Fact]
    public async Task Of_two_requests_with_one_answer_at_once_one_signs_in()
    {
        var (_, _, device) = await WithPasskey();
        var browser = NewBrowser();
        var answer = device.Get(await AskToSignIn(browser));
        var copies = Enumerable.Range(0, 4).Select(_ => CopyOf(browser)).ToList();

        var answers = await Task.WhenAll(copies.Select(copy => SendShown(copy, answer)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Found);
    }

    [Fact]
    public async Task An_answer_to_no_challenge_of_this_browser_signs_nobody_in()
    {
        var (_, _, device) = await WithPasskey();
        var answer = device.Get(await AskToSignIn(NewBrowser()));

        IsRefused(await SendShown(NewBrowser(), answer));
        var other = NewBrowser();
        await AskToSignIn(other);
        IsRefused(await SendShown(other, answer));
        IsRefused(await SendShown(other, ""));
        IsRefused(await SendShown(other, "{}"));
        Assert.Equal(HttpStatusCode.OK, (await other.Get("/sign-in/two-factor")).Status);
    }

    [Fact]
    public async Task An_answer_after_more_than_five_minutes_is_too_late()
    {
        var (email, browser, device) = await WithPasskey();
        var late = NewBrowser();
        var shown = device.Get(await AskToSignIn(late));
        var another = NewDevice();
        var made = another.Create((await AskToAdd(browser)).Html);

        Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        IsRefused(await SendShown(late, shown));
        IsNotAdded(await SendMade(browser, made));
        Assert.Single(await PasskeysOf(email));
    }

    [Fact]
    public async Task Somebody_elses_credential_signs_nobody_in()
    {
        var (_, _, victims) = await WithPasskey();
        var (_, _, device) = await WithPasskey();
        var own = device.CredentialId;

        device.CredentialId = victims.CredentialId;
        IsRefused(await SignInWith(NewBrowser(), device));
        var browser = NewBrowser();
        var forged = JsonNode.Parse(device.Get(await AskToSignIn(browser)))!;
        forged["response"]!["userHandle"] = JsonNode.Parse(victims.Get(await AskToSignIn(NewBrowser())))!["response"]!["userHandle"]!.GetValue<string>();
        IsRefused(await SendShown(browser, forged.ToJsonString()));

        device.CredentialId = own;
        IsIn(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task A_signature_or_a_signed_byte_that_was_changed_signs_nobody_in()
    {
        var (_, _, device) = await WithPasskey();

        foreach (var field in new[] { "signature", "authenticatorData", "clientDataJSON" })
        {
            var browser = NewBrowser();
            var answer = JsonNode.Parse(device.Get(await AskToSignIn(browser)))!;
            var bytes = WebEncoders.Base64UrlDecode(answer["response"]![field]!.GetValue<string>());
            bytes[^2] ^= 1;
            answer["response"]![field] = WebEncoders.Base64UrlEncode(bytes);
            IsRefused(await SendShown(browser, answer.ToJsonString()));
        }
    }

    [Fact]
    public async Task A_passkey_that_was_used_on_another_site_or_is_bound_to_another_name_signs_nobody_in_and_is_not_added()
    {
        var (_, browser, device) = await WithPasskey();
        var (elsewhere, otherName, otherPort) = (NewDevice(), NewDevice(), NewDevice());
        (elsewhere.Site, otherName.Domain, otherPort.Site) = (new Uri("https://evil.example"), "evil.example", new UriBuilder(Host.Address) { Port = 1 }.Uri);
        foreach (var wrong in new[] { elsewhere, otherName, otherPort })
        {
            IsNotAdded(await Add(browser, wrong));
        }

        device.Site = new Uri("https://evil.example");
        IsRefused(await SignInWith(NewBrowser(), device));
        (device.Site, device.Domain) = (Host.Address, "evil.example");
        IsRefused(await SignInWith(NewBrowser(), device));
        device.Domain = Host.Address.Host;
        IsIn(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task A_device_that_did_not_check_its_owner_signs_nobody_in_and_is_not_added()
    {
        var (_, browser, device) = await WithPasskey();
        var careless = NewDevice();
        careless.ChecksItsOwner = false;
        IsNotAdded(await Add(browser, careless));

        device.ChecksItsOwner = false;
        IsRefused(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task A_device_whose_count_goes_back_is_a_copy_and_signs_nobody_in()
    {
        var (_, browser, _) = await WithPasskey();
        var device = NewDevice();
        device.Count = 5;
        IsAdded(await Add(browser, device));

        IsIn(await SignInWith(NewBrowser(), device));
        device.Count = 3;
        IsRefused(await SignInWith(NewBrowser(), device));
    }

    [Fact]
    public async Task None_is_added_without_the_password_and_where_two_factor_sign_in_is_on_without_a_code()
    {
        var email = await Host.NewSubscriber();
        var browser = Kept(await SignedIn(email));
        var wrong = await AskToAdd(browser, "not the password at all");
        Assert.Equal(("text/plain", "This is not your password."), (wrong.Response.Content.Headers.ContentType!.MediaType, wrong.Html));

        AuthenticatorApp app;
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            app = await scope.ServiceProvider.GiveApp((await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!);
        }

        browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        await browser.Submit("/sign-in/two-factor", "code", ("Input.Code", app.Code()));
        var withoutCode = await AskToAdd(browser);
        Assert.StartsWith("The code is wrong", withoutCode.Html, StringComparison.Ordinal);
        Assert.Equal(1, (await Host.Find(email)).AccessFailedCount);
        Time.Advance(TimeSpan.FromSeconds(30));
        IsAdded(await Add(browser, NewDevice(), code: app.Code()));
    }

    [Fact]
    public async Task What_one_person_asked_for_adds_nothing_to_another_in_the_same_browser()
    {
        var (first, second) = (await Host.NewSubscriber(), await Host.NewSubscriber());
        var browser = Kept(await SignedIn(first));
        var made = NewDevice().Create((await AskToAdd(browser)).Html);
        await browser.Post("/sign-out", ("__RequestVerificationToken", FormClient.Token(await browser.Get("/profile"))));
        await browser.SignIn(second, People.Password);

        IsNotAdded(await SendMade(browser, made));

        Assert.Empty(await PasskeysOf(first));
        Assert.Empty(await PasskeysOf(second));
    }

    [Fact]
    public async Task What_added_a_passkey_adds_it_no_second_time_even_after_it_was_removed()
    {
        var (email, browser, _) = await WithPasskey();
        var device = NewDevice();
        var made = device.Create((await AskToAdd(browser)).Html);
        var copy = CopyOf(browser);
        IsAdded(await SendMade(browser, made));
        IsNotAdded(await SendMade(copy, made));
        var added = (await PasskeysOf(email)).Single(p => p.CredentialId.SequenceEqual(device.CredentialId));
        var afterwards = CopyOf(copy);

        Assert.Equal($"{Profile}?done=removed", (await browser.Submit($"{Profile}/{added.Id}", "remove", ("Input.Password", People.Password))).Path);
        afterwards.Cookies.Add(Renewed(browser));
        await SendMade(afterwards, made);

        Assert.Single(await PasskeysOf(email));
    }

    [Fact]
    public async Task A_passkey_that_is_registered_already_is_added_to_nobody_else()
    {
        var (_, _, device) = await WithPasskey();
        var other = await Host.NewSubscriber();
        var browser = Kept(await SignedIn(other));

        IsNotAdded(await Add(browser, device));

        Assert.Empty(await PasskeysOf(other));
    }

    [Fact]
    public async Task Nobody_sees_renames_or_removes_anothers()
    {
        var (email, _, _) = await WithPasskey();
        var passkey = Assert.Single(await PasskeysOf(email));
        var (_, browser, _) = await WithPasskey();
        var own = await browser.Get(Profile);

        var page = await browser.Get($"{Profile}/{passkey.Id}");
        foreach (var form in new[] { "rename", "remove" })
        {
            await browser.Post($"{Profile}/{passkey.Id}", ("__RequestVerificationToken", FormClient.Token(own)), ("_handler", form), ("NewName", "mine now"), ("Input.Password", People.Password));
        }

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal(passkey.Data.Name, Assert.Single(await PasskeysOf(email)).Data.Name);
    }

    [Fact]
    public async Task Every_post_asks_for_the_token_of_our_own_page()
    {
        var (_, browser, device) = await WithPasskey();
        await AskToAdd(browser);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post("/sign-in/passkey-options")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post($"{Profile}/options", ("Input.Password", People.Password))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post("/sign-in", ("_handler", "passkey"), ("Passkey.Credential", device.Get(await AskToSignIn(browser))))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(Profile, ("_handler", "add"))).Status);
    }

    /// <summary>The challenge of an answer, as it was asked.</summary>
    private static string Challenge(string answer)
    {
        var clientData = WebEncoders.Base64UrlDecode(JsonNode.Parse(answer)!["response"]!["clientDataJSON"]!.GetValue<string>());
        return $$"""{"challenge": "{{JsonNode.Parse(clientData)!["challenge"]!.GetValue<string>()}}"}""";
    }

    /// <summary>The session's cookie as it is now, in the place of an older one.</summary>
    private CookieCollection Renewed(FormClient browser) =>
        [.. browser.Cookies.GetCookies(Host.Address).Where(cookie => cookie.Name == "portal-sign-in")];
}
