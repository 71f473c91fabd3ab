namespace Ledger.Tests.Tables;

public class Who_pays
{
    private static readonly PriceBook TwoPromotions = TestTerms.Book(promotions:
    [
        new Promotion("ten", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 100_000, ["n"], []),
        new Promotion("fifth", TestTerms.At("2026-11-01"), TestTerms.At("2026-11-20"), 200_000, ["n"], ["pro"]),
        new Promotion("never", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 900_000, ["n"], ["max-20x"]),
    ]);

    [Fact]
    public void Grants_burn_soonest_expiry_first_then_monthly_then_promotional_then_goodwill_then_oldest() => Scenario.Holds("""
        2026-11-01 | open pro                     | opened    |
                   | goodwill 1 until=2026-12-01  | granted 1 |
                   | goodwill 2 until=2026-11-20  | granted 2 |
                   | goodwill 3 until=2027-01-01  | granted 3 |
                   | goodwill 4 until=2026-12-01  | granted 4 |
                   | promotion 6 until=2026-12-01 | granted 6 |
                   | claim                        | claimed 20 | credit 36 of 36, extra 0 off
                   | use 35.5                     | 35.5 credit | credit 0.5 of 36, extra 0 off
                   | entries                      | grant 1 of 1; grant 2 of 2; grant 3 of 3; grant 4 of 4; grant 6 of 5; grant 20 of 6; charge credit 2 of 2; charge credit 20 of 6; charge credit 6 of 5; charge credit 1 of 1; charge credit 4 of 4; charge credit 2.5 of 3 |
        """);

    [Fact]
    public void With_extra_off_nobody_pays_the_rest() => Scenario.Holds("""
        2026-11-01 | open pro | opened                     |
                   | claim    | claimed 20                 |
                   | use 21   | 20 credit + 1 uncollected  | credit 0 of 20, extra 0 off, uncollected 1
                   | last     | period 0, version 1, nothing_left |
                   | use 2    | 2 uncollected              | credit 0 of 20, extra 0 off, uncollected 3
        """);

    [Fact]
    public void What_is_uncollected_is_paid_by_no_later_claim_or_grant() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened        |
                   | use 3                       | 3 uncollected |
                   | claim                       | claimed 20    | credit 20 of 20, extra 0 off, uncollected 3
                   | goodwill 5 until=2026-12-20 | granted 5     | credit 25 of 25, extra 0 off, uncollected 3
        """);

    [Fact]
    public void The_cap_stops_extra_to_the_nano_and_the_rest_is_uncollected() => Scenario.Holds("""
        2026-11-01 | open pro        | opened                           |
                   | extra on 5      | changed                          |
                   | use 4.999999999 | 4.999999999 extra                |
                   | use 1           | 0.000000001 extra + 0.999999999 uncollected | credit 0 of 0, extra 5 of 5, uncollected 0.999999999
                   | last            | period 0, version 1, cap_reached |
        """);

    [Fact]
    public void Credit_takes_over_extra_whatever_finishes_first() => Scenario.Holds("""
        2026-11-01 | open pro   | opened               |
                   | claim      | claimed 20           |
                   | extra on 5 | changed              |
                   | hold a 20  | held 20 credit       | credit 0+20 of 20, extra 0 of 5
                   | use 3      | 3 extra              | credit 0+20 of 20, extra 3 of 5
                   | settle a 1 | 1 credit             | credit 16 of 20, extra 0 of 5
                   | entries    | grant 20 of 1; charge extra 3; charge credit 1 of 1; reallocation 3 of 1 |
        """);

    [Fact]
    public void A_release_and_an_expired_hold_free_credit_for_the_extra() => Scenario.Holds("""
        2026-11-01 | open pro         | opened         |
                   | claim            | claimed 20     |
                   | extra on 5       | changed        |
                   | hold a 15        | held 15 credit |
                   | hold b 5 ttl=10m | held 5 credit  |
                   | use 4            | 4 extra        | credit 0+20 of 20, extra 4 of 5
        +1m        | release a        | released       | credit 11+5 of 20, extra 0 of 5
                   | hold c 12        | held 11 credit + 1 extra |
        +20m       | use 3            | 3 credit       | credit 13 of 20, extra 0 of 5
        """);

    [Fact]
    public void The_least_discounted_extra_moves_to_credit_first() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | extra on 50                 | changed   |
                   | use 4 model=n               | 4 extra   |
                   | last                        | period 0, version 1, spilled, fifth |
                   | use 3                       | 3 extra   |
        2026-11-20 | use 2 model=n               | 2 extra   |
                   | last                        | period 0, version 1, spilled, ten |
                   | owed                        | 8 of 9    |
                   | entries                     | charge extra 4 under fifth; charge extra 3; charge extra 2 under ten |
                   | goodwill 6 until=2026-12-20 | granted 6 | credit 0 of 6, extra 3 of 50
                   | entries                     | grant 6 of 1; reallocation 3 of 1; reallocation 2 of 1 under ten; reallocation 1 of 1 under fifth |
                   | owed                        | 2.4 of 3  |
        """, TwoPromotions);

    [Fact]
    public void The_promotion_of_an_authorized_use_is_the_one_that_applied_when_it_was_authorized() => Scenario.Holds("""
        2026-11-19 23:55 | open pro            | opened       |
                         | extra on 50         | changed      |
                         | hold a 4 model=n    | held 4 extra |
        +10m             | settle a 4          | 4 extra      |
                         | last                | period 0, version 1, spilled, fifth |
                         | use 1 model=n at=2026-11-19T23:58 | 1 extra |
                         | last                | period 0, version 1, spilled, ten |
        """, TwoPromotions);

    [Fact]
    public void Each_promotions_discount_is_rounded_once_for_the_period() => Scenario.Holds("""
        2026-11-01 | open pro                | opened            |
                   | extra on 50             | changed           |
                   | use 0.000000003 model=n | 0.000000003 extra |
                   | owed                    | 0.000000002 of 0.000000003 |
                   | use 0.000000003 model=n | 0.000000003 extra |
                   | owed                    | 0.000000004 of 0.000000006 |
        """, TwoPromotions);

    [Fact]
    public void Interactive_use_is_included_and_recorded_with_what_it_would_have_cost() => Scenario.Holds("""
        2026-11-01 | open pro                | opened      |
                   | use 3 surface=chat      | included 3  | credit 0 of 0, extra 0 off
                   | hold a 3 surface=cowork | held included | credit 0 of 0, extra 0 off
                   | settle a 2              | included 2  | credit 0 of 0, extra 0 off
                   | last                    | period 0, version 1, interactive |
                   | entries                 | none        |
        """);

    [Fact]
    public void A_closed_accounts_use_is_uncollected_and_what_it_held_may_still_settle() => Scenario.Holds("""
        2026-11-01 | open pro     | opened                  |
                   | claim        | claimed 20              |
                   | extra on 5   | changed                 |
                   | hold a 22    | held 20 credit + 2 extra |
                   | close        | closed                  | credit 0+20 of 20, extra 0+2 off
                   | use 1        | 1 uncollected           |
                   | last         | period 0, version 1, account_closed |
                   | settle a 23  | 20 credit + 2 extra + 1 uncollected | credit 0 of 20, extra 2 off, uncollected 2
                   | extra on 5   | account closed          |
                   | reopen       | open                    | credit 0 of 20, extra 2 off, uncollected 2
        """);
}
