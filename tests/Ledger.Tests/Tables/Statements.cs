namespace Ledger.Tests.Tables;

public class Statements
{
    private static readonly PriceBook Promotions = TestTerms.Book(promotions:
    [
        new Promotion("ten", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 100_000, ["n"], []),
        new Promotion("third", TestTerms.At("2026-11-05"), TestTerms.At("2026-11-20"), 333_333, [], ["pro"]),
        new Promotion("free", TestTerms.At("2026-11-24"), TestTerms.At("2026-11-26"), 1_000_000, ["m"], []),
    ]);

    [Fact]
    public void A_period_without_use_costs_its_fee_and_loses_its_credit() => Scenario.Holds("""
        2026-11-01 | open pro    | opened     |
                   | statement 0 | fee 20 pro, credit 0-0-0, due 20 |
                   | claim       | claimed 20 |
                   | use 3       | 3 credit   |
                   | statement 0 | fee 20 pro, credit 20-3-0, due 20 |
        2026-12-01 | statement 0 | fee 20 pro, credit 20-3-0, due 20 |
                   | wait        | -          |
                   | statement 0 | fee 20 pro, credit 20-3-17, due 20, final |
                   | statement 1 | fee 20 pro, credit 0-0-0, due 20 |
        """);

    [Fact]
    public void An_upgrades_prorated_fee_is_a_line_of_its_own() => Scenario.Holds("""
        2026-11-01 00:00 | open pro     | opened     |
                         | claim        | claimed 20 |
        2026-11-16       | plan max-5x  | upgraded, fee 40, credit 40 |
        2026-11-23 12:00 | plan max-20x | upgraded, fee 25, credit 25 |
                         | plan pro     | from 12-01 |
                         | statement 0  | fee 20 pro + 40 to max-5x + 25 to max-20x, credit 85-0-0, due 85 |
        2026-12-01       | wait         | -          |
                         | statement 0  | fee 20 pro + 40 to max-5x + 25 to max-20x, credit 85-0-85, due 85, final |
                         | statement 1  | fee 20 pro, credit 0-0-0, due 20 |
        """);

    [Fact]
    public void A_closed_accounts_later_periods_cost_nothing_until_it_is_opened_again() => Scenario.Holds("""
        2026-11-01 | open pro anchor=2026-11-01 | opened   |
                   | close                      | closed   |
        2026-12-01 | wait                       | -        |
                   | statement 0                | fee 20 pro, credit 0-0-0, due 20, final |
                   | statement 1                | no fee, credit 0-0-0, due 0 |
        2027-01-16 12:00 | reopen               | open     |
                   | statement 1                | no fee, credit 0-0-0, due 0, final |
                   | statement 2                | fee 10 pro, credit 0-0-0, due 10 |
                   | plan max-5x                | upgraded, fee 40, credit 40 |
                   | statement 2                | fee 10 pro + 40 to max-5x, credit 0-0-0, due 50 |
        """);

    [Fact]
    public void The_best_promotion_of_the_moment_counts_and_each_is_rounded_once() => Scenario.Holds("""
        2026-11-01       | open pro                | opened   |
                         | extra on 50             | changed  |
                         | use 1 model=n           | 1 extra  |
                         | last                    | period 0, version 1, spilled, ten |
        2026-11-05       | use 1 model=n           | 1 extra  |
                         | last                    | period 0, version 1, spilled, third |
                         | use 0.000000002         | 0.000000002 extra |
                         | use 0.000000002         | 0.000000002 extra |
        2026-11-20       | use 3                   | 3 extra  |
                         | last                    | period 0, version 1, spilled |
        2026-11-25       | use 4                   | 4 extra  |
                         | last                    | period 0, version 1, spilled, free |
                         | owed                    | 4.566667002 of 9.000000004 |
                         | statement 0             | fee 20 pro, credit 0-0-0, extra 9.000000004 less 4 free less 0.1 ten less 0.333333002 third, due 24.566667002 |
        """, Promotions);

    [Fact]
    public void A_promotion_that_ends_between_authorizing_and_settling_counts_and_one_that_begins_then_does_not() => Scenario.Holds("""
        2026-11-19 23:59 | open pro anchor=2026-11-01 | opened       |
                         | extra on 50                | changed      |
                         | hold a 3                   | held 3 extra |
        2026-11-23 23:59 | hold b 4                   | held 4 extra |
                         | settle a 3                 | 3 extra      |
        +10m             | settle b 4                 | 4 extra      |
                         | use 2                      | 2 extra      |
                         | statement 0                | fee 20 pro, credit 0-0-0, extra 9 less 2 free, due 27 |
        """, Promotions);

    [Fact]
    public void A_hold_that_expired_is_charged_under_the_promotion_of_the_moment() => Scenario.Holds("""
        2026-11-19 23:59 | open pro anchor=2026-11-01 | opened       |
                         | extra on 50                | changed      |
                         | hold a 3 ttl=1h            | held 3 extra |
                         | hold b 3 ttl=1h            | held 3 extra |
        2026-11-20 00:30 | settle a 3                 | 3 extra      |
                         | last                       | period 0, version 1, spilled, third |
        2026-11-20 02:00 | settle b 3 at=2026-11-19T23:59 | 3 extra  |
                         | last                       | period 0, version 1, spilled |
        """, Promotions);

    [Fact]
    public void Reallocations_leave_the_most_discounted_extra_on_the_statement() => Scenario.Holds("""
        2026-11-06 | open pro anchor=2026-11-01  | opened     |
                   | extra on 50                 | changed    |
                   | use 2                       | 2 extra    |
        2026-11-21 | use 2 model=n               | 2 extra    |
                   | use 2                       | 2 extra    |
        2026-11-24 | use 2                       | 2 extra    |
                   | statement 0                 | fee 20 pro, credit 0-0-0, extra 8 less 2 free less 0.2 ten less 0.666666 third, due 25.133334 |
                   | goodwill 3 until=2026-12-20 | granted 3  |
                   | statement 0                 | fee 20 pro, credit 3-3-0, extra 5 less 2 free less 0.1 ten less 0.666666 third, due 22.233334 |
                   | goodwill 3 until=2026-12-20 | granted 3  |
                   | entries                     | charge extra 2 under third; charge extra 2 under ten; charge extra 2; charge extra 2 under free; grant 3 of 1; reallocation 2 of 1; reallocation 1 of 1 under ten; grant 3 of 2; reallocation 1 of 2 under ten; reallocation 2 of 2 under third |
                   | statement 0                 | fee 20 pro, credit 6-6-0, extra 2 less 2 free, due 20 |
        """, Promotions);

    [Fact]
    public void The_cap_counts_extra_before_its_discount() => Scenario.Holds("""
        2026-11-24 | open pro    | opened       |
                   | claim       | claimed 20   |
                   | use 20      | 20 credit    |
                   | extra on 5  | changed      |
                   | use 6       | 5 extra + 1 uncollected |
                   | hold a 1    | cap_reached  |
                   | statement 0 | fee 20 pro, credit 20-20-0, extra 5 less 5 free, uncollected 1, due 20 |
        """, Promotions);

    [Fact]
    public void A_hold_that_is_open_keeps_its_periods_statement_open() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened         |
                         | claim                      | claimed 20     |
                         | hold a 4                   | held 4 credit  |
        2026-12-01       | wait                       | -              |
                         | statement 0                | fee 20 pro, credit 20-0-0, due 20 |
                         | settle a 3                 | 3 credit       |
                         | statement 0                | fee 20 pro, credit 20-3-17, due 20, final |
                         | statement 1                | fee 20 pro, credit 0-0-0, due 20 |
        """);

    [Fact]
    public void Credit_that_outlives_its_period_is_granted_in_one_and_used_or_lost_in_another() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened     |
                   | goodwill 9 until=2026-12-20 | granted 9  |
                   | use 2                       | 2 credit   |
        2026-12-05 | use 3                       | 3 credit   |
        2027-01-05 | wait                        | -          |
                   | statement 0                 | fee 20 pro, credit 9-2-0, due 20, final |
                   | statement 1                 | fee 20 pro, credit 0-3-4, due 20, final |
        """);
}
