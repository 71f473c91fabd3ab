using Microsoft.AspNetCore.Builder;
using Portal.Data;
using Portal.Settings;

namespace Portal.Tests.Settings;

/// <summary>A wrong setting stops the start with one sentence that names it.</summary>
public sealed class WrongSettings
{
    [Theory]
    [InlineData("Portal:Database:Provider=mysql", "Portal:Database:Provider is 'mysql'; it must be 'sqlite' or 'postgresql'.")]
    [InlineData("Portal:PublicUrl=portal.example.com", "Portal:PublicUrl is 'portal.example.com'; it must be an address like 'https://portal.example.com', or empty.")]
    [InlineData("Portal:TrustedProxies:0=proxy", "Portal:TrustedProxies is 'proxy'; it must list addresses or networks, like '10.0.0.5' or '10.0.0.0/8'.")]
    [InlineData("Portal:Door:QueueCapacity=0", "Portal:Door:QueueCapacity is '0'; it must be from 1 to 10000000.")]
    [InlineData("Portal:Door:QueueCapacityPerAccount=0", "Portal:Door:QueueCapacityPerAccount is '0'; it must be from 1 to 10000000.")]
    [InlineData("Portal:Door:LargestBatch=0", "Portal:Door:LargestBatch is '0'; it must be from 1 to 100000.")]
    [InlineData("Portal:Door:Lanes=-1", "Portal:Door:Lanes is '-1'; it must be from 1 to 256.")]
    [InlineData("Portal:Door:SweepSeconds=0", "Portal:Door:SweepSeconds is '0'; it must be from 1 to 2592000.")]
    [InlineData("Portal:Brand:ProviderName= ", "Portal:Brand:ProviderName is ' '; it must be the provider's name.")]
    [InlineData("Portal:Brand:AccentColor=blue", "Portal:Brand:AccentColor is 'blue'; it must be a colour like '#0b57d0', or empty.")]
    [InlineData("Portal:Brand:LogoPath=https://example.com/logo.svg", "Portal:Brand:LogoPath is 'https://example.com/logo.svg'; it must be a file below wwwroot, like 'logo.svg', or empty.")]
    [InlineData("Portal:SignIn:SessionHours=0", "Portal:SignIn:SessionHours is '0'; it must be from 1 to 720.")]
    [InlineData("Portal:SignIn:LongestSessionHours=5", "Portal:SignIn:LongestSessionHours is '5'; it must be from 12 to 720.")]
    [InlineData("Portal:SignIn:LongestRememberedDays=400", "Portal:SignIn:LongestRememberedDays is '400'; it must be from 14 to 365.")]
    [InlineData("Portal:SignIn:TriesPerPerson=0", "Portal:SignIn:TriesPerPerson is '0'; it must be from 1 to 1000000.")]
    [InlineData("Portal:SignIn:FailuresBeforeLockout=1", "Portal:SignIn:FailuresBeforeLockout is '1'; it must be from 3 to 100.")]
    [InlineData("Portal:SignIn:LockoutMinutes=soon", "Portal:SignIn:LockoutMinutes is 'soon'; it must be a whole number.")]
    [InlineData("Portal:SignIn:ResetLinkMinutes=1", "Portal:SignIn:ResetLinkMinutes is '1'; it must be from 5 to 1440.")]
    [InlineData("Portal:SignIn:InvitationLinkDays=90", "Portal:SignIn:InvitationLinkDays is '90'; it must be from 1 to 60.")]
    [InlineData("Portal:SignIn:OpenIdConnect:Authority=login.example.com", "Portal:SignIn:OpenIdConnect:ClientId is ''; Authority, ClientId, ClientSecret and DisplayName must all be set, or none of Portal:SignIn:OpenIdConnect.")]
    [InlineData("Portal:SignIn:OpenIdConnect:TrustsItsSecondFactor=true", "Portal:SignIn:OpenIdConnect:Authority is ''; Authority, ClientId, ClientSecret and DisplayName must all be set, or none of Portal:SignIn:OpenIdConnect.")]
    [InlineData("Portal:SignIn:OpenIdConnect:Secret=x", "Portal:SignIn:OpenIdConnect:Secret is not a setting of Portal; those of Portal:SignIn:OpenIdConnect are Authority, ClientId, ClientSecret, DisplayName, TrustsItsSecondFactor.")]
    [InlineData("Portal:Mail:SmtpPort=70000", "Portal:Mail:SmtpPort is '70000'; it must be from 1 to 65535.")]
    [InlineData("Portal:Mail:SmtpEncryption=ssl", "Portal:Mail:SmtpEncryption is 'ssl'; it must be 'starttls', 'tls' or 'none'.")]
    [InlineData("Portal:Mail:From=", "Portal:Mail:From is ''; it must be a mail address, like 'Portal <portal@example.com>'.")]
    [InlineData("Portal:Demo:GatewayKey=short", "Portal:Demo:GatewayKey is 'short'; it must have 16 characters or more, or be empty.")]
    [InlineData("Portal:Demo:Traffic=yes", "Portal:Demo:Traffic is 'yes'; it must be 'true' or 'false'.")]
    [InlineData("Portal:Mail:Host=x", "Portal:Mail:Host is not a setting of Portal; those of Portal:Mail are SmtpHost, SmtpPort, SmtpEncryption, SmtpUser, SmtpPassword, From.")]
    [InlineData("Urls=localhost", "Urls is 'localhost'; it must list addresses to listen on, like 'http://localhost:5210' or 'https://*:443'.")]
    [InlineData("Urls=http://localhost:0", "Urls is 'http://localhost:0'; it must list addresses to listen on, like 'http://localhost:5210' or 'https://*:443'.")]
    [InlineData("Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default is 'Loud'; it must be one of Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("ConnectionStrings:Portal=", "ConnectionStrings:Portal names no file; with SQLite it must, like 'Data Source=data/portal.db'.")]
    [InlineData("ConnectionStrings:Portal=Data Source=:memory:", "ConnectionStrings:Portal names no file; with SQLite it must, like 'Data Source=data/portal.db'.")]
    public void Is_named_in_one_sentence(string setting, string sentence)
    {
        var wrong = Assert.Throws<WrongSettingException>(() => Start(setting));

        Assert.Equal(sentence, wrong.Message);
    }

    [Theory]
    [InlineData("login.example.com", "Acme", "Authority is 'login.example.com'; it must be an address like 'https://login.example.com', or empty.")]
    [InlineData("https://login.example.com", " ", "DisplayName is ''; Authority, ClientId, ClientSecret and DisplayName must all be set, or none of Portal:SignIn:OpenIdConnect.")]
    [InlineData("https://login.example.com", "The sign-in of all who work at Acme, Inc.", "DisplayName is 'The sign-in of all who work at Acme, Inc.'; it must have 40 characters or fewer.")]
    public void A_provider_to_sign_in_with_is_set_wholly_or_not_at_all(string authority, string name, string sentence)
    {
        const string section = "Portal:SignIn:OpenIdConnect:";

        var wrong = Assert.Throws<WrongSettingException>(() => Start($"{section}Authority={authority}", $"{section}ClientId=portal", $"{section}ClientSecret=secret", $"{section}DisplayName={name}"));

        Assert.Equal(section + sentence, wrong.Message);
    }

    [Fact]
    public void Outside_development_nobody_may_speak_in_the_providers_place()
    {
        var wrong = Assert.Throws<WrongSettingException>(new OpenIdConnectSettings { Authority = "http://login.example.com" }.CheckOutsideDevelopment);

        Assert.Equal("Portal:SignIn:OpenIdConnect:Authority is 'http://login.example.com'; outside Development it must be an https address.", wrong.Message);
        new OpenIdConnectSettings { Authority = "https://login.example.com" }.CheckOutsideDevelopment();
        new OpenIdConnectSettings().CheckOutsideDevelopment();
    }

    [Theory]
    [InlineData("Data Source=data/portal.db")]
    [InlineData("Host=localhost")]
    [InlineData("nonsense")]
    public void Postgresql_needs_a_connection_string_of_postgresql(string connection)
    {
        var wrong = Assert.Throws<WrongSettingException>(() => Start("Portal:Database:Provider=postgresql", $"ConnectionStrings:Portal={connection}"));

        Assert.StartsWith("ConnectionStrings:Portal must name a Host and a Database when Portal:Database:Provider is 'postgresql'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_too()
    {
        var builder = Builder("Portal:Database:Provider=postgresql", "ConnectionStrings:Portal=Host=127.0.0.1;Port=1;Database=portal");
        builder.AddData(builder.AddSettings());
        await using var app = builder.Build();

        var wrong = await Assert.ThrowsAsync<WrongSettingException>(() => app.MigrateDatabase());

        Assert.StartsWith("ConnectionStrings:Portal leads to no usable database:", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_the_process_with_code_1_and_no_stack_trace()
    {
        var ended = await PortalCommand.Run("--Portal:Database:Provider=mysql");

        Assert.Equal(1, ended.Code);
        Assert.Equal("Portal:Database:Provider is 'mysql'; it must be 'sqlite' or 'postgresql'.", ended.Output.Trim());
    }

    private static void Start(params string[] settings)
    {
        var builder = Builder(settings);
        builder.AddData(builder.AddSettings());
    }

    private static WebApplicationBuilder Builder(params string[] settings) =>
        SettingsSetup.CreateBuilder([$"--contentRoot={Repository.Root}", .. settings.Select(setting => $"--{setting}")]);
}
