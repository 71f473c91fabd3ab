using Bunit;
using Ledger;
using Microsoft.Data.Sqlite;
using Portal.Accounts;
using Portal.Plan;
using Portal.Tests.Accounts;
using Portal.Tests.Ui;

namespace Portal.Tests.Plan;

/// <summary>How a comparison runs on its page: in the background, telling how far it is, until it is done, stopped or left.</summary>
public sealed class PlanComparisonTests : UiTest
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly PlanTerms Pro = new("pro", Start.AddYears(-1), "Pro", Money.FromDollars(20), Money.FromDollars(20), true, Money.FromDollars(2000), true);

    private readonly TaskCompletionSource<IReadOnlyList<ComparedPlan>> work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ComparedBehaviour> asked = [];
    private IProgress<ReplayProgress>? progress;
    private CancellationToken cancel;

    [Fact]
    public async Task It_says_how_far_it_is_and_then_what_came_out()
    {
        var page = Page();
        var press = page.Button("Compare the plans").ClickAsync(new());
        page.Shows("[role=status]", "Reading your requests");
        Assert.NotNull(page.Find("progress").GetAttribute("aria-label"));
        await Eventually.Holds(() => progress is not null);
        progress!.Report(new ReplayProgress(0, 3_000));
        page.Shows("[role=status]", "3,000 steps replayed");
        work.SetResult([new ComparedPlan(Pro, true, [Told(0, 20, 0), Told(1, 27, 41)])]);
        await press;
        page.Shows(".compared p", "The plans are compared.");
        page.Shows(".compared:last-child", "On Pro, your plan, your last 2 periods would have cost $20.00 to $27.00 a month, $47.00 in all; 41 requests would have been refused.");
        Assert.Empty(page.FindAll("progress"));
        Assert.Equal(new ComparedBehaviour(ReplayedExtraUsage.AsItWas, null), Assert.Single(asked));
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to()
    {
        var page = Page();
        var press = page.Button("Compare the plans").ClickAsync(new());
        await Eventually.Holds(() => progress is not null);
        await page.Button("Stop comparing").ClickAsync(new());
        await press;
        page.Shows(".notice", "Stopped. Nothing was changed.");
        Assert.True(cancel.IsCancellationRequested);
        Assert.NotNull(page.Button("Compare the plans"));
    }

    [Fact]
    public async Task It_stops_when_the_page_is_left()
    {
        var page = Page();
        _ = page.Button("Compare the plans").ClickAsync(new());
        await Eventually.Holds(() => progress is not null);
        page.Instance.Dispose();
        Assert.True(cancel.IsCancellationRequested);
    }

    [Fact]
    public async Task A_database_that_is_away_is_no_end_of_the_page()
    {
        var page = Page();
        work.SetException(new SqliteException("away", 5));
        await page.Button("Compare the plans").ClickAsync(new());
        page.Shows("[role=alert]", "We couldn't compare the plans.");
        page.Shows("[role=alert]", "Nothing was changed.");
    }

    [Theory]
    [InlineData(1, ReplayedExtraUsage.Off, null)]
    [InlineData(2, ReplayedExtraUsage.On, 50L)]
    public async Task The_viewer_says_how_extra_usage_would_have_been(int choice, ReplayedExtraUsage extra, long? cap)
    {
        var page = Page();
        await page.FindAll("input[type=radio]")[choice].ChangeAsync(new());
        work.SetResult([]);
        await page.Button("Compare the plans").ClickAsync(new());
        Assert.Equal(new ComparedBehaviour(extra, cap is { } dollars ? Money.FromDollars(dollars) : null), Assert.Single(asked));
    }

    [Fact]
    public async Task Another_cap_is_typed_and_has_to_be_one()
    {
        var page = Page();
        await page.FindAll("input[type=radio]")[3].ChangeAsync(new());
        await page.Button("Compare the plans").ClickAsync(new());
        Assert.Empty(asked);
        page.Shows(".field-error", "Enter an amount in dollars");
        await page.Type("Another cap of each period", "75");
        work.SetResult([]);
        await page.Button("Compare the plans").ClickAsync(new());
        Assert.Equal(new ComparedBehaviour(ReplayedExtraUsage.On, Money.FromDollars(75)), Assert.Single(asked));
    }

    [Fact]
    public void Without_a_cap_of_ones_own_it_is_not_offered() => Assert.Equal(3, Page(cap: null).FindAll("input[type=radio]").Count);

    private IRenderedComponent<PlanComparison> Page(long? cap = 50)
    {
        var figures = new PlanFigures(
            "anna", Start, Period.Of(Start, 0), false, Start, null, null, [new PlanOption(Pro, true, false, null, [])], cap is { } dollars ? Money.FromDollars(dollars) : null,
            new ProgrammeState(new ProgrammePhase(Start, ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod), null, null), 2);
        return Render<PlanComparison>(p => p.Add(c => c.Figures, figures).Add(c => c.Compare, Run));
    }

    private Task<IReadOnlyList<ComparedPlan>> Run(ComparedBehaviour behaviour, IProgress<ReplayProgress> reports, CancellationToken told)
    {
        asked.Add(behaviour);
        cancel = told;
        told.Register(() => work.TrySetCanceled(told));
        progress = reports;
        return work.Task;
    }

    private static ReplayedPeriod Told(int index, long total, long refused) => new(
        Period.Of(Start.AddMonths(-2), index), "pro", Money.FromDollars(20), Money.FromDollars(20), Money.FromDollars(20), Money.Zero, Money.FromDollars(total - 20), Money.Zero, Money.Zero,
        new ReplayedRequests(9, 0, refused, 0, 0, 0), true);
}
