using Bunit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Credit;
using Portal.Data;
using Portal.Mail;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.SignIn.ViewAs;

/// <summary>Pages that are open while somebody of support views as Anna: what they show goes at once when it is over, and what they would write is refused.</summary>
public sealed class OpenPagesTests : PagesTest
{
    private const string Session = "staff-session";

    private ViewAsBook Book => Of<ViewAsBook>();

    private string Address => Services.GetRequiredService<NavigationManager>().Uri;

    [Fact]
    public async Task It_shows_the_account_under_the_banner_until_the_subscriber_forbids_it()
    {
        await Begin();
        var frame = Frame();
        Assert.Contains("Anna's account", frame.Markup, StringComparison.Ordinal);
        Assert.Equal("anna", frame.Find(".viewas code").TextContent);

        await Door.Submit(new LetSupportLook("anna", false, Owner));

        await IsEmptied(frame);
    }

    [Fact]
    public async Task It_is_emptied_within_a_millisecond_of_its_end()
    {
        Time.AutoAdvanceAmount = TimeSpan.Zero;
        await Begin();
        var frame = Frame();
        Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        Assert.Contains("Anna's account", frame.Markup, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromMilliseconds(2));

        await IsEmptied(frame);
    }

    /// <summary>
    /// What is promised is a second. What the page is told (the end, the subscriber's no) takes none of it, and neither does the time, which the page counts by itself.
    /// What nobody tells is found by a look that comes twice a second: half of it, and the rest is for one query and one drawing.
    /// </summary>
    [Fact]
    public async Task What_nobody_tells_it_is_found_after_half_a_second()
    {
        Time.AutoAdvanceAmount = TimeSpan.Zero;
        await Begin();
        var frame = Frame();
        var time = new HeardTime();
        using var ends = new ViewAsEnds(Book, time, NullLogger<ViewAsEnds>.Instance);
        await ends.StartAsync(default);
        await time.Asked.WaitAsync();
        await TakeRoleAway();
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Contains("Anna's account", frame.Markup, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMilliseconds(1));

        await IsEmptied(frame);
        await ends.StopAsync(default);
    }

    [Fact]
    public async Task It_is_emptied_when_the_role_is_taken_away()
    {
        await Begin();
        var frame = Frame();
        await TakeRoleAway();

        Assert.Equal(1, await Book.EndWhatIsOver());

        await IsEmptied(frame);
    }

    [Fact]
    public async Task A_page_that_was_open_before_it_began_is_loaded_anew()
    {
        await AddSupport();
        SignInAs(Roles.Support);
        var loads = 0;
        Services.GetRequiredService<NavigationManager>().LocationChanged += (_, _) => loads++;
        var frame = Frame();
        Assert.Contains("Anna's account", frame.Markup, StringComparison.Ordinal);

        Assert.IsType<StartOutcome.Started>(await Book.Start("anna", "She asks why it stopped.", "T-7", Actor.User("support-id", session: Session)));

        await Eventually.Holds(() => loads == 1);
    }

    [Fact]
    public async Task A_press_that_comes_through_is_refused_and_says_that_nothing_was_changed()
    {
        await Begin();
        // Without the frame nothing is disabled, as in a browser that was told otherwise.
        var page = Render<CreditPage>();
        page.WaitForElement("button");

        await page.Button("Claim $20.00").ClickAsync(new());

        page.Shows("[role=alert]", "You look with the subscriber's eyes, and only they can change this. Nothing was changed.");
        Assert.IsType<Ledger.ClaimOutcome.Claimed>(await Claim());
    }

    [Fact]
    public async Task An_open_page_of_the_account_shows_nothing_once_it_is_over()
    {
        await Begin();
        var page = Render<CreditPage>();
        page.Shows(".pagehead-sentence", "waits for you to claim it");

        await Book.End(Actor.User("support-id", session: Session));

        page.WaitForAssertion(() => Assert.DoesNotContain("$20.00", page.Markup, StringComparison.Ordinal));
    }

    protected override void AddRooms(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Mailer>().AddSingleton<Links>();
        builder.Services.AddViewAs();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => Of<ViewAsBook>());
        Services.AddSingleton(_ => Of<AccountFeed>());
        Services.AddSingleton<TimeProvider>(_ => Time);
    }

    private IRenderedComponent<ViewAsFrame> Frame() => Render<ViewAsFrame>(p => p.Add(c => c.ChildContent, "<p>Anna's account</p>"));

    private async Task IsEmptied(IRenderedComponent<ViewAsFrame> frame)
    {
        frame.WaitForAssertion(() =>
        {
            Assert.DoesNotContain("Anna's account", frame.Markup, StringComparison.Ordinal);
            Assert.Contains("You no longer view as the subscriber", frame.Markup, StringComparison.Ordinal);
        });
        // It goes there after it was drawn, and draws no more.
        await Eventually.Holds(() => Address.EndsWith("/view-as/over", StringComparison.Ordinal));
    }

    private async Task Begin()
    {
        await AddSupport();
        var started = Assert.IsType<StartOutcome.Started>(await Book.Start("anna", "She asks why it stopped.", "T-7", Actor.User("support-id", session: Session)));
        SignInAs(Roles.Subscriber, started.ViewAs.Id);
    }

    /// <summary>As another program would: nobody tells anybody.</summary>
    private async Task TakeRoleAway()
    {
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        await db.UserRoles.Where(has => has.UserId == "support-id").ExecuteDeleteAsync();
    }

    private async Task AddSupport()
    {
        await Staff();
        await using var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        db.Add(new SignInSession { Id = Session, UserId = "support-id", Stamp = "stamp", PassedSecondFactor = true, LastsUntil = Time.Start.AddYears(1), EndsAt = Time.Start.AddYears(1) });
        await db.SaveChangesAsync();
    }

    private void SignInAs(string role, string? viewAs = null)
    {
        Person.SetAuthorized("support@example.org");
        Person.SetRoles(role);
        var claims = new ClaimsIdentityOptions();
        List<System.Security.Claims.Claim> all = [new(claims.UserIdClaimType, "support-id"), new(SignInSession.Claim, Session)];
        if (viewAs is not null)
        {
            all.Add(new(ViewAsSession.Claim, viewAs));
        }
        Person.SetClaims([.. all]);
    }

    /// <summary>A clock that says when somebody waits for it.</summary>
    private sealed class HeardTime : FakeTimeProvider
    {
        public SemaphoreSlim Asked { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Asked.Release();
            return timer;
        }
    }
}
