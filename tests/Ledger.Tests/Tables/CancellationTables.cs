namespace Ledger.Tests.Tables;

public class A_cancellation
{
    [Fact]
    public void Turns_extra_off_at_once_leaves_the_credit_and_closes_the_account_when_the_period_ends() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                 |
                   | claim      | claimed 20             |
                   | extra on 5 | changed                |
                   | use 3      | 3 credit               |
        2026-11-10 | cancel     | closes 12-01           | credit 17 of 20, extra 0 off
                   | cancel     | unchanged              |
                   | plan?      | pro, then none         |
        2026-11-20 | use 19     | 17 credit + 2 uncollected |
                   | state      | stopped, next extra_usage_off |
        2026-12-01 | wait       | -                      | credit 0 of 0, extra 0 off
                   | plan?      | pro, closed            |
                   | offer      | fee 0, credit 0        |
                   | state      | closed, next account_closed |
                   | use 1      | 1 uncollected          |
                   | claim      | account closed         |
                   | changes    | 11-01 opened by key:provider; 11-01 extra_usage_on by user:owner; 11-10 extra_usage_off by user:owner; 11-10 cancelled by user:owner; 12-01 closed by portal |
        """);

    [Fact]
    public void Closes_an_account_that_nobody_looks_at_with_the_boundarys_time() => Scenario.Holds("""
        2026-11-01 | open pro              | opened       |
                   | claim                 | claimed 20   |
                   | claim-every-period on | changed      |
                   | cancel                | closes 12-01 |
        2027-02-10 | wait                  | -            | credit 0 of 0, extra 0 off
                   | entries at            | 11-01 grant 20 of 1; 12-01 expiry 20 of 1 |
                   | changes               | 11-01 opened by key:provider; 11-01 claim_every_period by user:owner; 11-01 cancelled by user:owner; 12-01 closed by portal |
                   | offer                 | fee 0, credit 0 |
                   | period                | 3: 02-01 to 03-01 |
        """);

    [Fact]
    public void Closes_after_holds_ended_and_grants_expired_and_before_the_credit_would_be_claimed() => Scenario.Holds("""
        2026-11-30 23:45 | open pro anchor=2026-11-01 | opened         |
                         | claim                      | claimed 20     |
                         | claim-every-period on      | changed        |
                         | extra on 9                 | changed        |
                         | hold a 20 ttl=15m          | held 20 credit |
                         | use 3                      | 3 extra        |
                         | cancel                     | closes 12-01   |
        2026-12-01       | wait                       | -              | credit 0 of 0, extra 0 off
                         | entries at                 | 11-30 23:45 grant 20 of 1; 11-30 23:45 charge extra 3; 12-01 reallocation 3 of 1; 12-01 expiry 17 of 1 |
                         | periods                    | 0 final extra 0 uncollected 0; 1 runs extra 0 uncollected 0 |
        """);

    [Fact]
    public void Leaves_what_is_held_to_settle_within_what_it_holds_also_after_the_account_has_closed() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened                |
                         | claim                      | claimed 20            |
                         | extra on 9                 | changed               |
                         | hold a 22                  | held 20 credit + 2 extra |
                         | cancel                     | closes 12-01, 2 held  | credit 0+20 of 20, extra 0+2 off
        2026-12-01 00:02 | settle a 24                | 20 credit + 2 extra + 2 uncollected |
                         | last                       | period 0, version 1, nothing_left |
                         | plan?                      | pro, closed           |
        """);

    [Fact]
    public void Can_be_taken_back_until_the_period_ends_and_extra_stays_off() => Scenario.Holds("""
        2026-11-01       | open pro   | opened       |
                         | keep       | unchanged    |
                         | extra on 5 | changed      |
                         | cancel     | closes 12-01 |
        2026-11-30 23:59:59 | keep    | kept         |
                         | plan?      | pro          |
        2026-12-01       | wait       | -            | credit 0 of 0, extra 0 off
                         | offer      | fee 20, credit 20 |
                         | plan?      | pro          |
                         | cancel     | closes 01-01 |
        2027-01-01       | keep       | account closed |
                         | cancel     | account closed |
        """);

    [Fact]
    public void And_a_plan_for_the_next_period_replace_each_other() => Scenario.Holds("""
        2026-11-01 | open max-5x  | opened                      |
                   | choose pro   | from 12-01                  |
                   | cancel       | closes 12-01                |
                   | plan?        | max-5x, then none           |
                   | choose pro   | from 12-01                  |
                   | plan?        | max-5x, then pro            |
                   | cancel       | closes 12-01                |
                   | plan max-5x  | from 12-01                  |
                   | plan?        | max-5x                      |
                   | cancel       | closes 12-01                |
        2026-11-16 | choose max-20x | upgraded, fee 50, credit 50 |
                   | plan?        | max-20x                     |
                   | choose pro   | from 12-01                  |
                   | keep         | kept                        |
                   | plan?        | max-20x                     |
        """);

    [Fact]
    public void Does_not_forbid_its_owner_to_turn_extra_on_again_until_the_account_closes() => Scenario.Holds("""
        2026-11-01 | open pro   | opened       |
                   | cancel     | closes 12-01 |
                   | extra on 5 | changed      | credit 0 of 0, extra 0 of 5
        2026-12-01 | wait       | -            | credit 0 of 0, extra 0 off
                   | extra on 5 | account closed |
        """);
}

public class A_subscriber_who_chooses_a_plan
{
    [Fact]
    public void Chooses_only_among_plans_that_are_marked_for_it_and_may_always_keep_the_present_one() => Scenario.Holds("""
        2026-11-01 | open team-standard   | opened                                 |
                   | choose gold          | unknown plan gold                      |
                   | choose team-premium  | team-premium is not self-service       |
                   | choose team-standard | unchanged                              |
                   | choose pro           | from 12-01                             |
                   | choose team-standard | kept                                   |
                   | plan team-premium    | upgraded, fee 100, credit 80           |
                   | close                | closed                                 |
                   | choose pro           | account closed                         |
        """);
}

public class A_closed_account
{
    [Fact]
    public void Keeps_the_fee_of_the_period_in_which_it_was_closed_and_its_later_periods_have_none() => Scenario.Holds("""
        2026-11-01 | open pro              | opened            |
                   | claim-every-period on | changed           |
        2026-11-10 | close                 | closed            |
                   | offer                 | fee 20, credit 20 |
        2026-12-01 | wait                  | -                 | credit 0 of 0, extra 0 off
                   | offer                 | fee 0, credit 0   |
                   | entries               | none              |
        """);

    [Fact]
    public void Has_fee_and_credit_as_before_if_it_is_opened_again_in_the_same_period() => Scenario.Holds("""
        2026-11-01 | open pro   | opened            |
                   | claim      | claimed 20        |
        2026-11-10 | close      | closed            |
        2026-11-20 | reopen     | open              | credit 20 of 20, extra 0 off
                   | offer      | fee 20, credit 20 |
        """);

    [Fact]
    public void Gets_the_fee_and_the_credit_of_the_time_left_if_it_is_opened_again_in_a_period_that_began_closed() => Scenario.Holds("""
        2026-11-01 | open pro              | opened            |
                   | claim-every-period on | changed           |
                   | cancel                | closes 12-01      |
        2026-12-24 06:00 | reopen          | open              | credit 0 of 0, extra 0 off
                   | offer                 | fee 5, credit 5   |
                   | state                 | unclaimed, next credit_not_claimed |
                   | claim                 | claimed 5         |
        2026-12-25 | close                 | closed            |
                   | reopen                | open              |
                   | offer                 | fee 5, credit 5   |
        2027-01-01 | wait                  | -                 | credit 20 of 20, extra 0 off
                   | offer                 | fee 20, credit 20 |
        """);

    [Fact]
    public void Takes_a_plan_for_when_it_is_opened_again_in_a_period_that_began_closed() => Scenario.Holds("""
        2026-11-01 | open max-5x | opened          |
                   | cancel      | closes 12-01    |
        2026-12-24 06:00 | plan pro | from 01-01   |
                   | offer       | fee 0, credit 0 |
                   | plan?       | max-5x, then pro, closed |
                   | reopen      | open            |
                   | plan?       | pro             |
                   | offer       | fee 5, credit 5 |
        """);

    [Fact]
    public void Pays_for_no_upgrade_before_it_is_opened_again() => Scenario.Holds("""
        2026-11-01 | open pro    | opened            |
                   | close       | closed            |
        2026-11-16 | plan max-5x | from 12-01        |
                   | offer       | fee 20, credit 20 |
        2026-11-23 12:00 | reopen | open             |
                   | plan?       | max-5x            |
                   | offer       | fee 40, credit 40 |
        """);

    [Fact]
    public void That_was_only_put_there_closed_never_had_a_fee() => Scenario.Holds("""
        2026-11-16 | open pro anchor=2026-11-01 status=closed | opened |
                   | offer  | fee 0, credit 0   |
                   | reopen | open              |
                   | offer  | fee 10, credit 10 |
        2026-12-01 | offer  | fee 10, credit 10 |
                   | wait   | -                 |
                   | offer  | fee 20, credit 20 |
        """);

    [Fact]
    public void Has_the_terms_of_the_day_on_which_it_is_opened_again() => Scenario.Holds("""
        2026-11-01 | open pro | opened            |
                   | cancel   | closes 12-01      |
        2026-12-24 06:00 | reopen | open          |
                   | offer    | fee 5, credit 7.5 |
        """, TestTerms.Book(plans: [.. TestTerms.Plans(), TestTerms.Plans().First(p => p.Plan == "pro") with { EffectiveFrom = TestTerms.At("2026-12-15"), MonthlyCredit = Money.FromDollars(30) }]));
}
