namespace Ledger.Tests.Tables;

/// <summary>What callers may get wrong, and what repeats are told apart by.</summary>
public class Input
{
    private static readonly DateTimeOffset Start = TestTerms.At("2026-11-01");

    [Fact]
    public void Counts_out_of_range_are_invalid_use()
    {
        var world = Opened();
        foreach (var wrong in new[] { new Usage { InputTokens = -1 }, new Usage { OutputTokens = Usage.Most + 1 }, new Usage { WebSearches = -1 }, new Usage { Region = (Region)9 } })
        {
            Assert.Equal(new RecordOutcome.Rejected(RejectionReason.Invalid), Record(world, wrong));
            Assert.Throws<ArgumentException>(() => world.Authorize(new AuthorizationRequest("a", "m", "headless", null, wrong, 900)));
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    public void A_hold_lasts_a_second_to_a_day(int seconds, bool allowed)
    {
        var request = new AuthorizationRequest("a", "m", "chat", null, new Usage(), seconds);
        if (allowed)
        {
            Assert.IsType<AuthorizeOutcome.Granted>(Opened().Authorize(request));
            return;
        }
        Assert.Throws<ArgumentException>(() => Opened().Authorize(request));
    }

    [Theory]
    [InlineData(899, AuthorizationStatus.Held)]
    [InlineData(900, AuthorizationStatus.Expired)]
    public void A_hold_ends_on_its_instant_also_if_nobody_brought_it(int seconds, AuthorizationStatus found)
    {
        var book = TestTerms.Book();
        var account = Account.Open("a", "o", "pro", Start, book, Start, World.Gateway);
        var granted = (AuthorizeOutcome.Granted)account.Authorize(new AuthorizationRequest("a", "m", "chat", null, new Usage(), 900), book, Start);
        account.Release(granted.Authorization, book, Start.AddSeconds(seconds));
        Assert.Equal(found == AuthorizationStatus.Held ? AuthorizationStatus.Released : found, granted.Authorization.Status);
    }

    [Fact]
    public void Goodwill_expires_on_a_microsecond_of_UTC_as_databases_keep_it()
    {
        var world = Opened();
        var expiry = new DateTimeOffset(2026, 11, 5, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(19);
        var grant = world.Decide(a => a.GrantGoodwill(Money.FromDollars(1), expiry, "sorry", world.Book, world.Now, "user:support"));
        Assert.Equal((TestTerms.At("2026-11-05T10:00:00.000001Z"), TimeSpan.Zero), (grant.ExpiresAt, grant.ExpiresAt.Offset));
        Record(world, new Usage { OutputTokens = 200 });
        world.PassTo(grant.ExpiresAt);
        Assert.IsType<ReversalOutcome.ExpiryHasPassed>(world.Reverse(1, world.Now.AddTicks(9), "user:support"));
        var stands = ((ReversalOutcome.Reversed)world.Reverse(1, expiry.AddDays(1), "user:support")).Went.Goodwill!;
        Assert.Equal((grant.ExpiresAt.AddDays(1), TimeSpan.Zero), (stands.ExpiresAt, stands.ExpiresAt.Offset));
    }

    [Fact]
    public void A_period_with_a_billion_dollars_uncollected_takes_no_more()
    {
        var world = Opened();
        var most = new Usage { OutputTokens = Usage.Most };
        for (var i = 0; i <= 200; i++)
        {
            Assert.IsType<RecordOutcome.Recorded>(Record(world, most));
        }
        Assert.Equal("1005000000", world.Account.Current.Uncollected.ToString());
        Assert.Equal(new RecordOutcome.Rejected(RejectionReason.Invalid), Record(world, most));
    }

    [Fact]
    public void Goodwill_is_above_nothing_and_expires_in_the_future()
    {
        var world = Opened();
        Assert.Throws<ArgumentException>(() => world.Account.GrantGoodwill(Money.Zero, Start.AddDays(1), "why", world.Book, Start, "user:support"));
        Assert.Throws<ArgumentException>(() => world.Account.GrantGoodwill(Money.Smallest, Start, "why", world.Book, Start, "user:support"));
    }

    [Fact]
    public void A_repeated_authorization_is_one_that_asks_for_the_same()
    {
        var world = Opened();
        var request = new AuthorizationRequest("a", "m", "chat", "zed", new Usage { InputTokens = 5 }, 900);
        world.Authorize(request);
        var given = world.Authorization("a");
        Assert.True(given.IsFor(World.Key, request with { Max = new Usage { InputTokens = 5 } }));
        Assert.False(given.IsFor("other", request));
        foreach (var other in new[] { request with { Model = "n" }, request with { Surface = "code" }, request with { App = null }, request with { TtlSeconds = 901 }, request with { Max = new Usage { InputTokens = 6 } } })
        {
            Assert.False(given.IsFor(World.Key, other));
        }
    }

    [Fact]
    public void A_repeated_event_is_one_with_the_same_subject_and_data_the_time_aside()
    {
        var use = new UsageEvent("s", "1", Start, "m", "headless", "zed", new Usage { InputTokens = 5 });
        var world = Opened();
        world.Decide(a => a.RecordUsage(use, Start, world.Book, Start, World.Gateway));
        var charge = world.Charges[^1];
        Assert.True(charge.IsOf(World.Key, use with { Time = Start.AddHours(1), Usage = new Usage { InputTokens = 5 } }));
        Assert.False(charge.IsOf("other", use));
        foreach (var other in new[] { use with { Model = "n" }, use with { Surface = "chat" }, use with { App = null }, use with { Usage = new Usage { InputTokens = 5, Batch = true } } })
        {
            Assert.False(charge.IsOf(World.Key, other));
        }
    }

    private static World Opened()
    {
        var world = new World(TestTerms.Book());
        world.PassTo(Start);
        world.Begin("pro", Start, Start);
        return world;
    }

    private static RecordOutcome Record(World world, Usage usage) =>
        world.Decide(a => a.RecordUsage(new UsageEvent("s", "1", Start, "m", "headless", null, usage), Start, world.Book, Start, World.Gateway));
}
