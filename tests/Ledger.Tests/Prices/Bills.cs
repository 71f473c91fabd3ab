using System.Globalization;

namespace Ledger.Tests.Prices;

/// <summary>Forty bills on the demo provider's rate cards, worked out apart from this code: the day, the model, what was used, its lines and their sum.</summary>
public class Bills
{
    private const string Table = """
        2026-11-01 | claude-sonnet-5-5 | in 12000 5m 5000 read 40000 out 2500 search 2                                                 | input 0.024, cache_write_5m 0.0125, cache_read 0.004, output 0.025, web_search 0.02                                              | 0.0855
        2026-10-06 | claude-sonnet-5-5 | in 12000 5m 5000 read 40000 out 2500 search 2                                                 | input 0.024, cache_write_5m 0.0125, cache_read 0.008, output 0.025, web_search 0.02                                              | 0.0895
        2026-11-01 | claude-haiku-5-5  | in 20000 read 100000 out 3000                                                                 | input 0.01, cache_read 0.005, output 0.0075                                                                                      | 0.0225
        2026-11-01 | claude-haiku-5-5  | in 20000 read 80000 out 3000                                                                  | input 0.002, cache_read 0.0008, output 0.0015                                                                                    | 0.0043
        2026-11-01 | claude-haiku-5-5  | in 20000 read 80001 out 3000                                                                  | input 0.01, cache_read 0.00400005, output 0.0075                                                                                 | 0.02150005
        2026-11-01 | claude-haiku-5-5  | in 100001 5m 1 batch us                                                                       | input 0.027500275, cache_write_5m 0.000000344                                                                                    | 0.027500619
        2026-11-01 | claude-haiku-5-5  | in 1                                                                                          | input 0.0000001                                                                                                                  | 0.0000001
        2026-11-01 | claude-haiku-5-5  | read 1                                                                                        | cache_read 0.00000001                                                                                                            | 0.00000001
        2026-11-01 | claude-haiku-5-5  | 5m 1                                                                                          | cache_write_5m 0.000000125                                                                                                       | 0.000000125
        2026-11-01 | claude-haiku-5-5  | 5m 1 batch                                                                                    | cache_write_5m 0.000000062                                                                                                       | 0.000000062
        2026-11-01 | claude-haiku-5-5  | 5m 3 batch                                                                                    | cache_write_5m 0.000000188                                                                                                       | 0.000000188
        2026-11-01 | claude-haiku-5-5  | 5m 1 us                                                                                       | cache_write_5m 0.000000138                                                                                                       | 0.000000138
        2026-11-01 | claude-haiku-5-5  | 5m 1 batch us                                                                                 | cache_write_5m 0.000000069                                                                                                       | 0.000000069
        2026-11-01 | claude-haiku-5-5  | 5m 20 batch us                                                                                | cache_write_5m 0.000001375                                                                                                       | 0.000001375
        2026-11-01 | claude-haiku-5-5  | in 60000 1h 50000 out 1                                                                       | input 0.03, cache_write_1h 0.05, output 0.0000025                                                                                | 0.0800025
        2026-11-01 | claude-haiku-5-5  | out 1000000                                                                                   | output 0.5                                                                                                                       | 0.5
        2026-11-01 | claude-haiku-5-5  | in 100000 out 1000000                                                                         | input 0.01, output 0.5                                                                                                           | 0.51
        2026-11-01 | claude-haiku-5-5  | in 100001 out 1000000                                                                         | input 0.0500005, output 2.5                                                                                                      | 2.5500005
        2026-11-01 | claude-haiku-5-5  | 1h 99999 read 1 out 777 us                                                                    | cache_write_1h 0.02199978, cache_read 0.000000011, output 0.00042735                                                             | 0.022427141
        2026-11-01 | claude-fable-5-1  | in 1000000                                                                                    | input 10                                                                                                                         | 10
        2026-11-01 | claude-fable-5-1  | in 800 5m 120 1h 340 read 95000 out 4096                                                      | input 0.008, cache_write_5m 0.0015, cache_write_1h 0.0068, cache_read 0.02375, output 0.2048                                     | 0.24485
        2026-11-01 | claude-fable-5-1  | read 1 batch us                                                                               | cache_read 0.000000138                                                                                                           | 0.000000138
        2026-11-01 | claude-fable-5-1  | read 3 batch                                                                                  | cache_read 0.000000375                                                                                                           | 0.000000375
        2026-11-01 | claude-fable-5-1  | in 200000 out 32000 search 10 us                                                              | input 2.2, output 1.76, web_search 0.1                                                                                           | 4.06
        2026-11-01 | claude-opus-5-5   | in 7 out 11                                                                                   | input 0.000028, output 0.00022                                                                                                   | 0.000248
        2026-11-01 | claude-opus-5-5   | in 150000 5m 25000 read 1200000 out 18000                                                     | input 0.6, cache_write_5m 0.125, cache_read 0.24, output 0.36                                                                    | 1.325
        2026-11-01 | claude-opus-5-5   | 1h 4000 read 12345 out 678 batch                                                              | cache_write_1h 0.016, cache_read 0.0012345, output 0.00678                                                                       | 0.0240145
        2026-11-01 | claude-opus-5     | in 3333 5m 4444 1h 5555 read 6666 out 7777 search 1 batch us                                  | input 0.00916575, cache_write_5m 0.01527625, cache_write_1h 0.0305525, cache_read 0.00183315, output 0.10693375, web_search 0.01 | 0.1737614
        2026-11-01 | claude-opus-5     | in 1000000000 5m 1000000000 1h 1000000000 read 1000000000 out 1000000000 search 1000000000 us | input 5500, cache_write_5m 6875, cache_write_1h 11000, cache_read 550, output 27500, web_search 10000000                         | 10051425
        2026-11-01 | claude-opus-5     | search 3                                                                                      | web_search 0.03                                                                                                                  | 0.03
        2026-11-01 | claude-sonnet-5   | in 1 out 1                                                                                    | input 0.000002, output 0.00001                                                                                                   | 0.000012
        2026-11-01 | claude-sonnet-5   | read 999999 out 1 batch                                                                       | cache_read 0.0999999, output 0.000005                                                                                            | 0.1000049
        2026-10-06 | claude-sonnet-5   | in 50000 read 250000 out 6000 us                                                              | input 0.11, cache_read 0.055, output 0.066                                                                                       | 0.231
        2026-11-01 | claude-sonnet-4-6 | in 31 5m 17 read 13 out 11 batch                                                              | input 0.0000465, cache_write_5m 0.000031875, cache_read 0.00000195, output 0.0000825                                             | 0.000162825
        2026-11-01 | claude-sonnet-4-6 | 5m 333 1h 333 read 333 us                                                                     | cache_write_5m 0.001373625, cache_write_1h 0.0021978, cache_read 0.00010989                                                      | 0.003681315
        2026-10-06 | claude-sonnet-4-6 | in 18000 out 900 search 4 batch us                                                            | input 0.0297, output 0.007425, web_search 0.04                                                                                   | 0.077125
        2026-11-01 | claude-haiku-4-5  | in 123456789 out 987654321                                                                    | input 123.456789, output 4938.271605                                                                                             | 5061.728394
        2026-11-01 | claude-haiku-4-5  | 5m 777 read 8888 out 99 us                                                                    | cache_write_5m 0.001068375, cache_read 0.00097768, output 0.0005445                                                              | 0.002590555
        2026-10-06 | claude-haiku-4-5  | in 64000 1h 2000 out 512 batch                                                                | input 0.032, cache_write_1h 0.002, output 0.00128                                                                                | 0.03528
        2026-11-01 | claude-haiku-4-5  | batch us                                                                                      | nothing                                                                                                                          | 0
        """;

    private static readonly PriceBook Book = TestTerms.RealBook();

    public static TheoryData<string> Each => [.. Table.Split('\n').Select(line => string.Join(" | ", line.Split('|', StringSplitOptions.TrimEntries)))];

    [Fact]
    public void There_are_forty() => Assert.Equal(40, Each.Count);

    [Theory]
    [MemberData(nameof(Each))]
    public void A_bill_comes_to_what_was_worked_out_by_hand(string bill)
    {
        var cells = bill.Split(" | ");
        var card = Book.RateCardAt(TestTerms.At(cells[0]))!;
        var usage = UsageOf(cells[2].Split(' '));
        var lines = Rating.Lines(card, cells[1], usage);
        Assert.Equal(cells[3], lines.Count == 0 ? "nothing" : string.Join(", ", lines.Select(l => $"{l.Class} {l.Amount}")));
        Assert.Equal(cells[4], Rating.Price(card, cells[1], usage).ToString());
    }

    private static Usage UsageOf(string[] words)
    {
        long Count(string name) => Array.IndexOf(words, name) is >= 0 and var at ? long.Parse(words[at + 1], CultureInfo.InvariantCulture) : 0;
        return new Usage
        {
            InputTokens = Count("in"),
            CacheWrite5mTokens = Count("5m"),
            CacheWrite1hTokens = Count("1h"),
            CacheReadTokens = Count("read"),
            OutputTokens = Count("out"),
            WebSearches = Count("search"),
            Batch = words.Contains("batch"),
            Region = words.Contains("us") ? Region.Us : Region.Global,
        };
    }
}
