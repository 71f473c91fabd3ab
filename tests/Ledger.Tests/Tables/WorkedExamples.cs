namespace Ledger.Tests.Tables;

/// <summary>The worked examples that the product is specified by.</summary>
public class Worked_examples
{
    [Fact]
    public void A_charge_spills_from_credit_to_extra_and_a_hold_that_does_not_fit_the_cap_is_refused() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                |
        +1h        | claim      | claimed 20            | credit 20 of 20, extra 0 off
                   | extra on 5 | changed               | credit 20 of 20, extra 0 of 5
                   | use 19     | 19 credit             | credit 1 of 20, extra 0 of 5
                   | use 3      | 1 credit + 2 extra    | credit 0 of 20, extra 2 of 5
                   | hold a 3.5 | cap_reached           | credit 0 of 20, extra 2 of 5
                   | limits     | credit 20 used 20 held 0 left 0 until 12-01; period_cap 5 used 2 held 0 left 3 until 12-01 |
                   | hold b 3   | held 3 extra          | credit 0 of 20, extra 2+3 of 5
        """);

    [Fact]
    public void A_claim_moves_the_extra_that_came_before_it_to_credit() => Scenario.Holds("""
        2026-11-01 | open pro   | opened    |
                   | extra on 5 | changed   |
        +1h        | use 3      | 3 extra   | credit 0 of 0, extra 3 of 5
        +1h        | claim      | claimed 20 | credit 17 of 20, extra 0 of 5
                   | entries at | 11-01 01:00 charge extra 3; 11-01 02:00 grant 20 of 1; 11-01 02:00 reallocation 3 of 1 |
        """);

    [Fact]
    public void A_promotion_takes_its_percentage_off_what_is_owed_in_the_subscribers_favour() => Scenario.Holds("""
        2026-11-01 | open pro          | opened              |
                   | extra on 5        | changed             |
                   | use 0.000000001   | 0.000000001 extra   |
                   | owed              | 0 of 0.000000001    |
                   | use 2.999999999   | 2.999999999 extra   | credit 0 of 0, extra 3 of 5
                   | owed              | 2.4 of 3            |
        """, TestTerms.Book(promotions: [new Promotion("autumn", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 200_000, [], [])]));

    [Fact]
    public void An_upgrade_with_a_quarter_of_the_period_left_prorates_fee_and_credit() => Scenario.Holds("""
        2026-11-01       | open pro     | opened                       |
                         | claim        | claimed 20                   |
        2026-11-23 12:00 | plan max-20x | upgraded, fee 45, credit 45  | credit 65 of 65, extra 0 off
        """);

    [Fact]
    public void Periods_of_an_anchor_at_a_months_end_are_clamped_and_come_back() => Scenario.Holds("""
        2028-01-31 10:00 | open pro | opened                             |
                         | period   | 0: 01-31 10:00 to 02-29 10:00      |
        2028-02-29 10:00 | wait     | -                                  |
                         | period   | 1: 02-29 10:00 to 03-31 10:00      |
        2028-04-30 09:59 | wait     | -                                  |
                         | period   | 2: 03-31 10:00 to 04-30 10:00      |
        2028-05-31 10:00 | wait     | -                                  |
                         | period   | 4: 05-31 10:00 to 06-30 10:00      |
        """);
}
