namespace Ledger.Tests.Tables;

public class Corrections
{
    private static readonly PriceBook TwoPromotions = TestTerms.Book(promotions:
    [
        new Promotion("ten", TestTerms.At("2026-11-01"), TestTerms.At("2026-12-01"), 100_000, ["n"], []),
        new Promotion("fifth", TestTerms.At("2026-11-01"), TestTerms.At("2026-11-20"), 200_000, ["n"], []),
    ]);

    [Fact]
    public void Credit_goes_back_to_its_grants_and_extra_comes_off() => Scenario.Holds("""
        2026-11-01 | open pro                   | opened     |
                   | goodwill 4 until=2027-01-10 | granted 4 |
                   | claim                      | claimed 20 |
                   | extra on 5                 | changed    |
                   | use 17                     | 17 credit  |
                   | use 13                     | 7 credit + 5 extra + 1 uncollected | credit 0 of 24, extra 5 of 5, uncollected 1
                   | entries                    | grant 4 of 1; grant 20 of 2; charge credit 17 of 2; charge credit 3 of 2; charge credit 4 of 1; charge extra 5; charge uncollected 1 |
        +1h        | reverse 2                  | reversed 7 credit + 5 extra + 1 uncollected | credit 7 of 24, extra 0 of 5
                   | entries                    | reversal credit 3 of 2 for 4; reversal credit 4 of 1 for 5; reversal extra 5 for 6; reversal none 1 for 7 |
                   | statement 0                | fee 20 pro, credit 24-17-0, due 20 |
        """);

    [Fact]
    public void A_charge_is_reversed_at_most_once_also_within_one_batch() => Scenario.Holds("""
        2026-11-01 | open pro  | opened             |
                   | claim     | claimed 20         |
                   | use 3     | 3 credit           | credit 17 of 20, extra 0 off
                   | reverse 1 | reversed 3 credit  | credit 20 of 20, extra 0 off
                   | reverse 1 | already reversed 11-01 | credit 20 of 20, extra 0 off
        +1d        | reverse 1 | already reversed 11-01 | credit 20 of 20, extra 0 off
                   | entries   | grant 20 of 1; charge credit 3 of 1; reversal credit 3 of 1 for 2 |
        """);

    [Fact]
    public void What_is_included_or_came_to_nothing_has_nothing_to_reverse() => Scenario.Holds("""
        2026-11-01 | open pro           | opened             |
                   | use 3 surface=chat | included 3         |
                   | reverse 1          | nothing to reverse |
                   | use 0              | nothing            |
                   | reverse 2          | nothing to reverse |
                   | entries            | none               |
        """);

    [Fact]
    public void Credit_that_comes_back_pays_the_extra_that_is_left() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                      |
                   | claim      | claimed 20                  |
                   | extra on 9 | changed                     |
                   | use 19     | 19 credit                   |
                   | use 3      | 1 credit + 2 extra          |
                   | use 4      | 4 extra                     | credit 0 of 20, extra 6 of 9
                   | reverse 1  | reversed 19 credit          | credit 13 of 20, extra 0 of 9
                   | reverse 2  | reversed 3 credit           | credit 16 of 20, extra 0 of 9
                   | entries    | grant 20 of 1; charge credit 19 of 1; charge credit 1 of 1; charge extra 2; charge extra 4; reversal credit 19 of 1 for 2; reallocation 6 of 1; reversal credit 1 of 1 for 3; reversal credit 2 of 1 for 4 |
        """);

    [Fact]
    public void Extra_that_has_moved_to_credit_comes_back_as_credit() => Scenario.Holds("""
        2026-11-01 | open pro   | opened               |
                   | extra on 9 | changed              |
                   | use 3      | 3 extra              |
                   | use 4      | 4 extra              |
                   | goodwill 5 until=2026-12-20 | granted 5 | credit 0 of 5, extra 2 of 9
                   | reverse 2  | reversed 2 credit + 2 extra | credit 2 of 5, extra 0 of 9
                   | reverse 1  | reversed 3 credit    | credit 5 of 5, extra 0 of 9
                   | entries    | charge extra 3; charge extra 4; grant 5 of 1; reallocation 5 of 1; reversal extra 2 for 2; reversal credit 2 of 1 for 2; reversal credit 3 of 1 for 1 |
        """);

    [Fact]
    public void Of_several_grants_that_took_over_extra_those_get_it_back_that_burnt_last() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | extra on 9                  | changed   |
                   | use 6                       | 6 extra   |
                   | goodwill 1 until=2026-11-10 | granted 1 |
                   | goodwill 2 until=2026-12-20 | granted 2 |
                   | goodwill 2 until=2026-11-20 | granted 2 | credit 0 of 5, extra 1 of 9
                   | reverse 1                   | reversed 5 credit + 1 extra | credit 5 of 5, extra 0 of 9
                   | entries                     | charge extra 6; grant 1 of 1; reallocation 1 of 1; grant 2 of 2; reallocation 2 of 2; grant 2 of 3; reallocation 2 of 3; reversal extra 1 for 1; reversal credit 2 of 2 for 1; reversal credit 2 of 3 for 1; reversal credit 1 of 1 for 1 |
        """);

    [Fact]
    public void What_a_grant_had_paid_whose_time_has_passed_becomes_one_goodwill_grant() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened     |
                   | goodwill 2 until=2026-11-10 | granted 2  |
                   | goodwill 3 until=2026-11-12 | granted 3  |
                   | claim                       | claimed 20 |
                   | use 9                       | 9 credit   | credit 16 of 25, extra 0 off
        2026-11-12 | reverse 1                   | expiry needed for 5 | credit 16 of 20, extra 0 off
                   | reverse 1 until=2026-11-12  | expiry has passed for 5 | credit 16 of 20, extra 0 off
                   | reverse 1 until=2026-11-13  | reversed 4 credit + 5 goodwill | credit 25 of 25, extra 0 off
                   | entries                     | grant 2 of 1; grant 3 of 2; grant 20 of 3; charge credit 2 of 1; charge credit 3 of 2; charge credit 4 of 3; reversal credit 2 of 1 for 4; reversal credit 3 of 2 for 5; reversal credit 4 of 3 for 6; expiry 2 of 1; expiry 3 of 2; grant 5 of 4 |
                   | statement 0                 | fee 20 pro, credit 30-0-5, due 20 |
        2026-11-13 | wait                        | -          | credit 20 of 20, extra 0 off
        """);

    [Fact]
    public void An_expiry_that_is_not_needed_makes_no_goodwill() => Scenario.Holds("""
        2026-11-01 | open pro                   | opened            |
                   | claim                      | claimed 20        |
                   | use 3                      | 3 credit          |
                   | reverse 1 until=2027-06-01 | reversed 3 credit | credit 20 of 20, extra 0 off
        """);

    [Fact]
    public void Goodwill_for_a_grant_that_is_over_pays_this_periods_extra_at_once() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | goodwill 5 until=2026-11-10 | granted 5 |
                   | extra on 9                  | changed   |
                   | use 5                       | 5 credit  |
                   | use 3                       | 3 extra   |
        2026-11-12 | reverse 1 until=2026-12-12  | reversed 5 goodwill | credit 2 of 5, extra 0 of 9
        """);

    [Fact]
    public void A_reversal_while_holds_are_open_frees_credit_and_takes_nothing_from_them() => Scenario.Holds("""
        2026-11-01 | open pro   | opened                   |
                   | claim      | claimed 20               |
                   | extra on 5 | changed                  |
                   | use 8      | 8 credit                 |
                   | hold a 14  | held 12 credit + 2 extra | credit 0+12 of 20, extra 0+2 of 5
                   | use 3      | 3 extra                  | credit 0+12 of 20, extra 3+2 of 5
                   | reverse 1  | reversed 8 credit        | credit 5+12 of 20, extra 0+2 of 5
                   | settle a 14 | 14 credit               | credit 3 of 20, extra 0 of 5
                   | reverse 3  | reversed 14 credit       | credit 17 of 20, extra 0 of 5
        """);

    [Fact]
    public void A_reversal_makes_room_under_the_periods_cap_and_none_under_the_days_or_a_models() => Scenario.Holds("""
        2026-11-01 | open pro      | opened             |
                   | claim         | claimed 20         |
                   | use 20        | 20 credit          |
                   | extra on 9    | changed            |
                   | daily-cap 6   | changed            |
                   | model-cap n 4 | changed            |
                   | use 3 model=n | 3 extra            |
                   | use 3         | 3 extra            |
                   | reverse 2     | reversed 3 extra   | credit 0 of 20, extra 3 of 9
                   | flows         | day 6; m 3; n 3    |
                   | hold a 1      | daily_cap_reached  |
        +1d        | hold a 2 model=n | model_cap_reached |
                   | hold a 6      | held 6 extra       | credit 0 of 20, extra 3+6 of 9
        """);

    [Fact]
    public void At_the_periods_last_microsecond_extra_comes_off_and_one_later_it_is_refunded() => Scenario.Holds("""
        2026-11-01          | open pro   | opened           |
                            | extra on 9 | changed          |
                            | use 3      | 3 extra          |
                            | use 4      | 4 extra          |
        2026-11-30 23:59:59.999999 | reverse 1 | reversed 3 extra | credit 0 of 0, extra 4 of 9
        +1us                | reverse 2  | reversed 4 refunded as 4 | credit 0 of 0, extra 0 of 9
                            | entries at | 11-01 charge extra 3; 11-01 charge extra 4; 11-30 23:59 reversal extra 3 for 1; 12-01 reversal none 4 for 2 |
                            | statement 0 | fee 20 pro, credit 0-0-0, extra 4, due 24, final |
                            | statement 1 | fee 20 pro, credit 0-0-0, refund 4 for #2 of 11-01, due 16 |
        """);

    [Fact]
    public void A_refund_makes_no_room_in_any_cap() => Scenario.Holds("""
        2026-11-30 | open pro anchor=2026-11-01 | opened  |
                   | extra on 5                 | changed |
                   | use 5                      | 5 extra |
        2026-12-01 | claim                      | claimed 20 |
                   | use 23                     | 20 credit + 3 extra |
                   | reverse 1                  | reversed 5 refunded as 5 | credit 0 of 20, extra 3 of 5
                   | hold a 3                   | cap_reached |
                   | hold a 2                   | held 2 extra |
        """);

    [Fact]
    public void A_period_that_waits_for_a_hold_is_not_final() => Scenario.Holds("""
        2026-11-30 23:50 | open pro anchor=2026-11-01 | opened         |
                         | claim                      | claimed 20     |
                         | extra on 9                 | changed        |
                         | use 15                     | 15 credit      |
                         | hold a 5                   | held 5 credit  |
                         | use 4                      | 4 extra        |
        2026-12-01       | reverse 2                  | reversed 4 extra |
                         | reverse 1                  | expiry needed for 15 |
                         | reverse 1 until=2026-12-10 | reversed 15 goodwill | credit 15 of 15, extra 0 of 9
                         | statement 0                | fee 20 pro, credit 20-0-15, due 20 |
                         | settle a 9                 | 5 credit + 4 extra | credit 15 of 15, extra 0 of 9
                         | statement 0                | fee 20 pro, credit 20-5-15, extra 4, due 24, final |
                         | statement 1                | fee 20 pro, credit 15-0-0, due 20 |
        """);

    [Fact]
    public void A_final_periods_credit_comes_back_to_grants_that_live_and_as_goodwill_for_the_others() => Scenario.Holds("""
        2026-11-01 | open pro                     | opened     |
                   | goodwill 5 until=2026-12-20  | granted 5  |
                   | claim                        | claimed 20 |
                   | use 22                       | 22 credit  |
        2026-12-02 | reverse 1 until=2027-01-15   | reversed 2 credit + 20 goodwill | credit 25 of 25, extra 0 off
                   | entries                      | grant 5 of 1; grant 20 of 2; charge credit 20 of 2; charge credit 2 of 1; reversal credit 20 of 2 for 3; reversal credit 2 of 1 for 4; expiry 20 of 2; grant 20 of 3 |
                   | statement 0                  | fee 20 pro, credit 25-22-0, due 20, final |
                   | statement 1                  | fee 20 pro, credit 22-0-0, due 20 |
        """);

    [Fact]
    public void A_final_periods_extra_that_had_moved_to_credit_comes_back_as_credit_and_the_rest_as_a_refund() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | extra on 9                  | changed   |
                   | use 4                       | 4 extra   |
                   | use 5                       | 5 extra   |
                   | goodwill 2 until=2026-11-20 | granted 2 |
                   | goodwill 1 until=2027-01-20 | granted 1 | credit 0 of 3, extra 6 of 9
        2026-12-02 | reverse 1                   | reversed 4 refunded as 4 |
                   | reverse 2                   | expiry needed for 2 |
                   | reverse 2 until=2026-12-31  | reversed 1 credit + 2 goodwill + 2 refunded as 2 | credit 3 of 3, extra 0 of 9
                   | statement 0                 | fee 20 pro, credit 3-3-0, extra 6, due 26, final |
                   | statement 1                 | fee 20 pro, credit 3-0-0, refund 4 for #1 of 11-01, refund 2 for #2 of 11-01, due 14 |
        """);

    [Fact]
    public void What_a_grant_took_over_of_a_final_period_comes_back_to_it_once() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | extra on 9                  | changed   |
                   | use 2                       | 2 extra   |
                   | use 3                       | 3 extra   |
                   | goodwill 3 until=2027-01-20 | granted 3 |
                   | goodwill 2 until=2026-11-20 | granted 2 | credit 0 of 5, extra 0 of 9
        2026-12-02 | reverse 2                   | reversed 3 credit |
                   | reverse 1                   | expiry needed for 2 |
                   | reverse 1 until=2026-12-31  | reversed 2 goodwill | credit 5 of 5, extra 0 of 9
                   | statement 1                 | fee 20 pro, credit 5-0-0, due 20 |
        """);

    [Fact]
    public void A_refund_is_worth_what_its_period_owed_with_it_less_what_it_owes_without() => Scenario.Holds("""
        2026-11-01 | open pro                 | opened  |
                   | extra on 50              | changed |
                   | use 10 model=n           | 10 extra |
                   | use 0.000000003 model=n  | 0.000000003 extra |
                   | use 0.000000003 model=n  | 0.000000003 extra |
                   | use 5                    | 5 extra |
                   | owed                     | 13.000000004 of 15.000000006 |
        2026-12-02 | reverse 2                | reversed 0.000000003 refunded as 0.000000002 |
                   | reverse 3                | reversed 0.000000003 refunded as 0.000000002 |
                   | reverse 1                | reversed 10 refunded as 8 |
                   | reverse 4                | reversed 5 refunded as 5 |
                   | statement 0              | fee 20 pro, credit 0-0-0, extra 15.000000006 less 2.000000002 fifth, due 33.000000004, final |
                   | statement 1              | fee 20 pro, credit 0-0-0, refund 0.000000002 for #2 of 11-01, refund 0.000000002 for #3 of 11-01, refund 8 for #1 of 11-01, refund 5 for #4 of 11-01, due 6.999999996 |
        """, TwoPromotions);

    [Fact]
    public void What_its_own_promotion_no_longer_has_comes_off_the_least_discounted_extra() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened    |
                   | extra on 50                 | changed   |
                   | use 3                       | 3 extra   |
                   | use 4 model=n               | 4 extra   |
        2026-11-20 | use 2 model=n               | 2 extra   |
                   | goodwill 4 until=2026-12-20 | granted 4 | credit 0 of 4, extra 5 of 50
                   | owed                        | 4.1 of 5  |
                   | reverse 1                   | reversed 3 extra | credit 0 of 4, extra 2 of 50
                   | owed                        | 1.6 of 2  |
                   | reverse 2                   | reversed 2 credit + 2 extra | credit 2 of 4, extra 0 of 50
                   | entries                     | charge extra 3; charge extra 4 under fifth; charge extra 2 under ten; grant 4 of 1; reallocation 3 of 1; reallocation 1 of 1 under ten; reversal extra 1 under ten for 1; reversal extra 2 under fifth for 1; reversal extra 2 under fifth for 2; reversal credit 2 of 1 for 2 |
        """, TwoPromotions);

    [Fact]
    public void Refunds_stand_in_the_period_that_runs_and_may_exceed_what_falls_due() => Scenario.Holds("""
        2026-11-01 | open pro    | opened   |
                   | extra on 90 | changed  |
                   | use 50      | 50 extra |
                   | use 7       | 7 extra  |
        2026-12-05 | reverse 1   | reversed 50 refunded as 50 |
        2027-01-05 | reverse 2   | reversed 7 refunded as 7   |
                   | statement 0 | fee 20 pro, credit 0-0-0, extra 57, due 77, final |
                   | statement 1 | fee 20 pro, credit 0-0-0, refund 50 for #1 of 11-01, due -30, final |
                   | statement 2 | fee 20 pro, credit 0-0-0, refund 7 for #2 of 11-01, due 13 |
        """);

    [Fact]
    public void An_uncollected_part_of_a_final_period_stays_on_its_statement() => Scenario.Holds("""
        2026-11-01 | open pro    | opened        |
                   | use 4       | 4 uncollected |
                   | use 5       | 5 uncollected |
                   | reverse 1   | reversed 4 uncollected | credit 0 of 0, extra 0 off, uncollected 5
        2026-12-05 | use 1       | 1 uncollected |
                   | reverse 2   | reversed 5 uncollected | credit 0 of 0, extra 0 off, uncollected 1
                   | statement 0 | fee 20 pro, credit 0-0-0, uncollected 5, due 20, final |
                   | entries     | charge uncollected 4; charge uncollected 5; reversal none 4 for 1; charge uncollected 1; reversal none 5 for 2 |
        """);

    [Fact]
    public void A_closed_accounts_charge_can_be_reversed() => Scenario.Holds("""
        2026-11-01 | open pro  | opened   |
                   | claim     | claimed 20 |
                   | use 3     | 3 credit |
                   | close     | closed   |
                   | reverse 1 | reversed 3 credit | credit 20 of 20, extra 0 off
        """);
}
