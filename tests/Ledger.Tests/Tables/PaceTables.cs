using System.Globalization;

namespace Ledger.Tests.Tables;

/// <summary>What comes of the last weeks. A history is the spend of each day up to the day before now; a dash is a day on which no credit was left and nothing was spent.</summary>
public class Pace_of_the_last_weeks
{
    private static readonly DateTimeOffset Noon = TestTerms.At("2026-11-20 12:00");
    private static readonly DateTimeOffset End = TestTerms.At("2026-11-30 12:00");

    [Fact]
    public void Predicts_nothing_from_fewer_than_three_days_but_says_what_finishes_the_credit()
    {
        Assert.Equal("2 days; 2 a day finishes", Told("4 4", "20"));
        Assert.Equal("0 days; 2 a day finishes", Told("", "20"));
        Assert.StartsWith("3 days; 2 a day finishes; 4 a day, out", Told("4 4 4", "20"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", "10 days; 1 a day finishes; 4 a day, out 11-23 00:00")]
    [InlineData("20", "10 days; 2 a day finishes; 4 a day, out 11-25 12:00")]
    [InlineData("40", "10 days; 4 a day finishes; 4 a day")]
    [InlineData("41.5", "10 days; 4.15 a day finishes; 4 a day, 1.5 lost")]
    [InlineData("100", "10 days; 10 a day finishes; 4 a day, 60 lost")]
    [InlineData("", "10 days; 4 a day")]
    public void Says_when_the_credit_runs_out_or_how_much_is_lost(string credit, string told) => Assert.Equal(told, Told(Same(4), credit));

    [Theory]
    [InlineData("12:00 spent 2", "4 a day")]
    [InlineData("12:00 spent 8", "4.7029")]
    [InlineData("12:00 spent 0", "3.7656")]
    public void Counts_of_today_what_has_gone_of_it(string today, string told) =>
        Assert.Contains($"; {told}", Told(Same(4), "", today: today.Split(' ')[^1]), StringComparison.Ordinal);

    [Fact]
    public void Lets_recent_days_weigh_more()
    {
        // Twenty-eight days back the weights are 1 to 27: the last seven weigh 168 of 378.
        var (rising, falling) = (Told($"{Same(1, 20)} {Same(5, 7)}", "", today: "2.5"), Told($"{Same(5, 20)} {Same(1, 7)}", "", today: "0.5"));
        Assert.Contains("; 2.85714285", rising, StringComparison.Ordinal);
        Assert.Contains("; 3.14285714", falling, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_days_on_which_nothing_could_be_spent()
    {
        // Two periods alike: four days of five dollars, then nothing was left. Without those days the pace is that of the days that count.
        Assert.Contains("; 5 a day, out", Told("5 5 5 5 - - - - - - - - - - - - - - - - - - 5 5 5 5", "10", today: "2.5"), StringComparison.Ordinal);
        // With extra usage on, use could have gone on.
        Assert.DoesNotContain("; 5 a day", Told("5 5 5 5 - - - - - - - - - - - - - - - - - - 5 5 5 5", "10", cap: "50", today: "2.5"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20", "50", "0", "10 days; 2 a day finishes; 4 a day, out 11-25 12:00, extra 20")]
    [InlineData("20", "12", "0", "10 days; 2 a day finishes; 4 a day, out 11-25 12:00, extra 12, cap 11-28 12:00")]
    [InlineData("100", "12", "0", "10 days; 10 a day finishes; 4 a day, 60 lost, extra 0")]
    [InlineData("", "12", "2", "10 days; 4 a day, extra 12, cap 11-23 00:00")]
    [InlineData("", "12", "12", "10 days; 4 a day, extra 12, cap 11-20 12:00")]
    [InlineData("", "12", "15", "10 days; 4 a day, extra 15, cap 11-20 12:00")]
    public void Says_what_extra_comes_to_at_the_periods_end_against_the_cap(string credit, string cap, string extra, string told) => Assert.Equal(told, Told(Same(4), credit, cap, extra));

    [Theory]
    [InlineData("10@11-21 12:00 20", "10 days; 10 a day finishes; 4 a day, out 11-26 12:00, 6 lost")]
    [InlineData("10@11-25 12:00 100", "10 days; 11 a day finishes; 4 a day, 70 lost")]
    [InlineData("20 90@12-24", "10 days; 2 a day finishes; 4 a day")]
    [InlineData("20 3@12-24", "10 days; 2 a day finishes; 4 a day, out 11-26 06:00")]
    [InlineData("30@11-21 12:00", "10 days; 30 a day finishes; 4 a day, out 11-21 12:00, 26 lost")]
    public void Spends_first_what_is_lost_first(string credit, string told) => Assert.Equal(told, Told(Same(4), credit));

    [Fact]
    public void Has_a_range_that_is_wider_the_more_days_differ()
    {
        var even = Of("3 5 3 5 3 5 3 5 3 5", "40");
        var uneven = Of("0 8 0 8 0 8 0 8 0 8", "40");
        Assert.True(Width(even).IsPositive && Width(uneven) > Width(even));
        // A mean deviation of a dollar, ten days known and ten to come: 1.6 times the root of a fifth.
        var flat = Width(Of("3 5 3 5 3 5 3 5 3 5", "40", today: "2")).Nanos;
        Assert.InRange(flat, 1_400_000_000, 1_460_000_000);
        Assert.True(even.Slow!.RunsOutAt is null && even.Fast!.RunsOutAt < End && even.Slow.Lost.IsPositive);
    }

    [Fact]
    public void Of_an_account_counts_unclaimed_credit_as_claimed_and_ends_all_of_it_with_a_cancellation()
    {
        var world = new World(TestTerms.Book());
        world.PassTo(TestTerms.At("2026-11-01"));
        var steps = new Steps(world);
        steps.Do("open pro");
        steps.Do("goodwill 6 until=2026-12-24");
        world.PassTo(TestTerms.At("2026-11-11"));
        var history = new PaceHistory(TestTerms.At("2026-11-01"), Money.Zero, []);
        Assert.Equal("10 days; 1 a day finishes", Brief());
        steps.Do("cancel");
        Assert.Equal("10 days; 1.3 a day finishes", Brief());
        steps.Do("close");
        Assert.Null(world.Account.PaceAt(history, world.Book, world.Now));

        string Brief()
        {
            var pace = world.Account.PaceAt(new PaceHistory(TestTerms.At("2026-11-01"), Money.Smallest, []), world.Book, world.Now)!;
            return $"{pace.DaysOfData} days; {pace.FinishPerDay} a day finishes";
        }
    }

    [Fact]
    public void Is_not_told_while_the_programme_is_not_active()
    {
        var world = new World(TestTerms.Book(programme: [TestTerms.Active with { Status = ProgrammeStatus.Paused, ProgrammaticUse = ProgrammaticUse.Included }]));
        world.PassTo(TestTerms.At("2026-11-01"));
        new Steps(world).Do("open pro");
        Assert.Null(world.Account.PaceAt(new PaceHistory(world.Now, Money.Zero, []), world.Book, world.Now));
    }

    private static string Same(int dollars, int days = 10) => string.Join(' ', Enumerable.Repeat(dollars, days));

    private static Money Width(Pace pace) => pace.Fast!.PerDay - pace.Slow!.PerDay;

    /// <summary>Told as of noon, when half of today has gone; unless said otherwise half a day's usual spend was spent.</summary>
    private static string Told(string spends, string credit, string? cap = null, string extra = "0", string? today = null)
    {
        var pace = Of(spends, credit, cap, extra, today);
        var told = $"{pace.DaysOfData} days" + (pace.FinishPerDay is { } finish ? $"; {finish} a day finishes" : "");
        return pace.Likely is not { } likely ? told
            : $"{told}; {likely.PerDay} a day" + (likely.RunsOutAt is { } at ? $", out {At(at)}" : "") + (likely.Lost.IsPositive ? $", {likely.Lost} lost" : "")
                + (likely.Extra is { } more ? $", extra {more}" : "") + (likely.CapReachedAt is { } reached ? $", cap {At(reached)}" : "");
    }

    private static Pace Of(string spends, string credit, string? cap = null, string extra = "0", string? today = null)
    {
        var words = spends.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var first = Period.DayOf(Noon).AddDays(-words.Length);
        var days = words.Select((word, i) => (Word: word, Day: first.AddDays(i))).Where(d => d.Word != "-")
            .Select(d => new PaceDay(d.Day, Money.Parse(d.Word), Money.FromDollars(1), LastCredit(words, d.Day.DayNumber - first.DayNumber))).ToList();
        if (words.Length > 0)
        {
            var spent = today is not null ? Money.Parse(today) : new Money(Money.Parse(words[^1]).Nanos / 2);
            days.Add(new PaceDay(Period.DayOf(Noon), spent, Money.FromDollars(1), Money.FromDollars(1)));
        }
        var portions = credit.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(new List<string>(), Join).ConvertAll(Portion);
        portions.Sort((a, b) => a.Until.CompareTo(b.Until));
        var supply = new PaceSupply(Noon, End, portions, Money.Parse(extra), cap is null ? null : Money.Parse(cap), cap is null ? null : TestTerms.At("2026-01-01"));
        // The day before now is whole, and so is the first: told days only.
        return Pace.Of(supply, new PaceHistory(words.Length == 0 ? Noon : new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero), Money.Zero, days));
    }

    private static Money LastCredit(string[] words, int day) => day + 1 < words.Length && words[day + 1] == "-" ? Money.Zero : Money.FromDollars(1);

    /// <summary>A time stands after its day.</summary>
    private static List<string> Join(List<string> parts, string part)
    {
        if (part.Contains(':', StringComparison.Ordinal))
        {
            parts[^1] += " " + part;
        }
        else
        {
            parts.Add(part);
        }
        return parts;
    }

    private static CreditPortion Portion(string text) => text.Split('@') is [var amount, var until]
        ? new CreditPortion(Money.Parse(amount), TestTerms.At("2026-" + until))
        : new CreditPortion(Money.Parse(text), End);

    private static string At(DateTimeOffset at) => at.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
