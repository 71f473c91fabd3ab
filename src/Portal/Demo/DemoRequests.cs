using Ledger;

namespace Portal.Demo;

/// <summary>A request of the demo: who asked which model for how much, and when Portal is told.</summary>
internal sealed record DemoRequest(DateTimeOffset At, DateTimeOffset ToldAt, string Model, string Surface, string? App, Usage Usage)
{
    public bool IsInteractive => Surface is "chat" or "cowork" or "code";

    /// <summary>Agents and headless commands go through the gateway, which asks first; CI runs and other apps report afterwards.</summary>
    public bool IsAuthorized => Surface is "agent_sdk" or "headless";
}

/// <summary>Draws requests as people and their programs make them: in working hours, fewer at weekends, in bursts. The same seed draws the same.</summary>
internal sealed class DemoRequests(Random random, PriceBook book)
{
    private const double Weekend = 0.25;

    /// <summary>The requests of one account in a stretch of time, in order.</summary>
    public List<DemoRequest> Draw(DemoStory story, DateTimeOffset from, DateTimeOffset until)
    {
        var requests = new List<DemoRequest>();
        for (var day = from.UtcDateTime.Date; day <= until.UtcDateTime.Date; day = day.AddDays(1))
        {
            var busy = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Weekend : 1;
            busy *= random.Next(11) == 0 ? 2.6 : 0.55 + 0.9 * random.NextDouble();
            AddDay(story.Programmatic, interactive: false);
            AddDay(story.Interactive, interactive: true);

            void AddDay(int ordinarily, bool interactive)
            {
                for (var left = (int)Math.Round(ordinarily * busy); left > 0; left--)
                {
                    var request = One(story, new DateTimeOffset(day, TimeSpan.Zero) + TimeOfDay(), interactive);
                    if (from <= request.At && request.ToldAt <= until && book.RateCardAt(request.At) is not null)
                    {
                        requests.Add(request);
                    }
                }
            }
        }
        requests.Sort((a, b) => a.At.CompareTo(b.At));
        return requests;
    }

    /// <summary>One request at an instant.</summary>
    public DemoRequest One(DemoStory story, DateTimeOffset at, bool interactive)
    {
        var kinds = story.Kinds.Where(k => new DemoRequest(at, at, k.Model, k.Surface, null, new Usage()).IsInteractive == interactive).ToList();
        var kind = Pick(kinds);
        var app = kind.Apps.Length == 0 ? null : kind.Apps[random.Next(kind.Apps.Length)];
        // A few tell Portal later: a CI runner that was offline, an app that sends once an hour.
        var late = kind.Surface is "ci_action" or "third_party_app" && random.Next(25) == 0 ? TimeSpan.FromMinutes(random.Next(20, 600)) : TimeSpan.FromSeconds(random.Next(4, 70));
        return new DemoRequest(at, at + late, Known(kind.Model, at), kind.Surface, app, interactive ? Typed() : Programmed(kind.Surface));
    }

    /// <summary>The same request, larger or smaller.</summary>
    public static DemoRequest Scale(DemoRequest request, double by) => request with
    {
        Usage = request.Usage with
        {
            InputTokens = Times(request.Usage.InputTokens, by),
            CacheWrite5mTokens = Times(request.Usage.CacheWrite5mTokens, by),
            CacheWrite1hTokens = Times(request.Usage.CacheWrite1hTokens, by),
            CacheReadTokens = Times(request.Usage.CacheReadTokens, by),
            OutputTokens = Times(request.Usage.OutputTokens, by),
        },
    };

    private Usage Programmed(string surface) => new()
    {
        InputTokens = Around(6_000),
        CacheWrite5mTokens = random.Next(3) > 0 ? Around(4_500) : 0,
        CacheWrite1hTokens = random.Next(12) == 0 ? Around(9_000) : 0,
        CacheReadTokens = Around(48_000),
        OutputTokens = Around(2_100),
        WebSearches = random.Next(20) == 0 ? random.Next(1, 4) : 0,
        Batch = surface == "ci_action" && random.Next(5) == 0,
        Region = random.Next(14) == 0 ? Region.Us : Region.Global,
    };

    private Usage Typed() => new()
    {
        InputTokens = Around(2_500),
        CacheReadTokens = Around(16_000),
        OutputTokens = Around(900),
        WebSearches = random.Next(15) == 0 ? 1 : 0,
    };

    private DemoKind Pick(List<DemoKind> kinds)
    {
        var left = random.Next(kinds.Sum(k => k.Weight));
        return kinds.First(k => (left -= k.Weight) < 0);
    }

    /// <summary>A model that had no price yet was not used yet.</summary>
    private string Known(string model, DateTimeOffset at) =>
        book.RateCardAt(at) is not { } card || card.Models.ContainsKey(model) ? model : card.Models.Keys.FirstOrDefault(k => k.Contains("haiku", StringComparison.Ordinal)) ?? card.Models.Keys.First();

    /// <summary>Mostly between 7 and 20 o'clock UTC, with the mass around noon.</summary>
    private TimeSpan TimeOfDay() => TimeSpan.FromMilliseconds(Math.Round(TimeSpan.FromHours(7 + 13 * (random.NextDouble() + random.NextDouble()) / 2).TotalMilliseconds));

    /// <summary>From a quarter to about three times as much, small more often than large.</summary>
    private long Around(int usual) => (long)(usual * (0.25 + 2.75 * Math.Pow(random.NextDouble(), 2.2)));

    private static long Times(long tokens, double by) => tokens == 0 ? 0 : Math.Max(1, (long)Math.Round(tokens * by));
}
