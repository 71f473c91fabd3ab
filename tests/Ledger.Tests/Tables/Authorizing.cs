namespace Ledger.Tests.Tables;

public class Authorizing
{
    [Fact]
    public void A_hold_takes_credit_first_and_the_rest_from_extra() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                   |
                   | claim      | claimed 20               |
                   | extra on 5 | changed                  |
                   | hold a 18  | held 18 credit           | credit 2+18 of 20, extra 0 of 5
                   | hold b 6   | held 2 credit + 4 extra  | credit 0+20 of 20, extra 0+4 of 5
                   | hold c 1.1 | cap_reached              | credit 0+20 of 20, extra 0+4 of 5
                   | hold c 1   | held 1 extra             | credit 0+20 of 20, extra 0+5 of 5
        """);

    [Fact]
    public void Settling_takes_held_credit_then_free_credit_then_held_extra_then_extra_within_the_cap() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened                  |
                   | extra on 5                  | changed                 |
                   | goodwill 2 until=2026-12-20 | granted 2               |
                   | hold a 3                    | held 2 credit + 1 extra | credit 0+2 of 2, extra 0+1 of 5
                   | goodwill 4 until=2026-12-20 | granted 4               | credit 4+2 of 6, extra 0+1 of 5
                   | settle a 12                 | 6 credit + 5 extra + 1 uncollected | credit 0 of 6, extra 5 of 5, uncollected 1
                   | last                        | period 0, version 1, cap_reached |
                   | entries                     | grant 2 of 1; grant 4 of 2; charge credit 2 of 1; charge credit 4 of 2; charge extra 5; charge uncollected 1 |
        """);

    [Fact]
    public void Held_credit_comes_before_free_credit_even_if_that_expires_sooner() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened        |
                   | goodwill 5 until=2026-12-20 | granted 5     |
                   | hold a 5                    | held 5 credit |
                   | goodwill 5 until=2026-11-20 | granted 5     |
                   | settle a 6                  | 6 credit      | credit 4 of 10, extra 0 off
                   | entries                     | grant 5 of 1; grant 5 of 2; charge credit 5 of 1; charge credit 1 of 2 |
        """);

    [Fact]
    public void What_a_settlement_does_not_use_becomes_free() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                   |
                   | claim      | claimed 20               |
                   | extra on 5 | changed                  |
                   | hold a 22  | held 20 credit + 2 extra | credit 0+20 of 20, extra 0+2 of 5
                   | settle a 1 | 1 credit                 | credit 19 of 20, extra 0 of 5
        """);

    [Fact]
    public void An_authorization_has_at_most_one_charge() => Scenario.Holds("""
        2026-11-01 | open pro   | opened          |
                   | claim      | claimed 20      |
                   | hold a 2   | held 2 credit   |
                   | settle a 1 | 1 credit        |
                   | settle a 1 | already settled |
                   | settle a 2 | already settled | credit 19 of 20, extra 0 off
                   | release a  | settled         |
                   | hold b 2   | held 2 credit   |
                   | release b  | released        |
                   | release b  | released        |
                   | settle b 1 | not held        | credit 19 of 20, extra 0 off
        """);

    [Fact]
    public void A_hold_expires_on_its_instant_and_is_settled_later_like_an_event() => Scenario.Holds("""
        2026-11-01                 | open pro         | opened        |
                                   | claim            | claimed 20    |
                                   | hold a 15 ttl=1h | held 15 credit |
                                   | hold b 2 ttl=1h  | held 2 credit |
        2026-11-01 00:59:59.999999 | settle b 2       | 2 credit      | credit 3+15 of 20, extra 0 off
                                   | hold c 4         | extra_usage_off |
        +1us                       | hold c 4         | held 4 credit | credit 14+4 of 20, extra 0 off
                                   | status a         | expired       |
        +1d                        | release a        | released      |
                                   | settle a 30      | 18 credit + 12 uncollected | credit 0 of 20, extra 0 off, uncollected 12
                                   | settle a 30      | already settled |
                                   | status a         | settled       |
        """);

    [Fact]
    public void An_expired_authorization_settles_up_to_35_days_later() => Scenario.Holds("""
        2026-11-01                 | open pro        | opened           |
                                   | claim           | claimed 20       |
                                   | hold a 1 ttl=1h | held 1 credit    |
                                   | hold b 1 ttl=1h | held 1 credit    |
        2026-12-06 01:00           | settle a 1      | 1 uncollected    |
                                   | last            | period 1, version 1, nothing_left |
        2026-12-06 01:00:00.000001 | settle b 1      | rejected too_old |
        """);

    [Fact]
    public void The_price_is_that_of_the_authorizations_rate_card() => Scenario.Holds("""
        2026-11-09 23:55 | open pro   | opened        |
                         | claim      | claimed 20    |
                         | hold a 2   | held 2 credit |
        2026-11-10       | hold b 2   | held 4 credit | credit 14+6 of 20, extra 0 off
                         | settle a 2 | 2 credit      |
                         | last       | period 0, version 1, credit_covered |
                         | settle b 2 | 4 credit      | credit 14 of 20, extra 0 off
                         | last       | period 0, version 2, credit_covered |
        """, TestTerms.Book(cards: [TestTerms.Card(), TestTerms.Card(2, "2026-11-10", 2)]));

    [Fact]
    public void An_expired_authorization_of_a_model_that_left_the_card_is_priced_as_it_was_authorized() => Scenario.Holds("""
        2026-11-09 23:50 | open pro         | opened        |
                         | claim            | claimed 20    |
                         | hold a 2 model=n | held 2 credit |
        2026-11-10 01:00 | hold b 2 model=n | unknown_model |
                         | use 2 model=n    | parked        |
                         | settle a 2       | 2 credit      |
        """, TestTerms.Book(cards: [TestTerms.Card(), TestTerms.Card(2, "2026-11-10", 1, "m")]));

    [Fact]
    public void A_credit_claimed_after_the_hold_pays_before_the_extra_that_it_holds() => Scenario.Holds("""
        2026-11-01 | open pro   | opened       |
                   | extra on 5 | changed      |
                   | hold a 3   | held 3 extra | credit 0 of 0, extra 0+3 of 5
                   | claim      | claimed 20   | credit 20 of 20, extra 0+3 of 5
                   | settle a 3 | 3 credit     | credit 17 of 20, extra 0 of 5
        """);

    [Fact]
    public void Extra_turned_on_after_the_hold_carries_what_the_hold_did_not_cover() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened        |
                   | goodwill 1 until=2026-12-20 | granted 1     |
                   | hold a 1                    | held 1 credit |
        +1m        | extra on 5                  | changed       |
                   | settle a 7                  | 1 credit + 5 extra + 1 uncollected |
                   | last                        | period 0, version 1, cap_reached |
        """);

    [Fact]
    public void A_settlement_too_old_or_in_the_future_changes_nothing() => Scenario.Holds("""
        2026-11-01 | open pro                             | opened             |
                   | claim                                | claimed 20         |
                   | hold a 2                             | held 2 credit      |
                   | settle a 1 at=-36d                   | rejected too_old   |
                   | settle a 1 at=2026-11-01T00:05:00.000001 | rejected in_future | credit 18+2 of 20, extra 0 off
                   | settle a 1 at=+5m                    | 1 credit           | credit 19 of 20, extra 0 off
        """);
}
