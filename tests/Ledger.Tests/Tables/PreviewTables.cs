namespace Ledger.Tests.Tables;

public class A_preview
{
    [Fact]
    public void Of_an_upgrade_says_what_it_costs_and_gives_now_and_each_period() => Scenario.Holds("""
        2026-11-01 | open pro     | opened      |
                   | claim        | claimed 20  |
                   | extra on 5   | changed     |
        2026-11-16 | hold a 22    | held 20 credit + 2 extra |
                   | preview max-20x | upgraded, fee 90, credit 90; from 11-16; fee 20 to 200, credit 20 to 200, cap 5 to 5 of 2000; held 2 |
                   | plan?        | pro         |
        """);

    [Fact]
    public void Of_a_smaller_plan_says_from_when_it_counts_and_what_is_lost_then() => Scenario.Holds("""
        2026-11-01 | open team-premium           | opened      |
                   | claim                       | claimed 100 |
                   | goodwill 5 until=2026-12-24 | granted 5   |
                   | extra on 2500               | changed     |
                   | use 30                      | 30 credit   |
                   | preview pro                 | from 12-01; fee 125 to 20, credit 100 to 20, cap 2500 to 2000 of 2000; lost 70 |
                   | preview gold                | unknown plan gold |
                   | preview team-standard       | team-standard is not self-service |
                   | preview team-premium        | unchanged |
        """);

    [Fact]
    public void Of_a_cancellation_says_that_extra_goes_off_at_once_and_that_all_credit_is_lost() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened     |
                   | claim                       | claimed 20 |
                   | goodwill 5 until=2026-12-24 | granted 5  |
                   | extra on 9                  | changed    |
                   | hold a 26 ttl=24h           | held 25 credit + 1 extra |
                   | preview cancel              | closes 12-01, 1 held; from 12-01; fee 20 to 0, credit 20 to 0, cap 9 to none of 0; extra off 11-01; lost 25; held 1 |
                   | close                       | closed     |
                   | preview cancel              | account closed; held 1 |
                   | preview pro                 | account closed; held 1 |
        """);

    [Fact]
    public void Knows_the_terms_that_a_plan_will_have_when_it_counts() => Scenario.Holds("""
        2026-11-01 | open max-5x | opened |
                   | extra on 50 | changed |
                   | preview pro | from 12-01; fee 100 to 25, credit 100 to 20, cap 50 to none of 0; extra off 12-01 |
        """, TestTerms.Book(plans: [.. TestTerms.Plans(), TestTerms.Plans().First(p => p.Plan == "pro") with
        {
            EffectiveFrom = TestTerms.At("2026-11-15"),
            MonthlyFee = Money.FromDollars(25),
            ExtraUsageAllowed = false,
            LargestCap = Money.Zero,
        }]));
}
