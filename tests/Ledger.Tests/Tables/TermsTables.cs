namespace Ledger.Tests.Tables;

/// <summary>Which terms of its plan an account is on, and from when.</summary>
public class TermsOfPlans
{
    private static readonly PlanTerms Pro = TestTerms.Plans().First(p => p.Plan == "pro");

    [Fact]
    public void Terms_count_from_the_first_period_that_begins_on_their_instant_and_not_a_microsecond_before() => Scenario.Holds("""
        2026-11-01                 | open pro  | opened                                             |
        2026-11-30 23:59:59.999999 | terms     | fee 20, credit 20 of 01-01                         |
        2026-12-01                 | terms     | fee 22, credit 30 of 12-01                         |
                                   | claim     | claimed 30                                         |
                                   | changes   | 11-01 opened by key:provider; 12-01 terms by portal |
        """, Book(New("2026-12-01")));

    [Fact]
    public void Terms_that_begin_a_microsecond_after_the_period_wait_for_the_next() => Scenario.Holds("""
        2026-11-01 | open pro | opened                     |
        2026-12-01 | terms    | fee 20, credit 20 of 01-01 | credit 0 of 0, extra 0 off
        2026-12-31 | terms    | fee 20, credit 20 of 01-01 |
        2027-01-01 | coming   | none                       |
        """, Book(New("2026-12-01 00:00:00.000001")));

    [Fact]
    public void Who_has_the_plan_keeps_its_old_terms_until_the_date_and_who_comes_has_the_new_ones() => Scenario.Holds("""
        2026-11-01 | open pro    | opened                              |
                   | coming      | fee 22, credit 30 of 12-01 from 02-01 |
        2026-12-01 | terms       | fee 20, credit 20 of 01-01          |
        2027-01-01 | terms       | fee 20, credit 20 of 01-01          |
        2027-02-01 | terms       | fee 22, credit 30 of 12-01          |
        """, Book(New("2026-12-01") with { KeepUntil = TestTerms.At("2027-02-01") }));

    [Fact]
    public void Who_opens_or_changes_to_the_plan_after_its_new_terms_began_does_not_keep_the_old_ones()
    {
        var book = Book(New("2026-12-01") with { KeepUntil = TestTerms.At("2027-02-01") });
        Scenario.Holds("""
            2026-12-05 | open pro | opened                     |
                       | terms    | fee 22, credit 30 of 12-01 |
            """, book);
        Scenario.Holds("""
            2026-11-05 | open max-5x | opened                     |
                       | plan pro    | from 12-05                 |
            2026-12-05 | terms       | fee 22, credit 30 of 12-01 |
            """, book);
    }

    [Fact]
    public void Of_several_versions_the_newest_that_counts_does() => Scenario.Holds("""
        2026-11-01 | open pro | opened                     |
        2026-12-01 | terms    | fee 20, credit 20 of 01-01 |
        2027-01-01 | terms    | fee 24, credit 30 of 12-15 |
        2027-03-01 | terms    | fee 24, credit 30 of 12-15 |
        """, Book(New("2026-12-01") with { KeepUntil = TestTerms.At("2027-03-01") }, New("2026-12-15") with { MonthlyFee = Money.FromDollars(24) }));

    [Fact]
    public void A_pinned_account_has_its_terms_from_the_next_period_on_until_it_is_unpinned() => Scenario.Holds("""
        2026-12-05 | open pro       | opened                     |
                   | pin 2026-01-01 | from 01-05                 |
                   | pin 2026-01-01 | unchanged                  |
                   | terms          | fee 22, credit 30 of 12-01 |
                   | coming         | fee 20, credit 20 of 01-01 from 01-05 |
        2027-01-05 | terms          | fee 20, credit 20 of 01-01 |
        2027-03-05 | terms          | fee 20, credit 20 of 01-01 |
                   | pin none       | from 04-05                 |
        2027-04-05 | terms          | fee 22, credit 30 of 12-01 |
                   | pin 2026-05-05 | unknown terms              |
        """, Book(New("2026-12-01")));

    [Fact]
    public void Terms_that_have_not_begun_cannot_be_pinned_to_and_another_plan_ends_a_pin() => Scenario.Holds("""
        2026-11-05 | open pro        | opened                     |
                   | pin 2026-12-01  | unknown terms              |
                   | pin 2026-01-01  | from 12-05                 |
        2026-12-05 | terms           | fee 20, credit 20 of 01-01 |
                   | plan max-5x     | upgraded, fee 80, credit 80 |
                   | plan pro        | from 01-05                 |
        2027-01-05 | terms           | fee 22, credit 30 of 12-01 |
        """, Book(New("2026-12-01")));

    [Fact]
    public void The_owner_is_told_in_the_period_before_once() => Scenario.Holds("""
        2026-10-05 | open pro | opened |
        2026-10-06 | told     | none   |
        2026-11-05 | wait     | -      |
        2026-11-06 | told     | 22 instead of 20, credit 30, largest cap $2,000.00 |
        2026-12-06 | told     | 22 instead of 20, credit 30, largest cap $2,000.00 |
        """, Book(New("2026-12-01")));

    [Fact]
    public void A_past_balance_is_of_the_terms_that_were_kept_then()
    {
        var book = Book(New("2026-12-01") with { KeepUntil = TestTerms.At("2027-02-01") });
        var world = new World(book);
        world.Begin("pro", TestTerms.At("2026-11-01"), TestTerms.At("2026-11-01"));
        world.PassTo(TestTerms.At("2027-02-05"));
        world.Decide(a => a.AdvanceTo(world.Now, book));
        foreach (var (at, credit) in new[] { ("2026-12-10", 20), ("2027-01-31", 20), ("2027-02-01", 30) })
        {
            var past = new AccountPast(World.Key, World.Owner, TestTerms.At("2026-11-01"), TestTerms.At(at), [.. world.Changes.Where(c => c.At <= TestTerms.At(at))], [], [], [], Money.Zero);
            Assert.Equal(Money.FromDollars(credit), Account.AsOf(past, book).Current.Credit);
        }
    }

    private static PlanTerms New(string from) => Pro with { EffectiveFrom = TestTerms.At(from), MonthlyFee = Money.FromDollars(22), MonthlyCredit = Money.FromDollars(30) };

    private static PriceBook Book(params PlanTerms[] terms) => TestTerms.Book(plans: [.. TestTerms.Plans(), .. terms]);
}
