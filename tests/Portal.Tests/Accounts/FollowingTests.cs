using System.Collections.Concurrent;
using Bunit;
using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Overview;

namespace Portal.Tests.Accounts;

/// <summary>How open pages follow an account: together, soon, and never ending with something that is no longer true.</summary>
public sealed class FollowingTests : PagesTest
{
    [Fact]
    public async Task All_that_follow_an_account_read_once_what_they_have_in_common()
    {
        var (reads, shown) = (0, new ConcurrentBag<int>());
        var followers = Enumerable.Range(0, 20).Select(_ => Of<Following>().Follow("anna", Of<Clock>().Now, async turn =>
            shown.Add(await turn.Once("how often", () => Task.FromResult(Interlocked.Increment(ref reads)))))).ToList();
        Of<AccountFeed>().Changed(["anna"]);
        await Eventually.Holds(() => shown.Count == 20);
        Assert.Equal(1, reads);
        Assert.All(shown, read => Assert.Equal(1, read));
        followers.ForEach(follower => follower.Dispose());
    }

    [Fact]
    public async Task A_change_during_the_pause_is_looked_at_after_it_and_many_are_looked_at_once()
    {
        var looks = 0;
        using var follower = Of<Following>().Follow("anna", Of<Clock>().Now, _ => Task.FromResult(Interlocked.Increment(ref looks)));
        Of<AccountFeed>().Changed(["anna"]);
        await Eventually.Holds(() => looks == 1);
        for (var i = 0; i < 100; i++)
        {
            Of<AccountFeed>().Changed(["anna"]);
        }
        Assert.Equal(1, looks);
        await Advanced(() => looks == 2);
        Time.Advance(Following.Pause);
        Assert.Equal(2, looks);
    }

    [Fact]
    public async Task A_page_that_still_looks_takes_the_last_turn_and_keeps_no_other_waiting()
    {
        var (slow, started, looks) = (new TaskCompletionSource(), 0, 0);
        using var hanging = Of<Following>().Follow("anna", Of<Clock>().Now, _ =>
        {
            Interlocked.Increment(ref started);
            return slow.Task;
        });
        using var quick = Of<Following>().Follow("anna", Of<Clock>().Now, _ => Task.FromResult(Interlocked.Increment(ref looks)));
        for (var i = 1; i <= 3; i++)
        {
            Of<AccountFeed>().Changed(["anna"]);
            await Advanced(() => looks == i);
        }
        Assert.Equal(1, started);
        slow.SetResult();
        await Eventually.Holds(() => started == 2);
        Assert.Equal(3, looks);
    }

    [Fact]
    public void Whoever_left_looks_no_more()
    {
        var looks = 0;
        var left = Of<Following>().Follow("anna", Of<Clock>().Now, _ => Task.FromResult(Interlocked.Increment(ref looks)));
        left.Dispose();
        left.Dispose();
        Of<AccountFeed>().Changed(["anna"]);
        using var other = Of<Following>().Follow("anna", Of<Clock>().Now, _ => Task.CompletedTask);
        Assert.Equal(0, looks);
    }

    [Fact]
    public async Task After_many_pushes_an_open_overview_shows_what_the_database_says()
    {
        await Claim();
        await TurnOn(5);
        var pages = Enumerable.Range(0, 3).Select(_ => Render<AccountOverview>()).ToList();
        pages.ForEach(page => page.Shows(".pagehead-sentence", "You have $20.00"));
        foreach (var some in Enumerable.Range(0, 60).Chunk(5))
        {
            await Task.WhenAll(some.Select(i => i % 20 == 7 ? Hold(1) : Use(0.37m)));
            Time.Advance(Following.Pause);
        }
        await Refused(50);
        var now = (await Of<OverviewReader>().Read("anna"))!;
        foreach (var page in pages)
        {
            await Advanced(() => Said(page.Instance.Figures!) == Said(now));
            page.Shows(".meter-head", Portal.Ui.Amounts.Brief(now.Balance.Credit.Remaining));
        }
    }

    /// <summary>All figures, as they travel; the instants at which they were read aside.</summary>
    private static string Said(OverviewFigures figures) => System.Text.Json.JsonSerializer.Serialize(
        figures with { AsOf = default, Standing = figures.Standing with { Balance = figures.Balance with { AsOf = default } }, Pace = null }, LedgerJson.Options);

}
