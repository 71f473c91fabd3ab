using System.Runtime.CompilerServices;
using Bunit;
using Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Credit;
using Portal.Data;
using Portal.ExtraUsage;
using Portal.History;
using Portal.Overview;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Terms;
using Portal.Tests.Ui;

namespace Portal.Tests.Accounts;

/// <summary>A subscriber's page over a real door and a real SQLite file: Anna, on Pro, with the account "anna"; her clock stands until a test moves it.</summary>
public abstract class PagesTest : UiTest, IAsyncLifetime
{
    private const string Anna = "anna-id";
    private const string Stamp = "stamp";

    private readonly SqliteDatabase database = new();
    private WebApplication app = null!;
    private long use;

    protected static Actor Owner { get; } = Actor.User(Anna);

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    protected AccountDoor Door => app.Services.GetRequiredService<AccountDoor>();

    protected T Of<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        await database.Create();
        var builder = SettingsSetup.CreateBuilder(
            [$"--contentRoot={Repository.Root}", "--environment=Development", $"--Portal:Database:Provider={database.Provider}", $"--ConnectionStrings:Portal={database.ConnectionString}"]);
        builder.Logging.ClearProviders();
        var settings = builder.AddSettings();
        builder.AddData(settings);
        builder.AddAccounts(settings);
        builder.AddOverview();
        builder.AddCredit();
        builder.AddExtraUsage();
        builder.AddHistory();
        AddRooms(builder);
        builder.Services.AddSingleton<TimeProvider>(Time);
        app = builder.Build();
        await app.Services.GetRequiredService<TermsLoader>().Load(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms"));
        await Door.StartAsync(default);
        await AddAnna();
        await Put("pro", "anna");
        SignIn(Roles.Subscriber);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await Door.StopAsync(default);
        await base.DisposeAsyncCore();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Adds what a page's room needs besides.</summary>
    protected virtual void AddRooms(WebApplicationBuilder builder)
    {
    }

    protected void SignIn(string role)
    {
        Person.SetAuthorized("anna@example.org");
        Person.SetRoles(role);
        var claims = new ClaimsIdentityOptions();
        Person.SetClaims(new(claims.UserIdClaimType, Anna), new(claims.SecurityStampClaimType, Stamp), new(SignInSession.Claim, "annas-session"));
    }

    protected async Task Put(string plan, string key, AccountStatus status = AccountStatus.Open) =>
        Assert.IsType<PutAnswer.Done>(await Door.Submit(new PutAccount(key, key == "anna" ? Anna : "other", plan, null, status, Actor.Portal)));

    /// <summary>As if everything before the first of December had left with its month.</summary>
    protected async Task Detach()
    {
        await using var db = database.Open();
        db.Add(new Opening("anna", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), 0, 0, new OpeningState(Time.GetUtcNow(), Money.Zero, [], [], [], [])));
        await db.SaveChangesAsync();
    }

    /// <summary>What a page then says of what is older.</summary>
    protected const string InTheArchive = "Single charges and entries from before 1 December 2026 (UTC) are kept in the archive; ask the provider for them.";

    protected Task<ClaimOutcome> Claim() => Door.Submit(new ClaimCredit("anna", Owner));

    protected Task<ExtraUsageOutcome> TurnOn(long dollars) => Door.Submit(new TurnOnExtraUsage("anna", Money.FromDollars(dollars), "I agree.", Owner));

    /// <summary>Programmatic use for so many dollars: 100,000 output tokens of Sonnet 5.5 are one.</summary>
    protected Task<Charge> Use(decimal dollars, string account = "anna", string model = "claude-sonnet-5-5") => Record(dollars, account, model, "headless");

    /// <summary>Included use, which would have cost so many dollars.</summary>
    protected Task<Charge> Chat(decimal dollars) => Record(dollars, "anna", "claude-sonnet-5-5", "chat");

    private async Task<Charge> Record(decimal dollars, string account, string model, string surface) => Assert.IsType<EventAnswer.Recorded>(await Door.Submit(new RecordUsage(
        account, "test", $"use-{++use}", null, model, surface, null, Dollars(dollars), null, Actor.Portal))).Charge;

    protected async Task<Refusal> Refused(long dollars) => Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(new Authorize(
        "anna", new AuthorizationRequest($"ask-{++use}", "claude-sonnet-5-5", "headless", null, Dollars(dollars), 900), Actor.Portal))).Refusal;

    protected async Task Hold(long dollars) => Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(new Authorize(
        "anna", new AuthorizationRequest($"hold-{++use}", "claude-sonnet-5-5", "headless", null, Dollars(dollars), 900), Actor.Portal)));

    private static Usage Dollars(decimal dollars) => new() { OutputTokens = (long)(dollars * 100_000) };

    /// <summary>Somebody of support.</summary>
    protected async Task<Actor> Staff()
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var role = await db.Roles.SingleAsync(r => r.Name == Roles.Support);
        db.Users.Add(new User { Id = "support-id", UserName = "support@example.org", SecurityStamp = Stamp, TwoFactorEnabled = true });
        db.UserRoles.Add(new IdentityUserRole<string> { RoleId = role.Id, UserId = "support-id" });
        await db.SaveChangesAsync();
        return Actor.User("support-id");
    }

    /// <summary>Waits while the clock goes on: a page's looks are some time apart, and its pause begins some time after it has drawn.</summary>
    protected Task Advanced(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "") => Eventually.Holds(
        () =>
        {
            if (holds())
            {
                return true;
            }
            Time.Advance(Following.Pause);
            return false;
        },
        what);

    /// <summary>Until it is known who looks, a page shows the shape of what is coming, says so, and shows nothing of anybody's.</summary>
    protected void ShowsItsShape(Type page, string name)
    {
        Person.SetAuthorizing();
        var drawn = Render(builder =>
        {
            builder.OpenComponent(0, page);
            builder.CloseComponent();
        });
        Assert.Equal(name, drawn.Find("[role=status]").GetAttribute("aria-label"));
        Assert.DoesNotContain("$", drawn.Markup, StringComparison.Ordinal);
    }

    /// <summary>The credit programme changes so many days from now, or changed before now.</summary>
    protected async Task AddPhase(int days, ProgrammeStatus status, ProgrammaticUse use = ProgrammaticUse.Refused)
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(new ProgrammePhase(Time.Start.AddDays(days), status, status == ProgrammeStatus.Active ? ProgrammaticUse.Metered : use, ClaimMode.EachPeriod));
        (await db.Set<TermsRevision>().SingleAsync()).Revision++;
        await db.SaveChangesAsync();
    }

    private async Task AddAnna()
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var role = await db.Roles.SingleAsync(r => r.Name == Roles.Subscriber);
        db.Users.Add(new User { Id = Anna, UserName = "anna@example.org", SecurityStamp = Stamp });
        db.UserRoles.Add(new IdentityUserRole<string> { RoleId = role.Id, UserId = Anna });
        db.Users.Add(new User { Id = "other", UserName = "other@example.org" });
        db.Add(new SignInSession { Id = "annas-session", UserId = Anna, Stamp = Stamp, LastsUntil = Time.Start.AddYears(1), EndsAt = Time.Start.AddYears(1) });
        await db.SaveChangesAsync();
    }

    protected override void LendServices()
    {
        // By factories: this runs before the application is built.
        Lend<AccountDoor>();
        Lend<Following>();
        Lend<HistoryReader>();
        Lend<Clock>();
        Lend<PriceBooks>();
        Lend<OverviewReader>();
        Lend<CreditReader>();
        Lend<ExtraUsageReader>();
        Lend<ChargeReader>();
        Lend<MomentReader>();
        Services.AddScoped(own => new Viewer(
            own.GetRequiredService<AuthenticationStateProvider>(), Of<IDbContextFactory<PortalDb>>(),
            new SessionBook(Of<IDbContextFactory<PortalDb>>(), Of<Clock>(), Of<PortalSettings>()), Of<StaffDuty>(), Of<Clock>()));
    }

    private void Lend<T>() where T : class => Services.AddSingleton(_ => Of<T>());
}
