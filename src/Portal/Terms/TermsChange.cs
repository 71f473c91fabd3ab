using System.Text.Json.Serialization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Terms;

/// <summary>
/// A change of the programme, of a surface or of a promotion. It knows what must be true for it, and how it becomes terms. Terms that are in
/// force are never rewritten: what was decided under them stays explained by them.
/// </summary>
/// <param name="From">From when it is to count; <c>null</c>: as soon as it is approved.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NewPromotion), "promotion")]
[JsonDerivedType(typeof(PromotionEnd), "promotion_end")]
[JsonDerivedType(typeof(NewPhase), "programme")]
[JsonDerivedType(typeof(NewSurfaceRule), "surface")]
public abstract record TermsChange(DateTimeOffset? From)
{
    /// <summary>What audit records name.</summary>
    [JsonIgnore]
    public abstract string Subject { get; }

    /// <summary>Why it cannot count from an instant on, in a sentence; <c>null</c> if it can.</summary>
    internal abstract string? Wrong(PriceBook book, DateTimeOffset from);

    /// <summary>The terms without it and with it, each as if they had always counted, so that nothing else differs.</summary>
    internal abstract (PriceBook Before, PriceBook After) Compared(PriceBook book, DateTimeOffset from);

    /// <summary>What it replaces, so that who approves it sees whether it still does.</summary>
    internal abstract string Replaces(PriceBook book, DateTimeOffset from);

    /// <summary>Makes it terms.</summary>
    internal abstract Task Apply(PortalDb db, DateTimeOffset from);

    /// <summary>Takes the terms that it became away, before they count; how many there were: none, if a later change was made of them.</summary>
    internal abstract Task<int> TakeBack(PortalDb db, DateTimeOffset from);
}

/// <summary>A percentage off extra usage.</summary>
/// <param name="From">See <see cref="TermsChange"/>.</param>
/// <param name="Name">What charges and statements call it.</param>
/// <param name="To">The first instant at which it no longer applies.</param>
/// <param name="PercentMillionths">The discount in millionths.</param>
/// <param name="Models">The models that it applies to; empty for all.</param>
/// <param name="Plans">The plans that it applies to; empty for all.</param>
public sealed record NewPromotion(DateTimeOffset? From, string Name, DateTimeOffset To, int PercentMillionths, IReadOnlyList<string> Models, IReadOnlyList<string> Plans) : TermsChange(From)
{
    public const int LongestName = 64;
    private const int Whole = 1_000_000;

    public override string Subject => $"promotion:{Name}";

    internal override string? Wrong(PriceBook book, DateTimeOffset from) =>
        Name.Trim().Length is 0 or > LongestName || Name.Any(char.IsControl) ? $"A promotion has a name of 1 to {LongestName} characters."
        : book.Promotions.Any(p => p.Name == Name) ? "There is a promotion with this name already, and charges tell promotions by their names."
        : PercentMillionths is < 1 or > Whole ? "A discount is more than 0 % and at most 100 %."
        : To <= from ? "It would end before it begins."
        : Models.FirstOrDefault(m => !book.Models.Contains(m)) is { } model ? $"The model '{model}' has no price."
        : Plans.FirstOrDefault(p => !book.HasPlan(p, from)) is { } plan ? $"There is no plan '{plan}' then."
        : null;

    internal override (PriceBook Before, PriceBook After) Compared(PriceBook book, DateTimeOffset from) =>
        (book, book.With(new Promotion(Name, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, PercentMillionths, Models, Plans)));

    internal override string Replaces(PriceBook book, DateTimeOffset from) => Others(book);

    /// <summary>The best of all promotions counts, so what one of them brings depends on the others.</summary>
    internal static string Others(PriceBook book) => string.Join("; ", book.Promotions.Select(p => $"{p.Name}: {p.PercentMillionths} to {p.To:O}").Order(StringComparer.Ordinal));

    internal override Task Apply(PortalDb db, DateTimeOffset from)
    {
        db.Add(new Promotion(Name, from, To, PercentMillionths, Models, Plans));
        return Task.CompletedTask;
    }

    internal override Task<int> TakeBack(PortalDb db, DateTimeOffset from) => db.Set<Promotion>().Where(p => p.Name == Name && p.From == from).ExecuteDeleteAsync();
}

/// <summary>An earlier end of a promotion.</summary>
/// <param name="From">See <see cref="TermsChange"/>.</param>
/// <param name="Name">The promotion.</param>
/// <param name="Until">The end that it has without this.</param>
public sealed record PromotionEnd(DateTimeOffset? From, string Name, DateTimeOffset Until) : TermsChange(From)
{
    public override string Subject => $"promotion:{Name}";

    internal override string? Wrong(PriceBook book, DateTimeOffset from) =>
        book.Promotion(Name) is not { } promotion ? "There is no such promotion."
        : promotion.To != Until ? "Its end was changed meanwhile."
        : from >= promotion.To ? "It ends no later by itself."
        : null;

    internal override (PriceBook Before, PriceBook After) Compared(PriceBook book, DateTimeOffset from) =>
        (book.With(book.Promotion(Name)! with { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue }), book.Without(Name));

    internal override string Replaces(PriceBook book, DateTimeOffset from) => NewPromotion.Others(book);

    internal override Task Apply(PortalDb db, DateTimeOffset from) => Move(db, Until, from);

    internal override Task<int> TakeBack(PortalDb db, DateTimeOffset from) => Move(db, from, Until);

    private Task<int> Move(PortalDb db, DateTimeOffset end, DateTimeOffset to) => db.Set<Promotion>().Where(p => p.Name == Name && p.To == end).ExecuteUpdateAsync(set => set.SetProperty(p => p.To, to));
}

/// <summary>Where the programme stands from an instant on.</summary>
/// <param name="From">See <see cref="TermsChange"/>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ProgrammaticUse">What becomes of programmatic use.</param>
/// <param name="ClaimMode">What a claim counts for.</param>
public sealed record NewPhase(DateTimeOffset? From, ProgrammeStatus Status, ProgrammaticUse ProgrammaticUse, ClaimMode ClaimMode) : TermsChange(From)
{
    public override string Subject => "programme";

    internal override string? Wrong(PriceBook book, DateTimeOffset from) =>
        (Status == ProgrammeStatus.Active) != (ProgrammaticUse == ProgrammaticUse.Metered) ? "An active programme meters programmatic use; any other includes or refuses it."
        : book.Programme.Any(p => p.From == from) ? "Something else is scheduled for the same instant."
        : book.ProgrammeAt(from) is var then && (then.Status, then.ProgrammaticUse, then.ClaimMode) == (Status, ProgrammaticUse, ClaimMode) ? "The programme is so then already."
        : null;

    internal override (PriceBook Before, PriceBook After) Compared(PriceBook book, DateTimeOffset from) =>
        (book.With(book.ProgrammeAt(from) with { From = DateTimeOffset.MinValue }), book.With(new ProgrammePhase(DateTimeOffset.MinValue, Status, ProgrammaticUse, ClaimMode)));

    internal override string Replaces(PriceBook book, DateTimeOffset from) => book.ProgrammeAt(from) is var then ? $"{then.Status}, {then.ProgrammaticUse}, {then.ClaimMode}" : "";

    internal override Task Apply(PortalDb db, DateTimeOffset from)
    {
        db.Add(new ProgrammePhase(from, Status, ProgrammaticUse, ClaimMode));
        return Task.CompletedTask;
    }

    internal override Task<int> TakeBack(PortalDb db, DateTimeOffset from) => db.Set<ProgrammePhase>().Where(p => p.From == from).ExecuteDeleteAsync();
}

/// <summary>Which pool a surface draws on from an instant on.</summary>
/// <param name="From">See <see cref="TermsChange"/>.</param>
/// <param name="Surface">The surface's key, as gateways say it.</param>
/// <param name="Pool">The pool.</param>
public sealed record NewSurfaceRule(DateTimeOffset? From, string Surface, Pool Pool) : TermsChange(From)
{
    public const int LongestSurface = 64;

    public override string Subject => $"surface:{Surface}";

    internal override string? Wrong(PriceBook book, DateTimeOffset from) =>
        Surface.Length is 0 or > LongestSurface || Surface.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? $"A surface's key has 1 to {LongestSurface} characters and no blanks."
        : book.Surfaces.Any(s => s.Surface == Surface && s.From == from) ? "Something else is scheduled for it at the same instant."
        : book.PoolOf(Surface, from) == Pool ? $"It draws on the {Pool.ToString().ToLowerInvariant()} pool then already."
        : null;

    internal override (PriceBook Before, PriceBook After) Compared(PriceBook book, DateTimeOffset from) =>
        (book.PoolOf(Surface, from) is { } pool ? book.With(new SurfaceRule(DateTimeOffset.MinValue, Surface, pool)) : book, book.With(new SurfaceRule(DateTimeOffset.MinValue, Surface, Pool)));

    internal override string Replaces(PriceBook book, DateTimeOffset from) => $"{book.PoolOf(Surface, from)}";

    internal override Task Apply(PortalDb db, DateTimeOffset from)
    {
        db.Add(new SurfaceRule(from, Surface, Pool));
        return Task.CompletedTask;
    }

    internal override Task<int> TakeBack(PortalDb db, DateTimeOffset from) => db.Set<SurfaceRule>().Where(s => s.Surface == Surface && s.From == from).ExecuteDeleteAsync();
}
