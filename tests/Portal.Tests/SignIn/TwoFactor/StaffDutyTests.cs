using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.Sessions;

namespace Portal.Tests.SignIn.TwoFactor;

public sealed class StaffDutyOnSqlite(SignInOn<SqliteDatabase> portal) : StaffDutyTests<SqliteDatabase>(portal);

public sealed class StaffDutyOnPostgres(SignInOn<PostgresDatabase> portal) : StaffDutyTests<PostgresDatabase>(portal);

/// <summary>Without a second factor nobody is staff, wherever roles count.</summary>
public abstract class StaffDutyTests<TDatabase>(SignInOn<TDatabase> portal) : TwoFactorTest<TDatabase>(portal)
    where TDatabase : TestDatabase, new()
{
    [Theory]
    [InlineData(Roles.Support)]
    [InlineData(Roles.Admin)]
    public async Task Without_one_a_staff_role_counts_nowhere_and_the_sign_in_leads_to_where_it_is_got(string role)
    {
        var email = await StaffWithPasswordOnly(role);
        var browser = NewBrowser();

        var answer = await browser.SignIn(email, People.Password);

        Assert.Equal(Profile, answer.Path);
        Assert.Contains($"Your role {role} does not count yet.", (await browser.Get(Profile)).Html, StringComparison.Ordinal);
        Assert.Contains($"Your role {role} does not count in this sign-in.", (await browser.Get("/sign-in/denied")).Html, StringComparison.Ordinal);
        var counts = await Counts(email);
        Assert.DoesNotContain(role, counts.Pages);
        Assert.DoesNotContain(role, counts.Door);
        Assert.DoesNotContain(role, counts.Policies);
    }

    [Fact]
    public async Task With_an_app_it_counts_everywhere_from_then_on()
    {
        var email = await StaffWithPasswordOnly(Roles.Support);
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);

        await TurnOn(browser);

        Assert.DoesNotContain("does not count", (await browser.Get(Profile)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("does not count", (await browser.Get("/sign-in/denied")).Html, StringComparison.Ordinal);
        var counts = await Counts(email);
        Assert.Contains(Roles.Support, counts.Pages);
        Assert.Contains(Roles.Support, counts.Door);
        Assert.Contains(Roles.Support, counts.Policies);
    }

    [Fact]
    public async Task Other_roles_are_not_touched()
    {
        var email = await StaffWithPasswordOnly(Roles.Support);
        await WithUsers(email, (users, user) => users.AddToRoleAsync(user, Roles.Subscriber));

        var counts = await Counts(email);

        Assert.Equal([Roles.Subscriber], counts.Pages);
        Assert.Equal([Roles.Subscriber], counts.Door);
        Assert.Equal([Roles.Subscriber], counts.Policies);
    }

    [Fact]
    public async Task A_sign_in_that_passed_no_second_factor_makes_nobody_staff_even_if_they_have_one()
    {
        var email = await Host.NewUser(Roles.Support);

        var (without, with) = (await Counts(email, passed: false), await Counts(email));

        Assert.All([without.Pages, without.Door, without.Policies], Assert.Empty);
        Assert.All([with.Pages, with.Door, with.Policies], roles => Assert.Equal([Roles.Support], roles));
    }

    [Fact]
    public async Task Staff_cannot_turn_their_last_one_off()
    {
        var email = await StaffWithPasswordOnly(Roles.Admin);
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        var (app, _) = await TurnOn(browser);
        NextStep();

        var answer = await browser.Submit(Profile, "turn-off", ("Off.Password", People.Password), ("Off.Code", app.Code()));

        Assert.Contains("Staff need a second factor, and this is your only one.", answer.Html, StringComparison.Ordinal);
        Assert.True((await Host.Find(email)).TwoFactorEnabled);
    }

    [Fact]
    public async Task No_device_of_staff_is_remembered()
    {
        var email = await StaffWithPasswordOnly(Roles.Support);
        var browser = NewBrowser();
        await browser.SignIn(email, People.Password);
        var (app, _) = await TurnOn(browser);
        NextStep();
        var step = await AtSecondStep(email);

        Assert.DoesNotContain("RememberDevice", (await step.Get("/sign-in/two-factor")).Html, StringComparison.Ordinal);
        await step.Submit("/sign-in/two-factor", "code", ("Input.Code", app.Code()), ("Input.RememberDevice", "true"));

        Assert.Equal("/sign-in/two-factor", (await step.SignIn(email, People.Password)).Path);
    }

    [Fact]
    public async Task A_device_that_was_remembered_before_they_were_staff_is_asked_again()
    {
        var person = await TurnedOn();
        var browser = await AtSecondStep(person.Email);
        await browser.Submit("/sign-in/two-factor", "code", ("Input.Code", person.App.Code()), ("Input.RememberDevice", "true"));

        await WithUsers(person.Email, (users, user) => users.AddToRoleAsync(user, Roles.Support));

        Assert.Equal("/sign-in/two-factor", (await browser.SignIn(person.Email, People.Password)).Path);
    }

    [Fact]
    public async Task The_demos_staff_may_do_without_in_Development_and_nowhere_else()
    {
        const string email = "admin@example.com";
        await using var production = PortalHost.Start(Database, new HostOptions
        {
            Environment = "Production",
            Time = Time,
            Settings = new Dictionary<string, string> { ["Portal:TrustedProxies:0"] = "127.0.0.1", ["Portal:Door:SweepSeconds"] = "2592000" },
        });
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            // After the start, which refuses a database that has one.
            var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
            Assert.True((await invitations.Accept(await invitations.FindOrCreate(email, Roles.Admin), People.Password)).Succeeded);
        }

        var here = await Counts(Host, email, passed: true);
        var there = await Counts(production, email, passed: true);

        Assert.All([here.Pages, here.Door, here.Policies], roles => Assert.Equal([Roles.Admin], roles));
        Assert.All([there.Pages, there.Door, there.Policies], Assert.Empty);
        Assert.Equal("/", (await NewBrowser().SignIn(email, People.Password)).Path);
    }

    private async Task<string> StaffWithPasswordOnly(string role)
    {
        var email = await Host.NewUser(role, password: null);
        await WithUsers(email, (users, user) => users.AddPasswordAsync(user, People.Password));
        return email;
    }

    private async Task WithUsers(string email, Func<UserManager<User>, User, Task<IdentityResult>> change)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        Assert.True((await change(users, (await users.FindByEmailAsync(email))!)).Succeeded);
    }

    private Task<Roll> Counts(string email, bool passed = true) => Counts(Host, email, passed);

    /// <summary>The roles of a person as pages, the door and policies see them, in a new session.</summary>
    private static async Task<Roll> Counts(PortalHost host, string email, bool passed)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var user = (await services.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!;
        var session = await NewSession(services, user, passed);
        var principal = await services.GetRequiredService<SignInManager<User>>().CreateUserPrincipalAsync(user);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(SignInSession.Claim, session));
        var pages = (await services.GetRequiredService<Viewer>().Who(principal))!.Roles;
        var door = await services.GetRequiredService<AccountDoor>().Submit(new AskForRoles(Actor.User(user.Id, session: session)));
        var policies = await services.GetRequiredService<IClaimsTransformation>().TransformAsync(principal);
        return new Roll([.. pages.Order()], [.. door.Order()], [.. Roles.All.Where(policies.IsInRole).Order()]);
    }

    private static async Task<string> NewSession(IServiceProvider services, User user, bool passed)
    {
        var db = services.GetRequiredService<PortalDb>();
        var session = await services.GetRequiredService<SessionBook>().Open(db, user, remembered: false, "test", "");
        session.PassedSecondFactor = passed;
        await db.SaveChangesAsync();
        return session.Id;
    }

    private sealed record Roll(string[] Pages, string[] Door, string[] Policies);

    /// <summary>A command that tells what a command learns of who gives it.</summary>
    private sealed record AskForRoles(Actor By) : Command<IReadOnlyCollection<string>>
    {
        internal override string Line => "roles";

        internal override void Needs(Needs needs) => needs.Add(By);

        internal override IReadOnlyCollection<string> Outcome(Batch batch) => batch.RolesOf(By);
    }
}
