namespace Ledger;

/// <summary>
/// All terms with their dates: rate cards, plans, the programme, surfaces and promotions. An immutable snapshot;
/// asking it about an instant always gives the same answer, which is why old charges keep the version that priced them.
/// </summary>
public sealed class PriceBook
{
    private readonly RateCard[] _cards;
    private readonly ILookup<string, PlanTerms> _plans;
    private readonly ProgrammePhase[] _programme;
    private readonly ILookup<string, SurfaceRule> _surfaces;
    private readonly Promotion[] _promotions;

    /// <summary>Gathers the terms; order does not matter.</summary>
    /// <exception cref="ArgumentException">An active phase of the programme does not meter programmatic use, or another one does.</exception>
    public PriceBook(
        IEnumerable<RateCard> rateCards, IEnumerable<PlanTerms> plans, IEnumerable<ProgrammePhase> programme,
        IEnumerable<SurfaceRule> surfaces, IEnumerable<Promotion> promotions)
    {
        _cards = [.. rateCards.OrderBy(c => c.EffectiveFrom).ThenBy(c => c.Version)];
        _plans = plans.OrderBy(p => p.EffectiveFrom).ToLookup(p => p.Plan, StringComparer.Ordinal);
        _programme = [.. programme.OrderBy(p => p.From)];
        if (Array.Find(_programme, p => p.IsActive != (p.ProgrammaticUse == ProgrammaticUse.Metered)) is { } wrong)
        {
            throw new ArgumentException($"The programme from {wrong.From:O} is {wrong.Status} with {wrong.ProgrammaticUse} use: an active one meters it, any other includes or refuses it.", nameof(programme));
        }
        _surfaces = surfaces.OrderBy(s => s.From).ToLookup(s => s.Surface, StringComparer.Ordinal);
        _promotions = [.. promotions];
    }

    private PriceBook(PriceBook other, RateCard[] cards, ILookup<string, PlanTerms> plans) =>
        (_cards, _plans, _programme, _surfaces, _promotions) = (cards, plans, other._programme, other._surfaces, other._promotions);

    /// <summary>The same terms with a rate card in force from its date on: cards that come into force then or later are left out. For a draft, or for what-if.</summary>
    public PriceBook With(RateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new PriceBook(this, [.. _cards.Where(c => c.EffectiveFrom < card.EffectiveFrom), card], _plans);
    }

    /// <summary>The same terms with a plan's terms in force from their date on: later ones of that plan are left out, and those that begin with them.</summary>
    public PriceBook With(PlanTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var others = _plans.SelectMany(versions => versions).Where(p => p.Plan != terms.Plan || p.EffectiveFrom < terms.EffectiveFrom);
        return new PriceBook(this, _cards, others.Append(terms).ToLookup(p => p.Plan, StringComparer.Ordinal));
    }

    /// <summary>The rate card in force at an instant; <c>null</c> before the first.</summary>
    public RateCard? RateCardAt(DateTimeOffset instant) => Array.FindLast(_cards, c => c.EffectiveFrom <= instant);

    /// <summary>The rate card with a version number, which a charge or an authorization names.</summary>
    /// <exception cref="InvalidOperationException">There is none; versions are never removed.</exception>
    public RateCard RateCard(int version) =>
        Array.Find(_cards, c => c.Version == version) ?? throw new InvalidOperationException($"Rate card version {version} is not in the price book.");

    /// <summary>The first rate card that comes into force after an instant, if one is scheduled.</summary>
    public RateCard? NextRateCard(DateTimeOffset instant) => Array.Find(_cards, c => c.EffectiveFrom > instant);

    /// <summary>Whether there is a plan with this key at an instant.</summary>
    public bool HasPlan(string plan, DateTimeOffset instant) => _plans[plan].Any(p => p.EffectiveFrom <= instant);

    /// <summary>The terms of a plan in force at an instant; of a plan that begins later, its first ones.</summary>
    /// <exception cref="InvalidOperationException">There is no such plan; plans are never removed.</exception>
    public PlanTerms PlanAt(string plan, DateTimeOffset instant) =>
        _plans[plan].LastOrDefault(p => p.EffectiveFrom <= instant) ?? _plans[plan].FirstOrDefault()
        ?? throw new InvalidOperationException($"Plan '{plan}' is not in the price book.");

    /// <summary>The first terms of a plan that come into force after an instant, if any are scheduled.</summary>
    public PlanTerms? NextPlanTerms(string plan, DateTimeOffset after) => _plans[plan].FirstOrDefault(p => p.EffectiveFrom > after);

    /// <summary>Every plan's terms at an instant.</summary>
    public IEnumerable<PlanTerms> PlansAt(DateTimeOffset instant) =>
        _plans.Select(versions => versions.LastOrDefault(p => p.EffectiveFrom <= instant)).OfType<PlanTerms>();

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

    /// <summary>The promotion that takes most off extra usage of a model on a plan at an instant, if one applies.</summary>
    public Promotion? BestPromotion(string model, string plan, DateTimeOffset instant) =>
        _promotions.Where(p => p.AppliesTo(model, plan, instant))
            .OrderByDescending(p => p.PercentMillionths).ThenBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The promotion with a name, which an authorization carries; <c>null</c> for none.</summary>
    public Promotion? Promotion(string? name) => name is null ? null : Array.Find(_promotions, p => p.Name == name);

    /// <summary>The promotions in force for a plan at an instant.</summary>
    public IEnumerable<Promotion> PromotionsFor(string plan, DateTimeOffset instant) =>
        _promotions.Where(p => p.From <= instant && instant < p.To && (p.Plans.Count == 0 || p.Plans.Contains(plan, StringComparer.Ordinal)));

    /// <summary>The name of a model as people read it: from the newest card that prices it, else its key.</summary>
    public string ModelName(string model) => Array.FindLast(_cards, c => c.Models.ContainsKey(model))?.Models[model].Name ?? model;
}
