namespace Ledger.Tests.Tables;

public class Events
{
    [Fact]
    public void Older_than_35_days_or_more_than_five_minutes_ahead_is_refused() => Scenario.Holds("""
        2026-11-01       | open pro    | opened             |
        2026-12-10 12:00 | use 1 at=2026-11-05T12:00 | 1 uncollected |
                         | last        | period 1, version 1, nothing_left, late |
                         | use 1 at=2026-11-05T11:59:59.999999 | rejected too_old |
                         | use 1 at=+5m | 1 uncollected     |
                         | use 1 at=2026-12-10T12:05:00.000001 | rejected in_future | credit 0 of 0, extra 0 off, uncollected 2
        """);

    [Fact]
    public void The_age_of_a_parked_event_counts_from_its_first_receipt() => Scenario.Holds("""
        2026-11-01 | open pro                    | opened        |
                   | use 1 model=x               | parked        |
                   | use 1 surface=x             | parked        | credit 0 of 0, extra 0 off
        2027-02-01 | use 1 at=2026-11-01 received=2026-11-02 | 1 uncollected |
                   | last                        | period 3, version 1, nothing_left, late |
        """);

    [Fact]
    public void A_late_event_counts_in_the_period_that_records_it_at_the_price_of_its_time() => Scenario.Holds("""
        2026-11-01 | open pro               | opened     |
        2026-12-02 | claim                  | claimed 20 |
                   | use 1 at=2026-11-30T23:59 | 1 credit |
                   | last                   | period 1, version 1, credit_covered, late |
                   | use 1 at=2026-12-01    | 2 credit   |
                   | last                   | period 1, version 2, credit_covered |
        """, TestTerms.Book(cards: [TestTerms.Card(), TestTerms.Card(2, "2026-12-01", 2)]));

    [Fact]
    public void The_surface_table_of_the_events_time_counts() => Scenario.Holds("""
        2026-11-01 | open pro | opened |
        2026-11-12 | use 1 surface=code at=2026-11-09T23:59 | included 1 |
                   | use 1 surface=code at=2026-11-10       | 1 uncollected |
                   | hold a 1 surface=code                  | credit_not_claimed |
        """, TestTerms.Book(surfaces: [.. TestTerms.Surfaces(), new SurfaceRule(TestTerms.At("2026-11-10"), "code", Pool.Programmatic)]));

    [Fact]
    public void Time_never_runs_backwards_for_one_account() => Scenario.Holds("""
        2026-11-02 00:00:01 | open pro   | opened     |
                            | claim      | claimed 20 |
                            | hold a 1 ttl=1s | held 1 credit |
        +2s                 | use 2      | 2 credit   |
        -2s                 | use 3      | 3 credit   |
                            | status a   | expired    |
                            | settle a 1 | 1 credit   | credit 14 of 20, extra 0 off
        """);
}
