namespace Ledger.Tests.Tables;

/// <summary>What adds up is told by every other test; here is what does not.</summary>
public class A_fold
{
    [Fact]
    public void Of_all_entries_and_charges_is_the_accounts_state() => Assert.Empty(Fold(Example()).Broken(Example().Account));

    [Fact]
    public void May_be_asked_more_than_once()
    {
        var fold = new Fold(World.Key);
        Assert.NotEmpty(fold.Broken(Example().Account));
        Assert.Equal(fold.Broken(Example().Account), fold.Broken(Example().Account));
    }

    [Fact]
    public void Takes_charges_before_or_after_their_entries()
    {
        var world = Example();
        var fold = new Fold(World.Key);
        world.Charges.ForEach(fold.Add);
        world.Entries.ForEach(fold.Add);
        Assert.Empty(fold.Broken(world.Account));
        Assert.Equal((world.Entries.Count, world.Charges.Count), (fold.Entries, fold.Charges));
    }

    [Fact]
    public void May_begin_at_an_opening_at_any_instant_and_finds_what_is_wrong_after_it()
    {
        var world = Example();
        foreach (var until in world.Entries.Select(e => e.At).Distinct())
        {
            var before = new Fold(World.Key);
            world.Entries.FindAll(e => e.At < until).ForEach(before.Add);
            world.Charges.FindAll(c => c.RecordedAt < until).ForEach(before.Add);
            var opening = before.OpeningAt(until);

            var after = new Fold(opening);
            world.Entries.FindAll(e => e.At >= until).ForEach(after.Add);
            world.Charges.FindAll(c => c.RecordedAt >= until).ForEach(after.Add);
            Assert.Empty(after.Broken(world.Account));
            Assert.Equal((world.Entries.Count, world.Charges.Count), (after.Entries, after.Charges));

            var gap = new Fold(opening);
            world.Entries.FindAll(e => e.At >= until).Skip(1).ToList().ForEach(gap.Add);
            Assert.NotEmpty(gap.Broken(world.Account));
        }
    }

    [Theory]
    [InlineData(0, "gap")]
    [InlineData(1, "gap")]
    [InlineData(4, "last entry is 5, 4 entries were found")]
    public void Names_an_entry_that_is_missing(int missing, string named)
    {
        var world = Example();
        world.Entries.RemoveAt(missing);
        Assert.Contains(Fold(world).Broken(world.Account), broken => broken.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_an_entry_that_is_there_twice()
    {
        var world = Example();
        world.Entries.Insert(1, world.Entries[0]);
        Assert.Contains("test: entry 1 grants what was granted before.", Fold(world).Broken(world.Account));
    }

    [Fact]
    public void Names_a_charge_that_is_missing_or_says_something_else_than_its_entries()
    {
        var world = Example();
        world.Charges.RemoveAt(1);
        Assert.Equal(["test: the account's last charge is 2, 1 charges were found.", "test: charge 2 and its entries differ by 0 of credit, 1 of extra and 2 uncollected."], Fold(world).Broken(world.Account));
        world.Charges.Add(Example(second: "4").Charges[1]);
        Assert.Equal(["test: charge 2 and its entries differ by 0 of credit, 0 of extra and -1 uncollected."], Fold(world).Broken(world.Account));
    }

    [Fact]
    public void Names_what_the_state_says_otherwise()
    {
        var broken = string.Join('\n', Fold(Example()).Broken(Example(second: "2").Account));
        Assert.Contains("period 0 has 1 uncollected, its entries say 2", broken, StringComparison.Ordinal);
        broken = string.Join('\n', Fold(Example(untilExpiry: true)).Broken(Example(first: "18", untilExpiry: true).Account));
        Assert.Contains("grant 1 is 20 with 18 used and 0 expired, its entries say 20, 19 and 0", broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_holds_that_no_open_authorization_holds()
    {
        var world = Example();
        new Steps(world).Do("cap 9");
        new Steps(world).Do("hold a 3");
        Assert.Empty(Fold(world).Broken(world.Account, world.Open));
        Assert.Equal(
            ["test: the account has 1 open holds, 0 authorizations are open.", "test: period 0 has 3 of extra held, its open authorizations hold 0."],
            Fold(world).Broken(world.Account, []));
    }

    [Fact]
    public void Names_a_reversal_that_is_not_whole_or_of_nothing()
    {
        var world = Reversed();
        Assert.Empty(Fold(world, 2).Broken(world.Account));
        Assert.Equal(["test: charge 1 is reversed, and no entry says so."], Fold(world, 1, 2).Broken(world.Account));

        // Without the charge among those that are reversed, its entries are not remembered, and the reversals are of nothing.
        Assert.Contains("test: entry 8 reverses entry 5, which is no part of charge 2.", Fold(world, 1).Broken(world.Account));

        world.Entries.RemoveAt(world.Entries.Count - 1);
        Assert.Contains("test: charge 2 is reversed, and yet 0 of the 2 of entry 5 came back.", Fold(world, 2).Broken(world.Account));
        world.Entries.RemoveRange(world.Entries.Count - 2, 2);
        Assert.Contains("test: charge 2 is reversed, and no entry says so.", Fold(world, 2).Broken(world.Account));
    }

    [Fact]
    public void Names_a_refund_that_is_not_what_its_period_owed_for_the_charge()
    {
        var (world, other) = (Refunded("4"), Refunded("3"));
        Assert.Empty(Fold(world, 1).Broken(world.Account, null, [], [world.Periods.First()]));
        Assert.Contains("test: 3 of what period 0 owed is refunded, its entries say 4.", Fold(world, 1).Broken(other.Account, null, [], [world.Periods.First()]));
        Assert.Contains("test: 3 of the extra of period 0 under '' is refunded, its entries say 4.", Fold(world, 1).Broken(other.Account, null, [], [world.Periods.First()]));
    }

    private static World Reversed()
    {
        var world = new World(TestTerms.Book());
        var steps = new Steps(world);
        world.PassTo(TestTerms.At("2026-11-01"));
        foreach (var step in new[] { "open pro", "claim", "extra on 1", "use 19", "use 4" })
        {
            steps.Do(step);
        }
        Assert.Equal("reversed 1 credit + 1 extra + 2 uncollected", steps.Do("reverse 2"));
        return world;
    }

    private static World Refunded(string amount)
    {
        var world = new World(TestTerms.Book());
        var steps = new Steps(world);
        world.PassTo(TestTerms.At("2026-11-01"));
        steps.Do("open pro");
        steps.Do("extra on 9");
        steps.Do($"use {amount}");
        world.PassTo(TestTerms.At("2026-12-01"));
        Assert.Equal($"reversed {amount} refunded as {amount}", steps.Do("reverse 1"));
        return world;
    }

    private static Fold Fold(World world, params long[] reversed)
    {
        var fold = new Fold(World.Key, reversed.Length == 0 ? null : reversed.ToHashSet());
        world.Entries.ForEach(fold.Add);
        world.Charges.ForEach(fold.Add);
        return fold;
    }

    /// <summary>Five entries: a grant, a charge on it, an expiry that leaves nothing of it, and a charge of a dollar of extra and the rest uncollected.</summary>
    private static World Example(string first = "19", string second = "3", bool untilExpiry = false)
    {
        var world = new World(TestTerms.Book());
        var steps = new Steps(world);
        world.PassTo(TestTerms.At("2026-11-01"));
        steps.Do("open pro");
        steps.Do("goodwill 20 until=2026-11-10");
        steps.Do($"use {first}");
        if (untilExpiry)
        {
            return world;
        }
        world.PassTo(TestTerms.At("2026-11-10"));
        steps.Do("extra on 1");
        steps.Do($"use {second}");
        return world;
    }
}
