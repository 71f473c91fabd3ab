namespace Ledger.Simulator;

/// <summary>Terms under which much happens: rates that do not divide, tiers, versions of cards and plans, pauses of the programme, promotions; and news of them while time passes.</summary>
internal sealed class RandomTerms
{
    public static readonly string[] Models = ["small", "large", "late"];
    public static readonly string[] Plans = ["none", "seat", "max", "tight", "pro"];
    public static readonly string[] Surfaces = ["headless", "chat", "agent_sdk", "bot"];

    private readonly Random _random;
    private readonly DateTimeOffset _start;
    private readonly List<RateCard> _cards = [];
    private readonly List<PlanTerms> _plans = [];
    private readonly List<ProgrammePhase> _programme = [];
    private readonly List<SurfaceRule> _surfaces = [];
    private readonly List<Promotion> _promotions = [];

    public RandomTerms(Random random, DateTimeOffset start)
    {
        (_random, _start) = (random, start);
        var longAgo = start.AddYears(-3);
        AddCard(longAgo);
        AddPlan(longAgo, "none", 0, 0, false, 0);
        AddPlan(longAgo, "pro", 20, 10, true, 50);
        AddPlan(longAgo, "max", 100, 40, true, 200);
        AddPlan(longAgo, "seat", 25, 12, false, 0);
        AddPlan(longAgo, "tight", 120, 60, true, 15);
        _programme.Add(Phase(longAgo, ProgrammeStatus.Active));
        _surfaces.Add(new SurfaceRule(longAgo, "headless", Pool.Programmatic));
        _surfaces.Add(new SurfaceRule(longAgo, "agent_sdk", Pool.Programmatic));
        _surfaces.Add(new SurfaceRule(longAgo, "chat", Pool.Interactive));
        _promotions.Add(new Promotion("third", At(-5, 40), At(41, 90), 333_333, [], []));
        _promotions.Add(new Promotion("large", At(-5, 20), At(21, 60), 125_000, ["large"], ["pro"]));
        for (var news = random.Next(4); news > 0; news--)
        {
            Announce(At(0, 60));
        }
        Book = Made();
    }

    public PriceBook Book { get; private set; }

    /// <summary>Something is announced that counts from an instant on which nothing was decided yet.</summary>
    public string News(DateTimeOffset from)
    {
        var what = Announce(from);
        Book = Made();
        return $"{what} from {from:O}";
    }

    private string Announce(DateTimeOffset from)
    {
        switch (_random.Next(6))
        {
            case 0:
                AddCard(from);
                return $"rate card {_cards.Count}";
            case 1:
                AddPlan(from, "pro", 20 + _random.Next(10), 5 + _random.Next(20), true, 30 + _random.Next(60));
                return "terms of pro";
            case 2:
                AddPlan(from, "max", 100, 30 + _random.Next(30), _random.Next(5) > 0, 20 + _random.Next(200));
                return "terms of max";
            case 3:
                _surfaces.Add(new SurfaceRule(from, "bot", _random.Next(3) == 0 ? Pool.Interactive : Pool.Programmatic));
                return "a surface";
            default:
                _programme.Add(Phase(from, _random.Next(3) switch { 0 => ProgrammeStatus.Paused, 1 => ProgrammeStatus.Ended, _ => ProgrammeStatus.Active }));
                _programme.Add(Phase(from.AddHours(_random.Next(1, 90)), ProgrammeStatus.Active));
                return $"the programme is {_programme[^2].Status}";
        }
    }

    private PriceBook Made() => new(_cards, _plans, _programme.GroupBy(p => p.From).Select(p => p.First()), _surfaces, _promotions);

    private DateTimeOffset At(int fromDay, int toDay) => _start.AddMinutes(_random.Next(fromDay * 1440, toDay * 1440));

    private ProgrammePhase Phase(DateTimeOffset from, ProgrammeStatus status) => new(
        from, status,
        status == ProgrammeStatus.Active ? ProgrammaticUse.Metered : _random.Next(2) == 0 ? ProgrammaticUse.Included : ProgrammaticUse.Refused,
        _random.Next(6) == 0 ? ClaimMode.Once : ClaimMode.EachPeriod);

    private void AddPlan(DateTimeOffset from, string plan, int fee, int credit, bool extra, int cap) =>
        _plans.Add(new PlanTerms(plan, from, plan, Money.FromDollars(fee), Money.FromDollars(credit), extra, Money.FromDollars(cap), plan != "seat"));

    /// <summary>A card at whose rates a nano-dollar is seldom whole, and often exactly half. A model comes with the second one.</summary>
    private void AddCard(DateTimeOffset from)
    {
        var times = 1 + _random.Next(3);
        ModelRates Rates(string model, long nanos) => new(model, model,
        [
            new RateTier(0, new Money(nanos * times), new Money(nanos * times * 5 / 4), new Money(nanos * times * 2), new Money(nanos * times / 10), new Money(nanos * times * 5)),
            new RateTier(100_000, new Money(nanos * times * 2), new Money(nanos * times * 5 / 2), new Money(nanos * times * 4), new Money(nanos * times / 5), new Money(nanos * times * 7)),
        ]);
        List<ModelRates> models = [Rates("small", 333_333_333), Rates("large", 3_141_250_000)];
        if (_cards.Count > 0)
        {
            models.Add(Rates("late", 1_000_000_007));
        }
        _cards.Add(new RateCard(_cards.Count + 1, from, models, Factor.Parse("0.5"), Factor.Parse("1.1"), Money.Parse("0.01")));
    }
}
