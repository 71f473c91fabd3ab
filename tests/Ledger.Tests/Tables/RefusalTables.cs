namespace Ledger.Tests.Tables;

public class Refusals
{
    private static readonly PriceBook Paused = TestTerms.Book(
    [
        TestTerms.Active,
        new(TestTerms.At("2026-11-10"), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod),
        new(TestTerms.At("2026-11-20"), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod),
        new(TestTerms.At("2026-11-25"), ProgrammeStatus.Ended, ProgrammaticUse.Included, ClaimMode.EachPeriod),
    ]);

    [Fact]
    public void The_first_match_in_the_written_order_is_the_answer() => Scenario.Holds("""
        2026-11-12 | open pro                       | opened               |
                   | hold a 1 model=x surface=x     | unknown_surface      |
                   | hold a 1 model=x               | unknown_model        |
                   | hold a 1 model=x surface=chat  | unknown_model        |
                   | hold a 1                       | programme_not_active |
                   | why                            | The credit programme is not active, and programmatic use is refused until it is. It becomes active on 2026-11-20 00:00 UTC. Wait until the programme is active. |
                   | hold a 1 surface=chat          | held included        |
                   | close                          | closed               |
                   | hold b 1 model=x surface=x     | account_closed       |
                   | hold b 1 surface=chat          | account_closed       |
        """, Paused);

    [Fact]
    public void Credit_not_claimed_comes_first_but_only_if_it_would_fit_after_the_claim() => Scenario.Holds("""
        2026-11-01 | open pro   | opened             |
                   | hold a 20  | credit_not_claimed |
                   | limits     | credit 0 used 0 held 0 left 0 until 12-01 |
                   | why        | This period's credit of $20.00 is not claimed yet; after the claim this request fits. Claim the credit of $20.00. |
                   | hold a 20.000000001 | extra_usage_off |
                   | why        | This period's credit of $20.00 is not claimed, and would not be enough. Extra usage is off. This request needs up to $20.00. Turn on extra usage with a cap, or wait for the next period's credit. |
                   | extra on 5 | changed            |
                   | hold a 25  | credit_not_claimed |
                   | hold a 25.000000001 | cap_reached |
                   | use 3      | 3 extra            |
                   | hold a 22.000000001 | cap_reached |
                   | hold a 22  | credit_not_claimed |
                   | claim      | claimed 20         |
                   | hold a 22  | held 17 credit + 5 extra |
        """);

    [Fact]
    public void Daily_and_model_caps_keep_a_request_from_fitting_after_the_claim() => Scenario.Holds("""
        2026-11-01 | open pro          | opened             |
                   | extra on 50       | changed            |
                   | daily-cap 2       | changed            |
                   | model-cap n 1     | changed            |
                   | hold a 22         | credit_not_claimed |
                   | hold a 22.1       | daily_cap_reached  |
                   | hold a 21 model=n | credit_not_claimed |
                   | hold a 21.5 model=n | model_cap_reached |
        """);

    [Fact]
    public void The_extra_that_the_claim_would_take_over_leaves_less_of_the_credit() => Scenario.Holds("""
        2026-11-01 | open pro             | opened             |
                   | extra on 50          | changed            |
                   | daily-cap 4          | changed            |
                   | use 3                | 3 extra            |
                   | hold a 18.000000001  | daily_cap_reached  |
                   | hold a 18            | credit_not_claimed |
                   | claim                | claimed 20         |
                   | hold a 18            | held 17 credit + 1 extra |
        """);

    [Fact]
    public void Without_extra_the_plan_or_the_switch_is_the_reason() => Scenario.Holds("""
        2026-11-01 | open enterprise-standard    | opened                  |
                   | hold a 1                    | extra_usage_not_allowed |
                   | why                         | There is no credit. The plan has no extra usage. This request needs up to $1.00. Wait for the next period's credit, or choose a plan with more. |
                   | goodwill 2 until=2026-12-20 | granted 2               |
                   | hold a 3                    | extra_usage_not_allowed |
                   | limits                      | credit 2 used 0 held 0 left 2 until 12-01 |
                   | hold a 2                    | held 2 credit           |
        """);

    [Fact]
    public void Every_cap_that_exists_is_listed_with_its_numbers_and_model_comes_before_day_before_period() => Scenario.Holds("""
        2026-11-01 | open pro            | opened            |
                   | claim               | claimed 20        |
                   | use 16              | 16 credit         |
                   | extra on 50         | changed           |
                   | daily-cap 10        | changed           |
                   | model-cap n 5       | changed           |
                   | hold a 6 model=n    | held 4 credit + 2 extra |
                   | use 1 model=n       | 1 extra           |
                   | hold b 50 model=n   | model_cap_reached |
                   | limits              | credit 20 used 16 held 4 left 0 until 12-01; period_cap 50 used 1 held 2 left 47 until 12-01; daily_cap 10 used 1 held 2 left 7 until 11-02; model_cap 5 used 1 held 2 left 2 until 12-01 |
                   | why                 | The credit of $20.00 is used up or held ($4.00). Of the cap for n of $5.00, $1.00 is used and $2.00 is held; $2.00 remains. This request needs up to $50.00. Raise or remove the model's cap, or use another model. |
                   | hold b 50           | daily_cap_reached |
                   | limits              | credit 20 used 16 held 4 left 0 until 12-01; period_cap 50 used 1 held 2 left 47 until 12-01; daily_cap 10 used 1 held 2 left 7 until 11-02 |
                   | daily-cap none      | changed, 2 held   |
                   | hold b 50           | cap_reached       |
                   | why                 | The credit of $20.00 is used up or held ($4.00). Of the cap of $50.00, $1.00 is used and $2.00 is held; $47.00 remains. This request needs up to $50.00. Raise the cap, or wait for the next period. |
                   | hold b 47           | held 47 extra     | credit 0+4 of 20, extra 1+49 of 50
        """);

    [Fact]
    public void An_unclaimed_credit_refuses_nothing_that_extra_carries() => Scenario.Holds("""
        2026-11-01 | open pro   | opened       |
                   | extra on 5 | changed      |
                   | hold a 5   | held 5 extra |
                   | state      | unclaimed, next credit_not_claimed |
                   | release a  | released     |
                   | state      | unclaimed, next allowed |
        """);

    [Fact]
    public void Holds_settle_under_the_terms_they_were_given_whatever_the_programme_became() => Scenario.Holds("""
        2026-11-09 23:55 | open pro   | opened        |
                         | claim      | claimed 20    |
                         | hold a 2   | held 2 credit |
        2026-11-10       | hold b 2   | programme_not_active |
                         | use 2      | 2 uncollected |
                         | last       | period 0, version 1, programme_refuses |
                         | use 2 at=2026-11-09T23:59 | 2 credit |
                         | settle a 2 | 2 credit      | credit 16 of 20, extra 0 off, uncollected 2
        2026-11-24 23:55 | hold c 2   | held 2 credit |
        2026-11-25       | hold d 99  | held included |
                         | settle c 1 | 1 credit      |
                         | settle d 9 | included 9    |
                         | last       | period 0, version 1, programme_includes |
                         | use 5      | included 5    | credit 15 of 20, extra 0 off, uncollected 2
        """, Paused);

    [Fact]
    public void The_state_is_the_first_that_fits() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                                |
                   | state      | unclaimed, next credit_not_claimed    |
                   | claim      | claimed 20                            |
                   | state      | active, next allowed                  |
                   | use 20     | 20 credit                             |
                   | state      | stopped, next extra_usage_off         |
                   | extra on 5 | changed                               |
                   | state      | spilling, next allowed                |
                   | use 5      | 5 extra                               |
                   | state      | stopped, next cap_reached             |
                   | why        | The credit of $20.00 is used up. Of the cap of $5.00, $5.00 is used; $0.00 remains. Raise the cap, or wait for the next period. |
        2026-11-12 | state      | programme_not_active, next programme_not_active |
        2026-11-26 | state      | programme_not_active, next allowed    |
                   | close      | closed                                |
                   | state      | closed, next account_closed           |
        """, Paused);

    [Fact]
    public void A_plan_without_credit_and_extra_is_in_the_state_no_credit_unless_some_was_given() => Scenario.Holds("""
        2026-11-01 | open enterprise-standard    | opened     |
                   | state                       | no_credit, next extra_usage_not_allowed |
                   | goodwill 2 until=2026-12-20 | granted 2  |
                   | state                       | active, next allowed |
                   | use 2                       | 2 credit   |
                   | state                       | no_credit, next extra_usage_not_allowed |
        """);

    [Fact]
    public void Stopped_comes_before_unclaimed_where_a_claim_would_not_help() => Scenario.Holds("""
        2026-11-01 | open pro    | opened   |
                   | extra on 30 | changed  |
                   | use 25      | 25 extra |
                   | cap 6       | changed  |
                   | state       | unclaimed, next credit_not_claimed |
                   | cap 3       | changed  |
                   | state       | stopped, next cap_reached |
        """);

    [Fact]
    public void The_smallest_use_ignores_the_caps_of_models() => Scenario.Holds("""
        2026-11-01 | open pro         | opened  |
                   | claim            | claimed 20 |
                   | use 20           | 20 credit |
                   | extra on 5       | changed |
                   | model-cap m 1    | changed |
                   | use 1            | 1 extra |
                   | state            | spilling, next allowed |
                   | daily-cap 1      | changed |
                   | state            | stopped, next daily_cap_reached |
        """);
}
