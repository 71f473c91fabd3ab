namespace Ledger.Tests.Tables;

public class Period_end
{
    [Fact]
    public void Counters_start_anew_and_extra_stays_on() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                     |
                   | claim      | claimed 20                 |
                   | extra on 5 | changed                    |
                   | use 26     | 20 credit + 5 extra + 1 uncollected |
        2026-12-01 | wait       | -                          | credit 0 of 0, extra 0 of 5
                   | use 6      | 5 extra + 1 uncollected    |
                   | periods    | 0 final extra 5 uncollected 1; 1 runs extra 5 uncollected 1 |
                   | entries at | 11-01 grant 20 of 1; 11-01 charge credit 20 of 1; 11-01 charge extra 5; 11-01 charge uncollected 1; 12-01 charge extra 5; 12-01 charge uncollected 1 |
        """);

    [Fact]
    public void A_sleeping_account_gets_every_boundarys_entries_with_the_boundarys_time() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened     |
                   | claim                       | claimed 20 |
                   | claim-every-period on       | changed    |
                   | goodwill 3 until=2026-12-15 | granted 3  |
                   | hold a 5 ttl=24h            | held 5 credit |
        2027-01-10 | wait                        | -          | credit 20 of 20, extra 0 off
                   | entries at                  | 11-01 grant 20 of 1; 11-01 grant 3 of 2; 12-01 expiry 20 of 1; 12-01 grant 20 of 3; 12-15 expiry 3 of 2; 01-01 expiry 20 of 3; 01-01 grant 20 of 4 |
                   | periods                     | 0 final extra 0 uncollected 0; 1 final extra 0 uncollected 0; 2 runs extra 0 uncollected 0 |
        """);

    [Fact]
    public void A_hold_and_its_charge_count_in_the_period_in_which_it_was_given() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened                  |
                         | claim                      | claimed 20              |
                         | use 18                     | 18 credit               |
                         | extra on 5                 | changed                 |
                         | hold a 4                   | held 2 credit + 2 extra | credit 0+2 of 20, extra 0+2 of 5
        2026-12-01       | claim                      | claimed 20              | credit 20 of 20, extra 0 of 5
                         | periods                    | 0 ended extra 0+2 uncollected 0; 1 runs extra 0 uncollected 0 |
        +4m              | settle a 8                 | 2 credit + 5 extra + 1 uncollected | credit 20 of 20, extra 0 of 5
                         | last                       | period 0, version 1, cap_reached |
                         | periods                    | 0 final extra 5 uncollected 1; 1 runs extra 0 uncollected 0 |
        """);

    [Fact]
    public void A_grants_rest_waits_for_the_last_hold_that_was_given_before_its_time_passed() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened         |
                         | claim                      | claimed 20     |
                         | hold a 4 ttl=1h            | held 4 credit  |
                         | hold b 5 ttl=2h            | held 5 credit  |
        2026-12-01 00:10 | hold c 1                   | credit_not_claimed |
                         | use 1                      | 1 uncollected  |
                         | settle a 6                 | 6 credit       |
                         | entries at                 | 11-30 23:50 grant 20 of 1; 12-01 00:10 charge uncollected 1; 12-01 00:10 charge credit 6 of 1 |
        2026-12-01 03:00 | wait                       | -              |
                         | entries at                 | 12-01 01:50 expiry 14 of 1 |
        """);

    [Fact]
    public void Until_then_the_extra_of_the_holds_period_may_use_it() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened         |
                         | claim                      | claimed 20     |
                         | extra on 9                 | changed        |
                         | hold a 12 ttl=1h           | held 12 credit |
                         | hold b 10 ttl=2h           | held 8 credit + 2 extra |
        2026-12-01       | use 3                      | 3 extra        | credit 0 of 0, extra 3 of 9
                         | settle b 12                | 8 credit + 4 extra |
                         | periods                    | 0 ended extra 4 uncollected 0; 1 runs extra 3 uncollected 0 |
                         | release a                  | released       |
                         | periods                    | 0 final extra 0 uncollected 0; 1 runs extra 3 uncollected 0 |
                         | entries                    | grant 20 of 1; charge extra 3; charge credit 8 of 1; charge extra 4; reallocation 4 of 1; expiry 8 of 1 |
        """);

    [Fact]
    public void A_grant_that_waits_pays_for_no_extra_of_a_period_without_a_hold_that_keeps_it() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01         | opened        |
                         | goodwill 5 until=2026-12-01T00:05  | granted 5     |
                         | extra on 9                         | changed       |
                         | hold a 1 ttl=1h                    | held 1 credit |
        2026-12-01 00:10 | use 3                              | 3 extra       | credit 0 of 0, extra 3 of 9
                         | hold b 1                           | held 1 extra  |
                         | release a                          | released      | credit 0 of 0, extra 3+1 of 9
                         | entries                            | grant 5 of 1; charge extra 3; expiry 5 of 1 |
        """);

    [Fact]
    public void A_grant_that_waits_for_a_hold_of_this_period_pays_for_this_periods_extra() => Scenario.Holds("""
        2026-12-01       | open pro                          | opened        |
                         | goodwill 5 until=2026-12-01T00:05 | granted 5     |
                         | extra on 9                        | changed       |
                         | hold a 4 ttl=1h                   | held 4 credit |
                         | hold b 1 ttl=1h                   | held 1 credit |
        2026-12-01 00:10 | use 3                             | 3 extra       |
                         | release b                         | released      | credit 0 of 0, extra 2 of 9
                         | settle a 4                        | 4 credit      |
                         | entries                           | grant 5 of 1; charge extra 3; reallocation 1 of 1; charge credit 4 of 1 |
        """);

    [Fact]
    public void A_final_period_takes_no_credit_that_becomes_free_later() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01   | opened        |
                         | goodwill 5 until=2027-01-20  | granted 5     |
                         | extra on 9                   | changed       |
                         | hold a 4 ttl=20m             | held 4 credit |
                         | hold b 2 ttl=20m             | held 1 credit + 1 extra |
        2026-12-01       | release a                    | released      |
                         | hold c 4                     | held 4 credit |
                         | settle b 6                   | 1 credit + 5 extra |
                         | release c                    | released      | credit 4 of 5, extra 0 of 9
                         | periods                      | 0 final extra 5 uncollected 0; 1 runs extra 0 uncollected 0 |
        """);

    [Fact]
    public void Holds_end_before_grants_expire_before_the_period_turns_before_the_plan_changes_before_the_credit_is_claimed() => Scenario.Holds("""
        2026-11-30 23:45 | open max-5x anchor=2026-11-01 | opened         |
                         | claim                         | claimed 100    |
                         | claim-every-period on         | changed        |
                         | extra on 9                    | changed        |
                         | hold a 100 ttl=15m            | held 100 credit |
                         | use 3                         | 3 extra        |
                         | plan pro                      | from 12-01     |
        2026-12-01       | wait                          | -              | credit 20 of 20, extra 0 of 9
                         | entries at                    | 11-30 23:45 grant 100 of 1; 11-30 23:45 charge extra 3; 12-01 reallocation 3 of 1; 12-01 expiry 97 of 1; 12-01 grant 20 of 2 |
                         | plan?                         | pro            |
        """);

    [Fact]
    public void A_credit_claimed_in_the_next_period_does_not_pay_for_a_hold_of_the_one_before() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01  | opened       |
                         | extra on 9                  | changed      |
                         | hold a 2                    | held 2 extra |
        2026-12-01       | claim                       | claimed 20   |
                         | goodwill 5 until=2027-01-20 | granted 5    |
                         | settle a 2                  | 2 extra      | credit 25 of 25, extra 0 of 9
        """);
}
