namespace Ledger.Tests.Tables;

/// <summary>What happened, and what it would have come to under other terms.</summary>
public class A_replay
{
    private const string Spilling = """
        2026-11-01 | open pro
                   | claim
                   | extra on 5
        2026-11-10 | use 18
                   | hold a 6
        +1m        | settle a 4
        2026-11-20 | hold b 2
        +1m        | settle b 2
                   | hold c 9
        2026-12-02 | claim
                   | use 7
        """;

    [Fact]
    public void Under_the_same_terms_is_what_happened() => Assert.Equal("""
        11-01 pro: fee 20, credit 20 with 20 used and 0 lost, extra 4, uncollected 0; 3 carried, 1 refused again
        12-01 pro: fee 20, credit 20 with 7 used and 0 lost, extra 0, uncollected 0; 1 carried; runs
        """, Told(Spilling, book => new(book)));

    [Fact]
    public void On_another_plan_has_its_fee_its_credit_and_its_largest_cap()
    {
        Assert.Equal("""
            11-01 max-5x: fee 100, credit 100 with 24 used and 76 lost, extra 0, uncollected 0; 3 carried, 1 now allowed
            12-01 max-5x: fee 100, credit 100 with 7 used and 0 lost, extra 0, uncollected 0; 1 carried; runs
            """, Told(Spilling, book => new(book) { Plan = "max-5x" }));
        Assert.Equal("""
            11-01 enterprise-standard: fee 60, credit 0 with 0 used and 0 lost, extra 0, uncollected 18; 1 carried, 2 refused, 1 refused again
            12-01 enterprise-standard: fee 60, credit 0 with 0 used and 0 lost, extra 0, uncollected 7; 1 carried; runs
            """, Told(Spilling, book => new(book) { Plan = "enterprise-standard" }));
    }

    [Fact]
    public void Under_a_smaller_cap_refuses_what_does_not_fit_and_does_not_charge_it() => Assert.Equal("""
        11-01 pro: fee 20, credit 20 with 20 used and 0 lost, extra 2, uncollected 0; 2 carried, 1 refused, 1 refused again
        12-01 pro: fee 20, credit 20 with 7 used and 0 lost, extra 0, uncollected 0; 1 carried; runs
        """, Told(Spilling, book => new(book) { Cap = Money.FromDollars(3) }));

    [Fact]
    public void Has_extra_usage_when_it_was_on_or_always_or_never()
    {
        const string late = """
            2026-11-01 | open pro
            2026-11-10 | use 4
            2026-11-12 | extra on 5
            2026-11-13 | use 2
            +1m        | extra off
            2026-11-14 | use 1
            """;
        Assert.Equal("11-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 2, uncollected 5; 3 carried; runs", Told(late, book => new(book)));
        Assert.Equal("11-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 6, uncollected 1; 3 carried; runs",
            Told(late, book => new(book) { ExtraUsage = ReplayedExtraUsage.On, Cap = Money.FromDollars(6) }));
        Assert.Equal("11-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 0, uncollected 7; 3 carried; runs",
            Told(late, book => new(book) { ExtraUsage = ReplayedExtraUsage.Off }));
        Assert.Throws<ArgumentException>(() => new Replay(new ReplayTerms(TestTerms.Book()) { ExtraUsage = ReplayedExtraUsage.On }));
    }

    [Fact]
    public void Claims_what_was_claimed_or_every_period()
    {
        const string once = """
            2026-11-01 | open pro
            2026-11-10 | use 4
            2026-11-12 | claim
            2026-11-13 | use 2
            2026-12-05 | use 1
            """;
        Assert.Equal("""
            11-01 pro: fee 20, credit 20 with 2 used and 18 lost, extra 0, uncollected 4; 2 carried
            12-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 0, uncollected 1; 1 carried; runs
            """, Told(once, book => new(book)));
        Assert.Equal("""
            11-01 pro: fee 20, credit 20 with 6 used and 14 lost, extra 0, uncollected 0; 2 carried
            12-01 pro: fee 20, credit 20 with 1 used and 0 lost, extra 0, uncollected 0; 1 carried; runs
            """, Told(once, book => new(book) { Claims = ReplayedClaims.EveryPeriod }));
    }

    [Fact]
    public void Prices_with_a_draft_as_if_it_were_in_force_from_an_instant_and_knows_only_what_that_prices()
    {
        Assert.Equal("""
            11-01 pro: fee 20, credit 20 with 20 used and 0 lost, extra 2, uncollected 0; 2 carried, 1 refused, 1 refused again
            12-01 pro: fee 20, credit 20 with 14 used and 0 lost, extra 0, uncollected 0; 1 carried; runs
            """, Told(Spilling, book => new(book.With(TestTerms.Card(7, times: 2).From(TestTerms.At("2026-11-15")))) { Cap = Money.FromDollars(4) }));
        Assert.Equal("""
            11-01 pro: fee 20, credit 20 with 0 used and 20 lost, extra 0, uncollected 0; 2 refused, 1 refused again, 1 unpriced
            12-01 pro: fee 20, credit 20 with 0 used and 0 lost, extra 0, uncollected 0; 1 unpriced; runs
            """, Told(Spilling, book => new(book.With(TestTerms.Card(7, models: "other").From(TestTerms.At("2026-11-01"))))));
    }

    [Fact]
    public void Has_a_plans_new_terms_from_the_period_that_begins_under_them() => Assert.Equal("""
        11-01 pro: fee 20, credit 20 with 20 used and 0 lost, extra 4, uncollected 0; 3 carried, 1 refused again
        12-01 pro: fee 20, credit 5 with 5 used and 0 lost, extra 2, uncollected 0; 1 carried; runs
        """, Told(Spilling, book => new(book.With(book.PlanAt("pro", TestTerms.At("2026-11-01")) with { EffectiveFrom = TestTerms.At("2026-11-15"), MonthlyCredit = Money.FromDollars(5) }))));

    [Fact]
    public void Of_what_was_included_or_given_counts_it_so() => Assert.Equal("""
        11-01 pro: fee 20, credit 3 with 3 used and 0 lost, extra 0, uncollected 1; 1 carried, 2 included; runs
        """.Trim(), Told("""
        2026-11-01 | open pro
                   | goodwill 3 until=2026-11-20
        +1m        | use 4
                   | use 9 surface=chat
                   | hold a 5 surface=chat
        +1m        | settle a 4
        """, book => new(book)));

    [Fact]
    public void Chooses_plans_cancels_and_closes_when_that_was_done()
    {
        const string moving = """
            2026-11-01       | open max-5x
            2026-11-02       | plan pro
            2026-12-16 12:00 | plan max-5x
            2026-12-17       | cancel
            2027-01-24 06:00 | reopen
            2027-01-25       | close
            """;
        Assert.Equal("""
            11-01 max-5x: fee 100, credit 0 with 0 used and 0 lost, extra 0, uncollected 0
            12-01 max-5x: fee 60, credit 0 with 0 used and 0 lost, extra 0, uncollected 0
            01-01 max-5x: fee 25, credit 0 with 0 used and 0 lost, extra 0, uncollected 0; runs
            """, Told(moving, book => new(book)));
        Assert.Equal("""
            11-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 0, uncollected 0
            12-01 pro: fee 20, credit 0 with 0 used and 0 lost, extra 0, uncollected 0
            01-01 pro: fee 5, credit 0 with 0 used and 0 lost, extra 0, uncollected 0; runs
            """, Told(moving, book => new(book) { Plan = "pro" }));
    }

    [Fact]
    public void May_begin_before_any_period_with_what_was_set_and_what_was_left_then()
    {
        var (book, before) = (TestTerms.Book(), TestTerms.At("2026-11-30 23:59:59"));
        var settings = new AccountSettings(AccountStatus.Open, "pro", "max-5x", false, true, true, TestTerms.At("2026-11-01"), Money.FromDollars(5), null, []);
        var replay = new Replay(new ReplayTerms(book));
        replay.Take(new ReplayStep.Began("a", TestTerms.At("2026-11-01"), before, settings,
            [new CarriedGrant(Money.FromDollars(3), TestTerms.At("2026-11-01"), TestTerms.At("2026-11-05"), TestTerms.At("2026-12-20"), 0)], IsOpening: false));
        replay.Take(new ReplayStep.Refused(TestTerms.At("2026-12-02"), "m", "headless", null, TestTerms.Worth(Money.FromDollars(109))));
        replay.Take(new ReplayStep.Refused(TestTerms.At("2026-12-02"), "m", "headless", null, TestTerms.Worth(Money.FromDollars(108))));
        var period = Assert.Single(replay.End(TestTerms.At("2026-12-21")));
        Assert.Equal(("12-01 max-5x: fee 100, credit 100 with 0 used and 3 lost, extra 0, uncollected 0; 1 refused again, 1 now allowed; runs"), Told(period));
    }

    [Fact]
    public void Begins_with_how_the_account_was() => Assert.Throws<InvalidOperationException>(() => new Replay(new ReplayTerms(TestTerms.Book())).Take(new ReplayStep.Claimed(TestTerms.At("2026-12-01"))));

    private static string Told(string table, Func<PriceBook, ReplayTerms> terms)
    {
        var world = new World(TestTerms.Book());
        var steps = new Steps(world);
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            world.PassTo(Scenario.Instant(line.Split('|')[0].Trim(), world.Now));
            steps.Do(line.Split('|')[1].Trim());
        }
        return string.Join('\n', Replays.Run(world, terms(world.Book)).Select(Told));
    }

    private static string Told(ReplayedPeriod p)
    {
        (long Count, string What)[] counts =
        [
            (p.Requests.Carried, "carried"), (p.Requests.Refused, "refused"), (p.Requests.RefusedAgain, "refused again"), (p.Requests.NowAllowed, "now allowed"),
            (p.Requests.Included, "included"), (p.Requests.Unpriced, "unpriced"),
        ];
        var told = string.Join(", ", counts.Where(c => c.Count > 0).Select(c => $"{c.Count} {c.What}"));
        return $"{p.Period.Start:MM-dd} {p.Plan}: fee {p.Fee}, credit {p.CreditGranted} with {p.CreditUsed} used and {p.CreditExpired} lost, extra {p.ExtraUsed}, uncollected {p.Uncollected}"
            + (told.Length > 0 ? $"; {told}" : "") + (p.IsFinal ? "" : "; runs");
    }
}
