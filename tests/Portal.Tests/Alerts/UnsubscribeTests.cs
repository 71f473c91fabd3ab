using System.Net;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Alerts;
using Portal.Terms;
using Portal.Tests.SignIn;

namespace Portal.Tests.Alerts;

/// <summary>The links in mails: whoever holds one turns off that kind of that account, and nobody does anything else.</summary>
public sealed class UnsubscribeTests(PortalOn<SqliteDatabase> portal) : PortalTests<SqliteDatabase>(portal)
{
    [Fact]
    public async Task To_look_changes_nothing_and_to_press_turns_off_this_kind_alone()
    {
        var (account, link) = await NewLink(AlertKind.CapUsed);
        using var client = Host.NewClient();

        using var page = await client.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("no more e-mail of the kind “Shares of your cap”", await Html(page), StringComparison.Ordinal);
        Assert.Empty(await NoMail(account));

        using var done = await client.PostAsync(link, null);
        Assert.Contains("E-mails of the kind “Shares of your cap” are off.", await Html(done), StringComparison.Ordinal);
        Assert.Equal([AlertKind.CapUsed], await NoMail(account));

        using var again = await client.PostAsync(link, null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal([AlertKind.CapUsed], await NoMail(account));
    }

    [Fact]
    public async Task A_mail_server_does_it_with_one_click()
    {
        var (account, link) = await NewLink(AlertKind.Refused);
        using var client = Host.NewClient();
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await client.PostAsync(link, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal([AlertKind.Refused], await NoMail(account));
    }

    [Fact]
    public async Task A_link_that_Portal_did_not_make_does_nothing_and_says_so()
    {
        var (account, link) = await NewLink(AlertKind.Refused);
        var token = link.AbsolutePath["/unsubscribe/".Length..];
        string[] wrong = [token[..^1], token + "A", token[1..], "x", $"{account} Refused", "..%2F..%2Fetc", new string('A', 3_000), "%00", "CfDJ8", "%F0%9F%92%A9", "<script>alert(1)</script>"];
        using var client = Host.NewClient();
        foreach (var bad in wrong)
        {
            var address = new Uri($"/unsubscribe/{(bad.Contains('%', StringComparison.Ordinal) ? bad : Uri.EscapeDataString(bad))}", UriKind.Relative);
            using var looked = await client.GetAsync(address);
            using var pressed = await client.PostAsync(address, null);
            Assert.True(looked.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{bad}: {looked.StatusCode}");
            Assert.True(pressed.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{bad}: {pressed.StatusCode}");
            Assert.DoesNotContain("alert(1)", await looked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Empty(await NoMail(account));
    }

    [Fact]
    public async Task No_other_site_can_have_a_browser_press_it()
    {
        var (account, link) = await NewLink(AlertKind.Refused);
        using var client = Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, link) { Headers = { { "Origin", "https://elsewhere.example" } } };
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(await NoMail(account));
    }

    private static async Task<string> Html(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    private async Task<(string Account, Uri Link)> NewLink(AlertKind kind)
    {
        await Host.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        var account = $"unsubscribe-{kind}-{Guid.NewGuid():n}"[..32].ToLowerInvariant();
        await Host.Services.GetRequiredService<AccountDoor>().Submit(new PutAccount(account, (await Host.Find(await Host.NewSubscriber())).Id, "pro", null, AccountStatus.Open, Actor.Key("test")));
        return (account, new Uri(Host.Services.GetRequiredService<UnsubscribeLinks>().To(account, kind)));
    }

    private async Task<IReadOnlyList<AlertKind>> NoMail(string account)
    {
        await using var db = Database.Open();
        return (await db.Set<Account>().AsNoTracking().SingleAsync(a => a.Key == account)).AlertChoices.NoMail;
    }
}
