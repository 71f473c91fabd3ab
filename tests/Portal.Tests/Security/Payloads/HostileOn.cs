using System.Text.Json.Nodes;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Keys;
using Portal.SignIn;
using Portal.SignIn.Passkeys;
using Portal.Terms;
using Portal.Tests.SignIn;

namespace Portal.Tests.Security.Payloads;

/// <summary>A provider and a subscriber whose every name and text is an attack on whoever shows it: on a page, or in a spreadsheet.</summary>
public sealed class HostileOn : PortalOn<SqliteDatabase>, IAsyncLifetime
{
    public const string Account = "-hostile-";
    public const string Model = "=cmd|'/C calc'!A0<x-xss onmouseover=alert(1)>model-key";
    public const string Surface = "@SUM(1)<x-xss onmouseover=alert(1)>surface";

    /// <summary>What each text ends with, by which a test knows it again.</summary>
    public static IReadOnlyList<string> Marks { get; } = ["plan-name", "model-name", "promotion", "surface", "app", "reason", "token", "email", "passkey", "dispute"];

    private static readonly string _email = $"\"{Tag}email\"@example.com".Replace(' ', '/');

    private const string Tag = "<x-xss onmouseover=alert(1)>";

    private static readonly byte[] _credential = [1, 2, 3];

    public static string PasskeyId => Passkey.IdOf(_credential);

    /// <summary>A browser in which the subscriber is signed in.</summary>
    public FormClient Browser { get; private set; } = null!;

    public string GatewayKey { get; private set; } = "";

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await LoadTerms();
        GatewayKey = (await Host.Services.GetRequiredService<GatewayKeys>().Create("hostile", KeyScopes.All)).Secret;
        var owner = await NewOwner();
        await Fill(owner);
        Browser = new FormClient(Host.Address) { UserAgent = "Mozilla/5.0 (Linux) Firefox/1 (x-xss; onmouseover=alert)" };
        Assert.Equal(System.Net.HttpStatusCode.Found, (await Browser.SignIn(_email, People.Password)).Status);
    }

    public new async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await base.DisposeAsync();
    }

    private async Task<Actor> NewOwner()
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
        var user = await invitations.FindOrCreate(_email, Roles.Subscriber);
        Assert.True((await invitations.Accept(user, People.Password)).Succeeded);
        return Actor.User(user.Id);
    }

    private async Task Fill(Actor owner)
    {
        var (door, gateway) = (Host.Services.GetRequiredService<AccountDoor>(), Actor.Key("hostile"));
        await door.Submit(new PutAccount(Account, owner.UserId!, "pro", null, AccountStatus.Open, gateway));
        await door.Submit(new ClaimCredit(Account, owner));
        await door.Submit(new TurnOnExtraUsage(Account, Money.FromDollars(5), "I agree.", owner));
        var now = Host.Services.GetRequiredService<Clock>().Now;
        await door.Submit(new GrantGoodwill(Account, Guid.CreateVersion7(), Money.FromDollars(1), now.AddDays(9), $"=1+1{Tag}reason", "T-1", Actor.User((await Host.Find(await Host.NewUser(Roles.Support))).Id)));
        foreach (var (model, dollars) in new[] { (Model, 20L), (Model, 3L), ("claude-sonnet-5-5", 1L) })
        {
            Assert.IsType<EventAnswer.Recorded>(await door.Submit(new RecordUsage(
                Account, "test", $"{model.Length}-{dollars}", null, model, Surface, $"+1{Tag}app", new Usage { OutputTokens = dollars * 100_000 }, null, gateway)));
        }
        Assert.IsType<AuthorizeAnswer.Refused>(await door.Submit(new Authorize(
            Account, new AuthorizationRequest("hostile", Model, Surface, $"-1{Tag}app", new Usage { OutputTokens = 10_000_000 }, 900), gateway)));
        Assert.IsType<DisputeOutcome.Disputed>(await door.Submit(new DisputeCharge(Account, 1, $"=1+1{Tag}dispute", owner)));
        await using (var db = Database.Open())
        {
            db.UserPasskeys.Add(new Passkey { UserId = owner.UserId!, CredentialId = _credential, Data = new IdentityPasskeyData { Name = $"{Tag}passkey", PublicKey = [1], AttestationObject = [1], ClientDataJson = [1] } });
            await db.SaveChangesAsync();
        }
        Assert.IsType<MakeTokenOutcome.Made>(await Host.Services.GetRequiredService<PersonalTokens>().Make(Account, $"{Tag}token", 30, owner));
    }

    private async Task LoadTerms()
    {
        using var folder = new TemporaryFolder();
        var demo = Path.Combine(AppContext.BaseDirectory, "Demo", "Terms");
        var plans = Read("plans.json");
        plans["plans"]![0]!["name"] = $"{Tag}plan-name";
        var cards = Read("rate-card.json");
        foreach (var version in cards["versions"]!.AsArray())
        {
            var hostile = version!["models"]!.AsArray().Single(m => (string?)m!["model"] == "claude-sonnet-5-5")!.DeepClone();
            (hostile["model"], hostile["name"]) = (Model, $"{Tag}model-name");
            version["models"]!.AsArray().Add(hostile);
        }
        var programme = Read("programme.json");
        programme["surfaces"]!.AsArray().Add(new JsonObject { ["from"] = "2026-01-01T00:00:00Z", ["surface"] = Surface, ["pool"] = "programmatic" });
        programme["promotions"] = new JsonArray(new JsonObject
        {
            ["from"] = "2020-01-01T00:00:00Z",
            ["to"] = "2099-01-01T00:00:00Z",
            ["name"] = $"@{Tag}promotion",
            ["percent"] = "20",
            ["models"] = new JsonArray(Model),
            ["plans"] = new JsonArray("pro"),
        });
        foreach (var (name, document) in new[] { ("plans.json", plans), ("rate-card.json", cards), ("programme.json", programme) })
        {
            await File.WriteAllTextAsync(folder.File(name), document.ToJsonString());
        }
        await Host.Services.GetRequiredService<TermsLoader>().Load(folder.Path);

        JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(demo, name)))!;
    }
}
