namespace Ledger.Tests.Tables;

public class Plans
{
    [Fact]
    public void An_upgrade_counts_at_once_and_enlarges_the_claimed_credit() => Scenario.Holds("""
        2026-11-01       | open pro     | opened                      |
                         | claim        | claimed 20                  |
                         | extra on 5   | changed                     |
                         | use 23       | 20 credit + 3 extra         |
        2026-11-16       | plan max-5x  | upgraded, fee 40, credit 40 | credit 37 of 60, extra 0 of 5
                         | entries      | grant 20 of 1; charge credit 20 of 1; charge extra 3; adjustment 40 of 1; reallocation 3 of 1 |
                         | plan max-5x  | unchanged                   |
        2026-12-01       | claim        | claimed 100                 |
        """);

    [Fact]
    public void An_upgrade_before_the_claim_enlarges_what_can_be_claimed() => Scenario.Holds("""
        2026-11-01                 | open pro      | opened                                                 |
        2026-11-30 23:59:59        | plan max-20x  | upgraded, fee 0.000069444, credit 0.000069444          |
                                   | claim         | claimed 20.000069444                                   |
        """);

    [Fact]
    public void Two_upgrades_prorate_one_after_the_other() => Scenario.Holds("""
        2026-11-01 | open pro     | opened                      |
        2026-11-16 | plan max-5x  | upgraded, fee 40, credit 40 |
        2026-11-23 12:00 | plan max-20x | upgraded, fee 25, credit 25 |
                   | claim        | claimed 85                  |
        """);

    [Fact]
    public void Every_other_change_counts_from_the_next_period_and_may_be_taken_back() => Scenario.Holds("""
        2026-11-01 | open max-5x   | opened             |
                   | claim         | claimed 100        |
                   | plan pro      | from 12-01         | credit 100 of 100, extra 0 off
                   | plan pro      | unchanged          |
                   | plan max-5x   | from 12-01         |
                   | plan?         | max-5x             |
                   | plan pro      | from 12-01         |
                   | plan?         | max-5x, then pro   |
        2026-12-01 | claim         | claimed 20         |
                   | plan?         | pro                |
        """);

    [Fact]
    public void A_change_that_lowers_the_largest_cap_is_no_upgrade_and_the_smaller_cap_counts() => Scenario.Holds("""
        2026-11-01 | open team-standard | opened     |
                   | extra on 3000      | changed    | credit 0 of 0, extra 0 of 3000
                   | plan max-5x        | from 12-01 |
        2026-12-01 | wait               | -          | credit 0 of 0, extra 0 of 2000
                   | plan team-premium  | upgraded, fee 25, credit 0 | credit 0 of 0, extra 0 of 3000
        """);

    [Fact]
    public void A_plan_without_extra_turns_it_off_and_no_plan_turns_it_on() => Scenario.Holds("""
        2026-11-01 | open pro                 | opened     |
                   | extra on 5               | changed    |
                   | plan enterprise-standard | from 12-01 | credit 0 of 0, extra 0 of 5
        2026-12-01 | wait                     | -          | credit 0 of 0, extra 0 off
                   | plan pro                 | from 01-01 |
        2027-01-01 | wait                     | -          | credit 0 of 0, extra 0 off
                   | extra on 5               | changed    | credit 0 of 0, extra 0 of 5
        """);

    [Fact]
    public void New_terms_of_a_plan_count_from_the_next_period() => Scenario.Holds("""
        2026-11-01 | open pro | opened     |
        2026-11-20 | claim    | claimed 20 |
        2026-12-01 | claim    | claimed 30 |
        """, TestTerms.Book(plans: [.. TestTerms.Plans(), TestTerms.Plans().First(p => p.Plan == "pro") with { EffectiveFrom = TestTerms.At("2026-11-15"), MonthlyCredit = Money.FromDollars(30) }]));
}
