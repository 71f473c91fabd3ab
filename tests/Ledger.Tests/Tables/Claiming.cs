namespace Ledger.Tests.Tables;

public class Claiming
{
    private static readonly ProgrammePhase Announced = new(TestTerms.At("2026-05-14"), ProgrammeStatus.Announced, ProgrammaticUse.Included, ClaimMode.EachPeriod);

    [Fact]
    public void Claiming_twice_grants_once() => Scenario.Holds("""
        2026-11-01 | open pro | opened             | credit 0 of 0, extra 0 off
        +1d        | claim    | claimed 20         | credit 20 of 20, extra 0 off
                   | claim    | already claimed 20 | credit 20 of 20, extra 0 off
        +1d        | use 20   | 20 credit          |
                   | claim    | already claimed 20 | credit 0 of 20, extra 0 off
                   | entries  | grant 20 of 1; charge credit 20 of 1 |
        """);

    [Fact]
    public void The_full_credit_is_granted_until_the_periods_last_microsecond_and_lost_at_its_end() => Scenario.Holds("""
        2026-11-01                 | open pro   | opened              |
        2026-11-30 23:59:59.999999 | claim      | claimed 20          | credit 20 of 20, extra 0 off
                                   | use 1      | 1 credit            |
        +1us                       | claim      | claimed 20          | credit 20 of 20, extra 0 off
                                   | entries at | 11-30 23:59 grant 20 of 1; 11-30 23:59 charge credit 1 of 1; 12-01 expiry 19 of 1; 12-01 grant 20 of 2 |
        """);

    [Fact]
    public void A_credit_that_nobody_claims_is_not_carried_over() => Scenario.Holds("""
        2026-11-01 | open pro | opened     |
        2027-02-10 | claim    | claimed 20 | credit 20 of 20, extra 0 off
                   | period   | 3: 02-01 to 03-01 |
        """);

    [Fact]
    public void It_is_refused_while_the_programme_is_not_active_with_its_dates() => Scenario.Holds("""
        2026-06-01                 | open pro | opened                        |
                                   | claim    | programme announced until 06-15 |
        2026-06-14 23:59:59.999999 | claim    | programme announced until 06-15 |
        +1us                       | claim    | claimed 20                    |
        """, TestTerms.Book([Announced, TestTerms.Active]));

    [Fact]
    public void It_is_refused_on_a_plan_without_credit_and_on_a_closed_account() => Scenario.Holds("""
        2026-11-01 | open enterprise-standard | opened                           |
                   | claim                    | no credit on enterprise-standard |
                   | close                    | closed                           |
                   | claim                    | account closed                   |
                   | reopen                   | open                             |
                   | claim                    | no credit on enterprise-standard |
        """);

    [Fact]
    public void Every_period_claims_at_each_periods_start_but_not_in_the_period_that_runs() => Scenario.Holds("""
        2026-11-01 | open pro               | opened    |
        +1d        | claim-every-period on  | changed   | credit 0 of 0, extra 0 off
                   | claim-every-period on  | unchanged |
        2026-12-15 | wait                   | -         | credit 20 of 20, extra 0 off
                   | claim                  | already claimed 20 |
                   | entries at             | 12-01 grant 20 of 1 |
                   | claim-every-period off | changed   |
        2027-01-15 | wait                   | -         | credit 0 of 0, extra 0 off
                   | entries at             | 01-01 expiry 20 of 1 |
        """);

    [Fact]
    public void Every_period_claims_when_the_programme_becomes_active() => Scenario.Holds("""
        2026-06-01 | open pro              | opened  |
                   | claim-every-period on | changed |
        2026-06-20 | wait                  | -       | credit 20 of 20, extra 0 off
                   | entries at            | 06-15 grant 20 of 1 |
        2026-07-02 | wait                  | -       | credit 20 of 20, extra 0 off
                   | entries at            | 07-01 expiry 20 of 1; 07-01 grant 20 of 2 |
        """, TestTerms.Book([Announced, TestTerms.Active]));

    [Fact]
    public void Every_period_waits_out_a_pause_and_a_closed_account() => Scenario.Holds("""
        2026-11-01 | open pro              | opened  |
                   | claim-every-period on | changed |
        2026-12-20 | wait                  | -       | credit 0 of 0, extra 0 off
        2027-01-05 | wait                  | -       | credit 20 of 20, extra 0 off
                   | close                 | closed  |
        2027-02-05 | wait                  | -       | credit 0 of 0, extra 0 off
                   | reopen                | open    | credit 0 of 0, extra 0 off
                   | entries at            | 01-03 grant 20 of 1; 02-01 expiry 20 of 1 |
        """, TestTerms.Book([TestTerms.Active,
            new(TestTerms.At("2026-11-20"), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod),
            new(TestTerms.At("2027-01-03"), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod)]));

    [Fact]
    public void Mode_once_claims_every_later_period_after_the_first_claim() => Scenario.Holds("""
        2026-11-01 | open pro   | opened     |
        2026-12-05 | wait       | -          | credit 0 of 0, extra 0 off
                   | claim      | claimed 20 |
        2027-02-05 | wait       | -          | credit 20 of 20, extra 0 off
                   | entries at | 12-05 grant 20 of 1; 01-01 expiry 20 of 1; 01-01 grant 20 of 2; 02-01 expiry 20 of 2; 02-01 grant 20 of 3 |
        """, TestTerms.Book([TestTerms.Active with { ClaimMode = ClaimMode.Once }]));

    [Fact]
    public void Goodwill_is_granted_beside_it_and_lives_as_long_as_staff_choose() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened     |
                   | goodwill 5 until=2027-01-15 | granted 5  | credit 5 of 5, extra 0 off
                   | claim                       | claimed 20 | credit 25 of 25, extra 0 off
        2026-12-02 | wait                        | -          | credit 5 of 5, extra 0 off
        2027-01-16 | wait                        | -          | credit 0 of 0, extra 0 off
                   | entries at                  | 11-01 grant 5 of 1; 11-01 grant 20 of 2; 12-01 expiry 20 of 2; 01-15 expiry 5 of 1 |
        """);
}
