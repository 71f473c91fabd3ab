namespace Ledger.Tests.Tables;

public class Alerts
{
    [Fact]
    public void Each_share_of_the_credit_is_told_once_and_a_jump_tells_the_highest_only() => Scenario.Holds("""
        2026-11-01 | open pro | opened     |
                   | claim    | claimed 20 |
                   | use 9.999999999 | 9.999999999 credit |
                   | alerts   | none       |
                   | use 0.000000001 | 0.000000001 credit |
                   | alerts   | credit 50: 10 of 20 |
                   | use 8    | 8 credit   |
                   | alerts   | credit 90: 18 of 20 |
                   | use 2    | 2 credit   |
                   | alerts   | credit 100: 20 of 20 |
                   | use 1    | 1 uncollected |
                   | alerts   | none       |
        2026-12-01 | claim    | claimed 20 |
                   | use 12   | 12 credit  |
                   | alerts   | credit 50: 12 of 20 |
        """);

    [Fact]
    public void What_is_held_is_not_used_yet() => Scenario.Holds("""
        2026-11-01 | open pro  | opened         |
                   | claim     | claimed 20     |
                   | hold a 20 | held 20 credit |
                   | alerts    | none           |
                   | settle a 11 | 11 credit    |
                   | alerts    | credit 50: 11 of 20 |
        """);

    [Fact]
    public void Shares_of_the_cap_and_the_first_extra_are_told_and_a_new_cap_tells_no_share_again() => Scenario.Holds("""
        2026-11-01 | open team-standard | opened |
                   | extra on 10 | changed        |
                   | alerts      | extra_usage_on - to 10 by user:owner |
                   | use 0.5     | 0.5 extra      |
                   | alerts      | first extra 0.5 |
                   | use 4.5     | 4.5 extra      |
                   | alerts      | cap 50: 5 of 10 |
                   | use 9       | 5 extra + 4 uncollected |
                   | alerts      | cap 100: 10 of 10 |
                   | cap 20      | changed        |
                   | use 10      | 10 extra       |
                   | alerts      | cap 10 to 20 by user:owner |
                   | extra off   | changed        |
                   | alerts      | extra_usage_off 20 to - by user:owner |
        """);

    [Fact]
    public void A_cap_below_what_is_used_is_told_as_reached() => Scenario.Holds("""
        2026-11-01 | open pro    | opened  |
                   | extra on 10 | changed |
                   | use 4       | 4 extra |
                   | cap 3       | changed |
                   | alerts      | extra_usage_on - to 10 by user:owner; first extra 4; cap 10 to 3 by user:owner; cap 100: 4 of 3 |
                   | daily-cap 2 | changed |
                   | model-cap n 1 | changed |
                   | model-cap n none | changed |
                   | alerts      | daily_cap - to 2 by user:owner; model_cap - to 1 by user:owner; model_cap 1 to - by user:owner |
        """);

    [Fact]
    public void A_claim_after_the_use_tells_the_share_of_all_credit_and_what_waits_counts_as_there() => Scenario.Holds("""
        2026-11-01 | open pro       | opened    |
                   | goodwill 5 until=+9d | granted 5 |
                   | use 5          | 5 credit  |
                   | alerts         | none      |
                   | extra on 30    | changed   |
                   | use 8          | 8 extra   |
                   | alerts         | extra_usage_on - to 30 by user:owner; first extra 8 |
                   | claim          | claimed 20 |
                   | alerts         | credit 50: 13 of 25 |
        """);

    [Fact]
    public void Credit_of_an_earlier_period_counts_with_what_this_period_has_used_of_it() => Scenario.Holds("""
        2026-11-01 | open pro       | opened    |
                   | goodwill 10 until=+90d | granted 10 |
                   | use 8          | 8 credit  |
        2026-12-02 | alerts         |            |
                   | claim          | claimed 20 |
                   | use 10         | 10 credit |
                   | alerts         | none      |
                   | use 1          | 1 credit  |
                   | alerts         | credit 50: 11 of 22 |
        """);

    [Fact]
    public void A_reversal_tells_nothing_again() => Scenario.Holds("""
        2026-11-01 | open pro  | opened     |
                   | claim     | claimed 20 |
                   | use 10    | 10 credit  |
                   | alerts    | credit 50: 10 of 20 |
                   | reverse 1 | reversed 10 credit |
                   | use 10    | 10 credit  |
                   | alerts    | none       |
                   | use 5     | 5 credit   |
                   | alerts    | credit 75: 15 of 20 |
        """);

    [Fact]
    public void A_hold_that_runs_out_moves_extra_to_credit_and_the_share_with_it() => Scenario.Holds("""
        2026-11-01       | open pro    | opened         |
                         | claim       | claimed 20     |
                         | extra on 10 | changed        |
                         | hold a 20   | held 20 credit |
                         | use 2       | 2 extra        |
                         | alerts      | extra_usage_on - to 10 by user:owner; first extra 2 |
        2026-11-01 00:16 | alerts      | none           |
                         | use 8       | 8 credit       |
                         | alerts      | credit 50: 10 of 20 |
        """);

    [Fact]
    public void Thresholds_can_be_chosen_and_what_is_passed_then_is_not_told() => Scenario.Holds("""
        2026-11-01 | open pro             | opened     |
                   | claim                | claimed 20 |
                   | thresholds credit 80,20 | changed |
                   | thresholds credit 20,80,80 | unchanged |
                   | use 4                | 4 credit   |
                   | alerts               | credit 20: 4 of 20 |
                   | use 8                | 8 credit   |
                   | thresholds credit 30,60,61 | changed |
                   | use 0.1              | 0.1 credit |
                   | alerts               | none       |
                   | use 0.1              | 0.1 credit |
                   | alerts               | credit 61: 12.2 of 20 |
                   | thresholds credit none | changed  |
                   | use 7.8              | 7.8 credit |
                   | alerts               | none       |
                   | thresholds cap 0     | out of range |
                   | thresholds cap 101   | out of range |
                   | thresholds cap 1,2,3,4,5,6,7,8,9,10,11 | out of range |
        """);

    [Fact]
    public void Credit_that_waits_is_told_after_three_days_and_before_it_is_lost() => Scenario.Holds("""
        2026-11-01 | open pro | opened |
        2026-11-03 23:59 | wait |    |
                   | alerts   | none   |
        2026-11-04 | wait     |        |
                   | alerts   | unclaimed 20 |
        2026-11-24 | wait     |        |
                   | alerts   | lost in 7d: 20, 20 unclaimed |
                   | claim    | claimed 20 |
                   | use 5    | 5 credit |
        2026-11-28 | wait     |        |
                   | alerts   | lost in 3d: 15 |
                   | use 15   | 15 credit |
        2026-11-30 | wait     |        |
                   | alerts   | credit 100: 20 of 20 |
        """);

    /// <summary>Not a table: an account that is swept in between is told more.</summary>
    [Fact]
    public void An_account_that_slept_is_told_the_days_that_are_left_and_nothing_of_a_period_that_is_over()
    {
        var world = new World(TestTerms.Book());
        var steps = new Steps(world);
        world.PassTo(TestTerms.At("2026-11-01"));
        steps.Do("open pro");
        world.PassTo(TestTerms.At("2026-11-29"));
        steps.Do("wait");
        Assert.Equal("unclaimed 20; lost in 3d: 20, 20 unclaimed", steps.Do("alerts"));
        world.PassTo(TestTerms.At("2027-01-02"));
        steps.Do("wait");
        Assert.Equal("none", steps.Do("alerts"));
        Assert.Equal(TestTerms.At("2027-01-04"), world.Account.NextDue);
    }

    [Fact]
    public void Credit_that_outlives_the_period_is_not_about_to_be_lost_unless_the_plan_is_cancelled() => Scenario.Holds("""
        2026-11-01 | open pro | opened |
                   | claim    | claimed 20 |
                   | goodwill 7 until=+60d | granted 7 |
                   | use 19   | 19 credit |
                   | alerts   | credit 50: 19 of 27 |
        2026-11-24 | wait     |        |
                   | alerts   | lost in 7d: 1 |
                   | cancel   | closes 12-01 |
        2026-11-28 | wait     |        |
                   | alerts   | lost in 3d: 8 |
        """);

    [Fact]
    public void While_the_programme_is_paused_nobody_is_asked_to_claim() => Scenario.Holds("""
        2026-11-01 | open pro | opened |
        2026-11-10 | wait     |        |
                   | alerts   | none   |
        2026-11-12 | wait     |        |
                   | alerts   | unclaimed 20 |
        """, TestTerms.Book(programme:
        [
            TestTerms.Active,
            new(TestTerms.At("2026-11-02"), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod),
            new(TestTerms.At("2026-11-12"), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod),
        ]));

    [Fact]
    public void A_refusal_is_told_once_for_each_reason_and_period() => Scenario.Holds("""
        2026-11-01 | open pro    | opened |
                   | hold a 1    | credit_not_claimed |
                   | hold a 2    | credit_not_claimed |
                   | hold a 21   | extra_usage_off |
                   | hold a 1 surface=fax | unknown_surface |
                   | alerts      | refused credit_not_claimed; refused extra_usage_off; refused unknown_surface |
        2026-11-02 | hold a 1    | credit_not_claimed |
                   | alerts      | none |
        2026-12-01 | alerts      |        |
                   | hold a 1    | credit_not_claimed |
                   | alerts      | refused credit_not_claimed |
                   | close       | closed |
                   | hold a 1    | account_closed |
                   | hold a 1    | account_closed |
                   | alerts      | refused account_closed |
        """);

    [Fact]
    public void A_plan_without_extra_usage_turns_it_off_and_says_so() => Scenario.Holds("""
        2026-11-01 | open pro    | opened  |
                   | claim       | claimed 20 |
                   | use 20      | 20 credit |
                   | extra on 10 | changed |
                   | plan enterprise-standard | from 12-01 |
                   | alerts      | credit 100: 20 of 20; extra_usage_on - to 10 by user:owner |
        2026-12-01 | wait        |         |
                   | alerts      | extra_usage_off 10 to - by portal |
        """);
}
