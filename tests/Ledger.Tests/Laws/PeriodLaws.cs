namespace Ledger.Tests.Laws;

/// <summary>Periods tile: each begins where the one before ends, whatever the anchor's day, in leap years and others.</summary>
public class Periods_tile
{
    [Fact]
    public void From_every_anchor_day_of_four_years_for_36_periods()
    {
        var last = TimeSpan.FromMicroseconds(1);
        for (var anchor = TestTerms.At("2026-01-01T10:30:00.000001Z"); anchor < TestTerms.At("2030-01-01"); anchor = anchor.AddDays(1))
        {
            for (var k = 0; k < 36; k++)
            {
                var period = Period.Of(anchor, k);
                var month = new DateTime(anchor.Year, anchor.Month, 1).AddMonths(k);
                var day = Math.Min(anchor.Day, DateTime.DaysInMonth(month.Year, month.Month));
                Assert.Equal(new DateTimeOffset(month.Year, month.Month, day, 0, 0, 0, TimeSpan.Zero) + anchor.TimeOfDay, period.Start);
                Assert.Equal(period.End, Period.Of(anchor, k + 1).Start);
                Assert.Equal(period, Period.Containing(anchor, period.Start));
                Assert.Equal(period, Period.Containing(anchor, period.End - last));
                Assert.True(period.Contains(period.Start) && !period.Contains(period.End));
            }
        }
    }

    [Fact]
    public void An_anchor_in_another_zone_counts_in_utc_whatever_its_clocks_do()
    {
        var account = Account.Open("a", "o", "pro", DateTimeOffset.Parse("2026-10-31T01:30:00+02:00", null), TestTerms.Book(), TestTerms.At("2026-12-01"), "test");
        Assert.Equal((TestTerms.At("2026-11-30T23:30Z"), TestTerms.At("2026-12-30T23:30Z"), TimeSpan.Zero), (account.Current.Start, account.Current.End, account.Current.Start.Offset));
    }

    [Fact]
    public void Nothing_has_a_period_before_the_anchor() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Period.Containing(TestTerms.At("2026-11-01"), TestTerms.At("2026-10-31T23:59:59.999999Z")));

    [Fact]
    public void Instants_are_cut_to_the_microsecond() =>
        Assert.Equal(TestTerms.At("2026-11-01T00:00:00.1234560Z"), Period.ToMicrosecond(TestTerms.At("2026-11-01T00:00:00.1234569Z")));
}
