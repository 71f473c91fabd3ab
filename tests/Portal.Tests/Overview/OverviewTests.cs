using Bunit;
using Ledger;
using Portal.Accounts;
using Portal.Overview;
using Portal.SignIn;
using Portal.Tests.Accounts;

namespace Portal.Tests.Overview;

public sealed class OverviewTests : PagesTest
{
    [Fact]
    public async Task An_unclaimed_credit_is_claimed_with_one_click_and_the_result_stands_in_place()
    {
        var page = Render<AccountOverview>();
        page.Shows(".pagehead-sentence", "Your $20.00 November credit waits for you to claim it.");
        Assert.Contains("requests are refused", page.Text(".pagehead-sentence"), StringComparison.Ordinal);
        await page.Button("Claim $20.00").ClickAsync(new());
        page.Shows("[role=status]", "Claimed Nov 23.");
        page.Shows(".pagehead-sentence", "You have $20.00 of your $20.00 November credit. What is left is lost in");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.StartsWith("Claim", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_charge_moves_the_open_page()
    {
        await Claim();
        var page = Render<AccountOverview>();
        page.Shows(".pagehead-sentence", "You have $20.00");
        await Use(7);
        page.Shows(".pagehead-sentence", "You have $13.00 of your $20.00");
        await Use(1);
        Time.Advance(Following.Pause);
        page.Shows(".pagehead-sentence", "You have $12.00");
        page.Shows(".activity", "Sonnet 5.5, Headless command");
        page.Shows(".daybars", "Chart");
        Assert.Contains("$8.00 credit", page.Find("[role=img].daybars-area").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_pays_marks_the_step_that_the_next_request_meets()
    {
        await Claim();
        var page = Render<AccountOverview>();
        page.Shows("[aria-current=step]", "Credit");
        page.Shows(".steps-zero", "When your credit runs out, requests stop.");
        await TurnOn(5);
        page.Shows(".steps-zero", "When your credit runs out, requests continue up to $5.00 of extra usage, then stop.");
    }

    [Fact]
    public async Task After_a_cancellation_it_says_when_the_account_closes()
    {
        await Claim();
        await Door.Submit(new CancelPlan("anna", Owner));
        var page = Render<AccountOverview>();
        page.Shows(".notice-warning", "You cancelled your plan.");
        page.Shows(".notice-warning", "The account closes on Dec 23");
        page.Shows(".activity", "Plan cancelled: the account closes when the period ends");
    }

    [Fact]
    public async Task At_the_cap_it_says_so_and_helps_with_the_cap()
    {
        await Claim();
        await TurnOn(1);
        await Use(21);
        var page = Render<AccountOverview>();
        page.Shows(".pagehead-sentence", "Your $1.00 cap is reached: requests are refused until");
        page.Shows("[aria-current=step]", "Nobody: requests stop");
        Assert.Equal("/extra-usage", page.FindAll("a").Single(a => a.TextContent == "Raise the $1.00 cap").GetAttribute("href"));
    }

    [Fact]
    public async Task A_plan_without_credit_and_a_closed_account_have_their_sentences()
    {
        await Put("enterprise-standard", "anna");
        Time.Advance(TimeSpan.FromDays(31));
        var open = Render<AccountOverview>();
        open.Shows(".pagehead-sentence", "has no credit, and extra usage is off");
        open.Shows(".empty", "What programs use will stand here");
        Assert.Empty(open.FindAll(".pace, .daybars"));
        await Put("enterprise-standard", "anna", AccountStatus.Closed);
        var page = Render<AccountOverview>();
        page.Shows(".pagehead-sentence", "This account is closed");
        Assert.Empty(page.FindAll(".button-primary"));
    }

    [Fact]
    public async Task A_programme_that_will_pause_is_announced()
    {
        await AddPhase(5, ProgrammeStatus.Paused);
        Render<AccountOverview>().Shows(".notice-warning", "The credit programme will be paused. From then on programmatic requests are refused. From Nov 28, 13:00 CET.");
    }

    [Fact]
    public async Task A_refusal_in_the_latest_activity_leads_to_its_limits()
    {
        await Refused(1);
        var page = Render<AccountOverview>();
        page.Shows(".activity", "Refused:");
        Assert.Equal("/history?kind=refusals", page.Find(".activity a.history-refused").GetAttribute("href"));
    }

    [Fact]
    public void Whoever_has_no_account_reads_why_there_is_nothing()
    {
        Person.SetAuthorized("nobody@example.org");
        Person.SetClaims();
        Render<AccountOverview>().Shows(".empty", "the provider has not opened an account");
    }

    [Fact]
    public void A_visitor_reads_what_this_is_and_can_sign_in()
    {
        Person.SetNotAuthorized();
        var page = Render<HomePage>();
        Assert.Equal("/sign-in", page.FindAll("a").Single(a => a.TextContent == "Sign in").GetAttribute("href"));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Every_state_has_a_sentence_and_says_what_happens_at_zero(BalanceState state)
    {
        var figures = (await Of<OverviewReader>().Read("anna"))!;
        var shown = figures with { Standing = figures.Standing with { Balance = figures.Balance with { State = state } } };
        Assert.NotEmpty(Render<BalanceSentence>(p => p.Add(c => c.Standing, shown.Standing)).Markup.Trim());
        Assert.NotEmpty(WhoPays.AtZero(shown));
    }

    public static TheoryData<BalanceState> States => [.. Enum.GetValues<BalanceState>()];

    [Fact]
    public async Task Days_that_are_added_up_live_equal_days_that_are_read_anew()
    {
        await Claim();
        var reader = Of<OverviewReader>();
        var first = (await reader.Read("anna"))!;
        await Use(2);
        Time.Advance(TimeSpan.FromDays(2));
        await Use(3);
        var second = await reader.Read("anna", first);
        await Use(4);
        var third = (await reader.Read("anna", second))!;
        Assert.Equal((await reader.Read("anna"))!.Days, third.Days);
        Assert.Equal(Money.FromDollars(9), Money.Sum(third.Days, d => d.Total));
    }

    [Theory]
    [InlineData(0, 0, 30, "less than a minute")]
    [InlineData(0, 1, 59, "1 minute")]
    [InlineData(1, 59, 0, "119 minutes")]
    [InlineData(47, 59, 0, "47 hours")]
    [InlineData(239, 59, 0, "9 days")]
    public void Time_left_is_rounded_down(int hours, int minutes, int seconds, string words) =>
        Assert.Equal(words, TimeLeft.Until(DateTimeOffset.UnixEpoch + new TimeSpan(hours, minutes, seconds), DateTimeOffset.UnixEpoch));
}
