namespace Ledger;

/// <summary>
/// All terms with their dates: rate cards, plans, the programme, surfaces and promotions. An immutable snapshot;
/// asking it about an instant always gives the same answer, which is why old charges keep the version that priced them.
/// </summary>
public sealed class PriceBook
{
    private readonly RateCard[] _cards;
    private readonly Dictionary<string, PlanTerms[]> _plans;
    private readonly Dictionary<string, PlanTerms[]> _everyPlan;
    private readonly ProgrammePhase[] _programme;
    private readonly ILookup<string, SurfaceRule> _surfaces;
    private readonly Promotion[] _promotions;

    /// <summary>Gathers the terms; order does not matter.</summary>
    /// <param name="rateCards">Every rate card that was approved.</param>
    /// <param name="plans">Every plan's terms that were approved.</param>
    /// <param name="programme">The programme's terms.</param>
    /// <param name="surfaces">Which pool each surface draws on.</param>
    /// <param name="promotions">The promotions.</param>
    /// <param name="plansChangedAt">When terms of plans were last approved or withdrawn, so that accounts look at them.</param>
    /// <exception cref="ArgumentException">An active phase of the programme does not meter programmatic use, or another one does.</exception>
    public PriceBook(
        IEnumerable<RateCard> rateCards, IEnumerable<PlanTerms> plans, IEnumerable<ProgrammePhase> programme,
        IEnumerable<SurfaceRule> surfaces, IEnumerable<Promotion> promotions, DateTimeOffset? plansChangedAt = null)
    {
        PlansChangedAt = plansChangedAt;
        _cards = [.. rateCards.OrderBy(c => c.EffectiveFrom).ThenBy(c => c.Version)];
        _plans = _everyPlan = ByPlan(plans);
        _programme = Checked([.. programme.OrderBy(p => p.From)]);
        _surfaces = BySurface(surfaces);
        _promotions = [.. promotions];
    }

    private PriceBook(
        PriceBook other, RateCard[]? cards = null, Dictionary<string, PlanTerms[]>? plans = null, ProgrammePhase[]? programme = null, ILookup<string, SurfaceRule>? surfaces = null, Promotion[]? promotions = null) =>
        (_cards, _plans, _everyPlan, _programme, _surfaces, _promotions, PlansChangedAt) =
            (cards ?? other._cards, plans ?? other._plans, other._everyPlan, programme ?? other._programme, surfaces ?? other._surfaces, promotions ?? other._promotions, other.PlansChangedAt);

    /// <summary>The same terms with a rate card in force from its date on: cards that come into force then or later are left out. For a draft, or for what-if.</summary>
    public PriceBook With(RateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new PriceBook(this, cards: [.. _cards.Where(c => c.EffectiveFrom < card.EffectiveFrom), card]);
    }

    /// <summary>The same terms with a plan's terms in force from their date on: later ones of that plan are left out, and those that begin with them.</summary>
    public PriceBook With(PlanTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var others = _plans.Values.SelectMany(versions => versions).Where(p => p.Plan != terms.Plan || p.EffectiveFrom < terms.EffectiveFrom);
        return new PriceBook(this, plans: ByPlan(others.Append(terms)));
    }

    /// <summary>The same terms with the programme as a phase says from its date on: phases that begin then or later are left out.</summary>
    /// <exception cref="ArgumentException">The phase is active and does not meter programmatic use, or the other way round.</exception>
    public PriceBook With(ProgrammePhase phase)
    {
        ArgumentNullException.ThrowIfNull(phase);
        return new PriceBook(this, programme: Checked([.. _programme.Where(p => p.From < phase.From), phase]));
    }

    /// <summary>The same terms with a surface drawing on a pool from the rule's date on: rules of that surface that begin then or later are left out.</summary>
    public PriceBook With(SurfaceRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new PriceBook(this, surfaces: BySurface(Surfaces.Where(s => s.Surface != rule.Surface || s.From < rule.From).Append(rule)));
    }

    /// <summary>The same terms with a promotion; one of the same name is left out.</summary>
    public PriceBook With(Promotion promotion)
    {
        ArgumentNullException.ThrowIfNull(promotion);
        return new PriceBook(this, promotions: [.. _promotions.Where(p => p.Name != promotion.Name), promotion]);
    }

    /// <summary>The same terms without a promotion.</summary>
    public PriceBook Without(string promotion) => new(this, promotions: [.. _promotions.Where(p => p.Name != promotion)]);

    /// <summary>The rate card in force at an instant; <c>null</c> before the first.</summary>
    public RateCard? RateCardAt(DateTimeOffset instant) => Array.FindLast(_cards, c => c.EffectiveFrom <= instant);

    /// <summary>The rate card with a version number, which a charge or an authorization names.</summary>
    /// <exception cref="InvalidOperationException">There is none; versions are never removed.</exception>
    public RateCard RateCard(int version) =>
        Array.Find(_cards, c => c.Version == version) ?? throw new InvalidOperationException($"Rate card version {version} is not in the price book.");

    /// <summary>The first rate card that comes into force after an instant, if one is scheduled.</summary>
    public RateCard? NextRateCard(DateTimeOffset instant) => Array.Find(_cards, c => c.EffectiveFrom > instant);

    /// <summary>Whether there is a plan with this key at an instant.</summary>
    public bool HasPlan(string plan, DateTimeOffset instant) => Array.Exists(Of(plan), p => p.EffectiveFrom <= instant);

    /// <summary>The terms of a plan in force at an instant; of a plan that begins later, its first ones.</summary>
    /// <exception cref="InvalidOperationException">There is no such plan; plans are never removed.</exception>
    public PlanTerms PlanAt(string plan, DateTimeOffset instant) =>
        Array.FindLast(Of(plan), p => p.EffectiveFrom <= instant) ?? Of(plan).FirstOrDefault()
        ?? throw new InvalidOperationException($"Plan '{plan}' is not in the price book.");

    /// <summary>When terms of plans were last approved or withdrawn; <c>null</c> if they only ever were loaded. An account that was not looked at since has to be told.</summary>
    public DateTimeOffset? PlansChangedAt { get; }

    /// <summary>The terms of a plan that an account is on.</summary>
    /// <param name="plan">The plan's key.</param>
    /// <param name="on">From when the account's terms are; <c>null</c>, or terms that are not known: those of <paramref name="instant"/>.</param>
    /// <param name="instant">When its period began.</param>
    public PlanTerms TermsOf(string plan, DateTimeOffset? on, DateTimeOffset instant) =>
        (on is { } from ? Terms(plan, from) : null) ?? PlanAt(plan, instant);

    /// <summary>
    /// The terms of a period that begins at an instant, for an account that was on older terms of the plan: the newest that count then, unless it keeps what it has. See docs/rules.md, "Plans".
    /// </summary>
    /// <param name="on">The terms that the account was on.</param>
    /// <param name="start">Where the period begins.</param>
    public PlanTerms NextTerms(PlanTerms on, DateTimeOffset start)
    {
        ArgumentNullException.ThrowIfNull(on);
        var next = on;
        foreach (var terms in Of(on.Plan))
        {
            if (terms.EffectiveFrom > on.EffectiveFrom && terms.CountsFor(start))
            {
                next = terms;
            }
        }
        return next;
    }

    /// <summary>The first period after one under which an account that is on some terms gets others, if any are scheduled.</summary>
    /// <param name="on">The terms that the account is on.</param>
    /// <param name="anchor">Where its periods are counted from.</param>
    /// <param name="index">The period that runs.</param>
    public ComingTerms? Coming(PlanTerms on, DateTimeOffset anchor, int index)
    {
        ArgumentNullException.ThrowIfNull(on);
        var start = Period.Of(anchor, index).End;
        while (NextTerms(on, start).IsLike(on))
        {
            if (!Array.Exists(Of(on.Plan), p => p.EffectiveFrom > start || p.KeepUntil > start))
            {
                return null;
            }
            start = Period.Of(anchor, ++index).End;
        }
        return new ComingTerms(NextTerms(on, start), start);
    }

    /// <summary>Terms of a plan by where they begin, also those that <see cref="With(PlanTerms)"/> left out: an account may be pinned to them. <c>null</c> if there are none.</summary>
    internal PlanTerms? Terms(string plan, DateTimeOffset from)
    {
        // Asked with every charge: no closure, no enumerator.
        foreach (var terms in _everyPlan.GetValueOrDefault(plan) ?? [])
        {
            if (terms.EffectiveFrom == from)
            {
                return terms;
            }
        }
        return null;
    }

    /// <summary>Whether terms of a plan that begin at an instant may count, or counted once.</summary>
    internal bool Counts(string plan, DateTimeOffset from) => Array.Exists(Of(plan), p => p.EffectiveFrom == from);

    /// <summary>Every plan's terms at an instant.</summary>
    public IEnumerable<PlanTerms> PlansAt(DateTimeOffset instant) =>
        _plans.Values.Select(versions => Array.FindLast(versions, p => p.EffectiveFrom <= instant)).OfType<PlanTerms>();

    /// <summary>The programme's terms at an instant. Before the first there is no programme, and programmatic use is refused rather than given away.</summary>
    public ProgrammePhase ProgrammeAt(DateTimeOffset instant) =>
        Array.FindLast(_programme, p => p.From <= instant)
        ?? new ProgrammePhase(DateTimeOffset.MinValue, ProgrammeStatus.Announced, ProgrammaticUse.Refused, ClaimMode.EachPeriod);

    /// <summary>The programme's next terms after an instant, if any are scheduled.</summary>
    public ProgrammePhase? NextPhase(DateTimeOffset after) => Array.Find(_programme, p => p.From > after);

    /// <summary>The first instant after another at which the programme becomes active, if one is scheduled.</summary>
    public DateTimeOffset? NextActivation(DateTimeOffset after)
    {
        var active = ProgrammeAt(after).IsActive;
        foreach (var phase in _programme.Where(p => p.From > after))
        {
            if (phase.IsActive && !active)
            {
                return phase.From;
            }
            active = phase.IsActive;
        }
        return null;
    }

    /// <summary>The pool that a surface draws on at an instant; <c>null</c> for an unknown surface, which is never taken for a free one.</summary>
    public Pool? PoolOf(string surface, DateTimeOffset instant) => _surfaces[surface].LastOrDefault(s => s.From <= instant)?.Pool;

    /// <summary>What prices a model at an instant; where nothing does, the first later card that does and is in force by <paramref name="until"/>. For events that waited for a price.</summary>
    public RateCard? FirstRateCardFor(string model, DateTimeOffset from, DateTimeOffset until) =>
        RateCardAt(from) is { } inForce && inForce.Models.ContainsKey(model) ? inForce
            : Array.Find(_cards, c => c.EffectiveFrom > from && c.EffectiveFrom <= until && c.Models.ContainsKey(model));

    /// <summary>The pool of a surface at an instant; where it was not known yet, its first one, if that counts by <paramref name="until"/>. For events that waited for it.</summary>
    public Pool? FirstPoolOf(string surface, DateTimeOffset from, DateTimeOffset until) =>
        PoolOf(surface, from) ?? _surfaces[surface].FirstOrDefault(s => s.From > from && s.From <= until)?.Pool;

    /// <summary>The first instant after another at which any terms begin or end, if one is scheduled.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after)
    {
        var instants = _cards.Select(c => c.EffectiveFrom).Concat(_plans.Values.SelectMany(p => p).Select(p => p.EffectiveFrom)).Concat(_programme.Select(p => p.From))
            .Concat(_surfaces.SelectMany(s => s).Select(s => s.From)).Concat(_promotions.Select(p => p.From)).Concat(_promotions.Select(p => p.To));
        return instants.Where(i => i > after).Select(i => (DateTimeOffset?)i).Min();
    }

    /// <summary>Every phase of the programme, in order.</summary>
    public IReadOnlyList<ProgrammePhase> Programme => _programme;

    /// <summary>Every row of the table of surfaces, by surface and then in order.</summary>
    public IEnumerable<SurfaceRule> Surfaces => _surfaces.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s);

    /// <summary>Every promotion, those of the past too.</summary>
    public IReadOnlyList<Promotion> Promotions => _promotions;

    /// <summary>The promotion that takes most off extra usage of a model on a plan at an instant, if one applies.</summary>
    public Promotion? BestPromotion(string model, string plan, DateTimeOffset instant) =>
        _promotions.Where(p => p.AppliesTo(model, plan, instant))
            .OrderByDescending(p => p.PercentMillionths).ThenBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The promotion with a name, which an authorization carries; <c>null</c> for none.</summary>
    public Promotion? Promotion(string? name) => name is null ? null : Array.Find(_promotions, p => p.Name == name);

    /// <summary>The promotions in force for a plan at an instant.</summary>
    public IEnumerable<Promotion> PromotionsFor(string plan, DateTimeOffset instant) =>
        _promotions.Where(p => p.From <= instant && instant < p.To && (p.Plans.Count == 0 || p.Plans.Contains(plan, StringComparer.Ordinal)));

    /// <summary>Every model that any rate card prices or priced. No charge is of another one.</summary>
    public IEnumerable<string> Models => _cards.SelectMany(c => c.Models.Keys).Distinct(StringComparer.Ordinal);

    /// <summary>The name of a model as people read it: from the newest card that prices it, else its key.</summary>
    public string ModelName(string model) => Array.FindLast(_cards, c => c.Models.ContainsKey(model))?.Models[model].Name ?? model;

    private static ProgrammePhase[] Checked(ProgrammePhase[] programme) =>
        Array.Find(programme, p => p.IsActive != (p.ProgrammaticUse == ProgrammaticUse.Metered)) is { } wrong
            ? throw new ArgumentException($"The programme from {wrong.From:O} is {wrong.Status} with {wrong.ProgrammaticUse} use: an active one meters it, any other includes or refuses it.", nameof(programme))
            : programme;

    private static ILookup<string, SurfaceRule> BySurface(IEnumerable<SurfaceRule> surfaces) => surfaces.OrderBy(s => s.From).ToLookup(s => s.Surface, StringComparer.Ordinal);

    private PlanTerms[] Of(string plan) => _plans.GetValueOrDefault(plan) ?? [];

    private static Dictionary<string, PlanTerms[]> ByPlan(IEnumerable<PlanTerms> plans) =>
        plans.GroupBy(p => p.Plan, StringComparer.Ordinal).ToDictionary(g => g.Key, PlanTerms[] (g) => [.. g.OrderBy(p => p.EffectiveFrom)], StringComparer.Ordinal);
}
