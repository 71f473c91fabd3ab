using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn.OpenIdConnect;

/// <summary>An application with a provider that can be made to misbehave, and whose second factor it trusts.</summary>
public sealed class TokenFaultOn : SignInOn<SqliteDatabase>, IAsyncLifetime
{
    public FakeProvider Provider { get; } = new();

    protected override HostOptions Options => base.Options with
    {
        Settings = new Dictionary<string, string>(base.Options.Settings)
        {
            ["Portal:SignIn:OpenIdConnect:Authority"] = Provider.Address,
            ["Portal:SignIn:OpenIdConnect:ClientId"] = "portal",
            ["Portal:SignIn:OpenIdConnect:ClientSecret"] = "the-secret-of-portal",
            ["Portal:SignIn:OpenIdConnect:DisplayName"] = "Acme Login",
            ["Portal:SignIn:OpenIdConnect:TrustsItsSecondFactor"] = "true",
            ["Logging:LogLevel:Microsoft.AspNetCore.Authentication"] = "None",
        },
    };

    public new async ValueTask InitializeAsync()
    {
        await Provider.Start();
        await base.InitializeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

/// <summary>An ID token counts if it is signed by the provider, for Portal, now, and for this very sign-in; else nothing happens but a page that says so.</summary>
public sealed class TokenFaultTests(TokenFaultOn portal) : SignInSteps<SqliteDatabase>(portal), IClassFixture<TokenFaultOn>
{
    [Theory]
    [InlineData(TokenFault.OtherNonce)]
    [InlineData(TokenFault.NoNonce)]
    [InlineData(TokenFault.OtherAudience)]
    [InlineData(TokenFault.OtherIssuer)]
    [InlineData(TokenFault.OtherKey)]
    [InlineData(TokenFault.NotSigned)]
    [InlineData(TokenFault.Expired)]
    [InlineData(TokenFault.NoToken)]
    [InlineData(TokenFault.Outage)]
    public async Task A_wrong_token_signs_nobody_in(TokenFault fault)
    {
        var (email, subject) = await NewLinked();
        using var browser = new FormClient(Host.Address);
        var before = await Rows<AuditRecord>(_ => true);

        var answer = await Come(browser, subject, fault);

        Assert.Equal("/sign-in/provider/failed?why=refused", answer.Path);
        Assert.Equal("/sign-in", (await browser.Get("/profile")).Path!.Split('?')[0]);
        Assert.Equal(before.Count, (await Rows<AuditRecord>(_ => true)).Count);
        Assert.Empty(await Sessions(email));
        Assert.Contains("What came back from there", (await browser.Get(answer.Path!)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_token_signs_in()
    {
        var (email, subject) = await NewLinked();
        using var browser = new FormClient(Host.Address);

        Assert.Equal("/", (await Come(browser, subject)).Path);
        Assert.False(Assert.Single(await Sessions(email)).PassedSecondFactor);
    }

    [Fact]
    public async Task A_second_factor_that_the_provider_asked_for_is_not_asked_for_again_where_it_is_trusted()
    {
        var (email, subject) = await NewLinked(withApp: true);
        using var browser = new FormClient(Host.Address);

        Assert.Equal("/", (await Come(browser, subject, secondFactor: true)).Path);
        var session = Assert.Single(await Sessions(email));
        Assert.Equal((true, "Acme Login"), (session.PassedSecondFactor, session.Method));
    }

    [Fact]
    public async Task Without_one_there_it_is_asked_for_here()
    {
        var (email, subject) = await NewLinked(withApp: true);
        using var browser = new FormClient(Host.Address);

        Assert.Equal("/sign-in/two-factor", (await Come(browser, subject)).Path);
        Assert.Empty(await Sessions(email));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_said_to_be_and_the_password_still_works()
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await using var without = PortalHost.Start(database, new HostOptions
        {
            Settings = new Dictionary<string, string>
            {
                ["Portal:SignIn:OpenIdConnect:Authority"] = "http://127.0.0.1:1",
                ["Portal:SignIn:OpenIdConnect:ClientId"] = "portal",
                ["Portal:SignIn:OpenIdConnect:ClientSecret"] = "the-secret-of-portal",
                ["Portal:SignIn:OpenIdConnect:DisplayName"] = "Acme Login",
            },
        });
        using var browser = new FormClient(without.Address);
        var page = await browser.Get("/sign-in");

        var answer = await browser.Post("/sign-in/provider", ("__RequestVerificationToken", FormClient.Token(page)), ("returnUrl", ""));

        Assert.Equal("/sign-in/provider/failed?why=down", answer.Path);
        Assert.Contains("It does not answer right now.", (await browser.Get(answer.Path!)).Html, StringComparison.Ordinal);
        Assert.Equal("/", (await browser.SignIn(await without.NewSubscriber(), People.Password)).Path);
    }

    [Fact]
    public async Task Where_no_provider_is_set_nothing_speaks_of_one()
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await using var without = PortalHost.Start(database);
        using var browser = new FormClient(without.Address);

        Assert.DoesNotContain("/sign-in/provider", (await browser.Get("/sign-in")).Html, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await browser.Get("/sign-in/provider/callback?code=a&state=b")).Status);
        await browser.SignIn(await without.NewSubscriber(), People.Password);
        Assert.DoesNotContain("/profile/sign-in-with", (await browser.Get("/profile")).Html, StringComparison.Ordinal);
    }

    private async Task<Answer> Come(FormClient browser, string subject, TokenFault fault = TokenFault.None, bool secondFactor = false)
    {
        portal.Provider.Fault = fault;
        return await ProviderWay.Back(browser, portal.Provider.SignIn(await ProviderWay.There(browser), subject, secondFactor));
    }

    private async Task<(string Email, string Subject)> NewLinked(bool withApp = false)
    {
        var (email, subject) = (await Host.NewSubscriber(), $"subject-{Guid.NewGuid():n}");
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByEmailAsync(email))!;
        Assert.True((await users.AddLoginAsync(user, new UserLoginInfo(portal.Provider.Address, subject, "Acme Login"))).Succeeded);
        if (withApp)
        {
            await scope.ServiceProvider.GiveApp(user);
        }

        return (email, subject);
    }

    private async Task<List<SignInSession>> Sessions(string email)
    {
        var id = (await Host.Find(email)).Id;
        return await Rows<SignInSession>(session => session.UserId == id);
    }
}
