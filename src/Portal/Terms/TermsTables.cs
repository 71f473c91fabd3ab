using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Data;

namespace Portal.Terms;

/// <summary>A rate card version as it was given, in the format of rate-card.json.</summary>
public sealed class RateCardDocument
{
    public int Version { get; init; }

    public DateTimeOffset EffectiveFrom { get; init; }

    public string Json { get; init; } = "";
}

/// <summary>One row that counts changes of any terms, so that every instance notices them with its next batch.</summary>
public sealed class TermsRevision
{
    public int Id { get; init; } = 1;

    public long Revision { get; set; }

    /// <summary>When terms of plans were last approved or withdrawn: accounts that were not looked at since are woken, so that their owners are told.</summary>
    public DateTimeOffset? PlansChangedAt { get; set; }
}

/// <summary>Terms are rows with dates: the Ledger's own records, never changed once they are in force.</summary>
public static class TermsTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<PlanTerms>(b =>
        {
            b.ToTable("plan_terms").HasKey(p => new { p.Plan, p.EffectiveFrom });
            b.Property(p => p.MonthlyFee).HasConversion(Nanos);
            b.Property(p => p.MonthlyCredit).HasConversion(Nanos);
            b.Property(p => p.LargestCap).HasConversion(Nanos);
        });
        model.Entity<RateCardDocument>(b =>
        {
            b.ToTable("rate_cards").HasKey(r => r.Version);
            b.Property(r => r.Version).ValueGeneratedNever();
        });
        model.Entity<TermsVersion>(b =>
        {
            b.ToTable("terms_versions").HasKey(v => new { v.Kind, v.Number });
            b.Property(v => v.Number).ValueGeneratedNever();
            b.Ignore(v => v.Written);
            Json(b.Property(v => v.Sheet));
            Json(b.Property(v => v.Ticked));
            Json(b.Property(v => v.Impact));
        });
        model.Entity<ProgrammePhase>(b =>
        {
            b.ToTable("programme_phases").HasKey(p => p.From);
            b.Property(p => p.From).HasColumnName("effective_from");
            b.Ignore(p => p.IsActive);
        });
        model.Entity<SurfaceRule>(b =>
        {
            b.ToTable("surface_rules").HasKey(s => new { s.Surface, s.From });
            b.Property(s => s.From).HasColumnName("effective_from");
        });
        model.Entity<Promotion>(b =>
        {
            b.ToTable("promotions").HasKey(p => p.Name);
            b.Property(p => p.From).HasColumnName("effective_from");
            b.Property(p => p.To).HasColumnName("effective_to");
            b.Property(p => p.Models).HasConversion(Texts);
            b.Property(p => p.Plans).HasConversion(Texts);
        });
        model.Entity<TermsRevision>(b =>
        {
            b.ToTable("terms_revision").HasKey(r => r.Id);
            b.Property(r => r.Id).ValueGeneratedNever();
        });
    }

    /// <summary>Small records that are only ever read whole.</summary>
    private static void Json<T>(PropertyBuilder<T> property) => property.HasConversion(
        new ValueConverter<T, string>(value => JsonSerializer.Serialize(value, LedgerJson.Options), text => JsonSerializer.Deserialize<T>(text, LedgerJson.Options)!));

    private static readonly ValueConverter<Money, long> Nanos = new(m => m.Nanos, n => new Money(n));

    private static readonly ValueConverter<IReadOnlyList<string>, string> Texts = new(
        list => JsonSerializer.Serialize(list, LedgerJson.Options),
        text => JsonSerializer.Deserialize<List<string>>(text, LedgerJson.Options)!);
}
