namespace Ledger.Tests.Tables;

public class Extra_usage
{
    [Fact]
    public void It_is_off_until_its_owner_turns_it_on_with_a_cap_in_range() => Scenario.Holds("""
        2026-11-01 | open pro              | opened                           | credit 0 of 0, extra 0 off
                   | cap 5                 | is off                           |
                   | extra on 0            | cap out of range, largest 2000   |
                   | extra on 2000.000000001 | cap out of range, largest 2000 |
                   | extra on 2000         | changed                          | credit 0 of 0, extra 0 of 2000
                   | extra on 2000         | unchanged                        |
                   | extra on 10           | changed                          | credit 0 of 0, extra 0 of 10
                   | extra off             | changed                          | credit 0 of 0, extra 0 off
                   | extra off             | unchanged                        |
        """);

    [Fact]
    public void A_plan_without_it_does_not_allow_it() => Scenario.Holds("""
        2026-11-01 | open enterprise-standard | opened                             |
                   | extra on 5               | not allowed on enterprise-standard |
                   | daily-cap 1              | not allowed on enterprise-standard |
                   | daily-cap none           | unchanged                          |
        """);

    [Fact]
    public void Off_counts_at_once_but_what_is_held_may_still_settle_within_what_it_holds() => Scenario.Holds("""
        2026-11-01 | open pro   | opened          |
                   | extra on 5 | changed         |
                   | hold a 3   | held 3 extra    |
                   | extra off  | changed, 3 held | credit 0 of 0, extra 0+3 off
                   | hold b 1   | credit_not_claimed |
                   | use 1      | 1 uncollected   |
                   | settle a 4 | 3 extra + 1 uncollected | credit 0 of 0, extra 3 off, uncollected 2
                   | last       | period 0, version 1, nothing_left |
        """);

    [Fact]
    public void Lowering_the_cap_takes_nothing_from_holds_and_stops_everything_else() => Scenario.Holds("""
        2026-11-01 | open pro   | opened          |
                   | extra on 9 | changed         |
                   | use 4      | 4 extra         |
                   | hold a 3   | held 3 extra    |
                   | cap 2      | changed, 3 held | credit 0 of 0, extra 4+3 of 2
                   | use 1      | 1 uncollected   |
                   | settle a 5 | 3 extra + 2 uncollected | credit 0 of 0, extra 7 of 2, uncollected 3
                   | cap 8      | changed         |
                   | use 2      | 1 extra + 1 uncollected | credit 0 of 0, extra 8 of 8, uncollected 4
        """);

    [Fact]
    public void A_daily_cap_counts_the_utc_day_in_which_use_is_recorded_or_held() => Scenario.Holds("""
        2026-11-01 22:00 | open pro         | opened       |
                         | extra on 50      | changed      |
                         | daily-cap 3      | changed      |
                         | use 1            | 1 extra      |
        2026-11-01 23:50 | hold a 2 ttl=1h  | held 2 extra |
                         | hold b 0.5       | credit_not_claimed |
                         | use 1            | 1 uncollected |
        2026-11-02 00:10 | hold b 1.5       | held 1.5 extra |
                         | settle a 3       | 3 extra      | credit 0 of 0, extra 4+1.5 of 50, uncollected 1
                         | use 1            | 0.5 extra + 0.5 uncollected |
        +1d              | use 4            | 3 extra + 1 uncollected |
        """);

    [Fact]
    public void A_day_that_has_begun_is_not_taken_back_by_a_clock_that_goes_behind() => Scenario.Holds("""
        2026-11-01 22:00 | open pro         | opened       |
                         | extra on 50      | changed      |
                         | daily-cap 3      | changed      |
                         | use 3            | 3 extra      |
        2026-11-02 00:10 | wait             |              |
        2026-11-01 23:50 | use 2            | 2 extra      | credit 0 of 0, extra 5 of 50
                         | use 2            | 1 extra + 1 uncollected |
        2026-11-02 00:10 | use 2            | 2 uncollected |
        """);

    [Fact]
    public void How_late_a_day_is_found_to_be_over_does_not_matter_when_the_clock_goes_behind_meanwhile() => Scenario.Holds("""
        2026-11-01 22:00 | open pro         | opened       |
                         | extra on 50      | changed      |
                         | use 3            | 3 extra      |
        2026-11-05 12:00 | wait             |              |
        2026-11-03 12:00 | cap 40           | changed      |
                         | changes          | 11-01 22:00 opened by key:provider; 11-01 22:00 extra_usage_on by user:owner; 11-03 12:00 cap by user:owner |
        """);

    [Fact]
    public void A_models_cap_counts_what_flowed_to_it_in_the_period() => Scenario.Holds("""
        2026-11-01 | open pro         | opened       |
                   | model-cap x 1    | unknown model x |
                   | extra on 50      | changed      |
                   | model-cap n 3    | changed      |
                   | use 2 model=n    | 2 extra      |
                   | use 2 model=n    | 1 extra + 1 uncollected |
                   | use 2            | 2 extra      |
                   | model-cap n 4    | changed      |
                   | hold a 1 model=n | held 1 extra |
                   | use 1 model=n    | 1 uncollected |
                   | model-cap n none | changed, 1 held |
                   | use 1 model=n    | 1 extra      | credit 0 of 0, extra 6+1 of 50, uncollected 2
        2026-12-01 | model-cap n 3    | changed      |
                   | use 4 model=n    | 3 extra + 1 uncollected |
        """);

    [Fact]
    public void A_reallocation_gives_nothing_of_the_daily_and_the_models_cap_back() => Scenario.Holds("""
        2026-11-01 | open pro          | opened     |
                   | extra on 50       | changed    |
                   | daily-cap 5       | changed    |
                   | model-cap n 3     | changed    |
                   | use 3 model=n     | 3 extra    |
                   | claim             | claimed 20 | credit 17 of 20, extra 0 of 50
                   | use 17            | 17 credit  |
                   | hold a 1 model=n  | model_cap_reached |
                   | limits            | credit 20 used 20 held 0 left 0 until 12-01; period_cap 50 used 0 held 0 left 50 until 12-01; daily_cap 5 used 3 held 0 left 2 until 11-02; model_cap 3 used 3 held 0 left 0 until 12-01 |
                   | hold a 3          | daily_cap_reached |
                   | hold a 2          | held 2 extra |
        """);

    [Fact]
    public void Consent_records_text_cap_rate_card_who_and_when()
    {
        var world = new World(TestTerms.Book());
        world.Begin("pro", TestTerms.At("2026-11-01"), TestTerms.At("2026-11-01"));
        world.PassTo(TestTerms.At("2026-11-02"));
        world.Decide(a => a.TurnOnExtraUsage(Money.FromDollars(25), "Up to $25 a period.", world.Book, world.Now, World.Owner));
        var consent = world.Changes[^1];
        Assert.Equal(
            (AccountChangeKind.ExtraUsageOn, "Up to $25 a period.", Money.FromDollars(25), 1, World.Owner, TestTerms.At("2026-11-02")),
            (consent.Kind, consent.Consent, consent.After.Cap!.Value, consent.RateCardVersion!.Value, consent.Actor, consent.At));
    }

    [Fact]
    public void An_event_takes_extra_only_if_it_was_on_since_no_later_than_the_events_time() => Scenario.Holds("""
        2026-11-01       | open pro    | opened        |
        2026-11-02 12:00 | extra on 50 | changed       |
        +1h              | use 1 at=2026-11-02T11:59:59.999999 | 1 uncollected |
                         | last        | period 0, version 1, turned_on_later |
                         | use 1 at=2026-11-02T12:00 | 1 extra |
                         | extra off   | changed       |
                         | use 1 at=2026-11-02T12:30 | 1 uncollected |
        +1h              | extra on 50 | changed       |
                         | use 1 at=2026-11-02T12:30 | 1 uncollected |
                         | use 1       | 1 extra       | credit 0 of 0, extra 2 of 50, uncollected 3
        """);
}
