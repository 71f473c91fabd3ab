using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Accounts;

namespace Portal.Data;

/// <summary>What staff asked for and wrote down.</summary>
internal sealed class StaffTables : IEntityTypeConfiguration<GoodwillRequest>, IEntityTypeConfiguration<AccountNote>, IEntityTypeConfiguration<Correction>, IEntityTypeConfiguration<CorrectionItem>
{
    public void Configure(EntityTypeBuilder<GoodwillRequest> builder)
    {
        builder.ToTable("goodwill_requests").HasKey(g => g.Id);
        builder.Property(g => g.Id).ValueGeneratedNever();
        builder.Ignore(g => g.IsNew).Ignore(g => g.IsChanged);
        LedgerTables.Nanos(builder, nameof(GoodwillRequest.Amount));
        builder.HasIndex(g => new { g.Account, g.RequestedAt });
        builder.HasIndex(g => g.RequestedAt).HasFilter($"state = {(int)GoodwillState.Waiting}").HasDatabaseName("ix_goodwill_requests_waiting");
    }

    public void Configure(EntityTypeBuilder<AccountNote> builder)
    {
        builder.ToTable("account_notes").HasKey(n => new { n.Account, n.Id });
        builder.HasIndex(n => new { n.Account, n.At });
    }

    public void Configure(EntityTypeBuilder<Correction> builder)
    {
        builder.ToTable("corrections").HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Filter).HasConversion(f => JsonSerializer.Serialize(f, LedgerJson.Options), s => JsonSerializer.Deserialize<CorrectionFilter>(s, LedgerJson.Options)!);
        builder.Property(c => c.Sum).HasConversion(f => JsonSerializer.Serialize(f, LedgerJson.Options), s => JsonSerializer.Deserialize<CorrectionSum>(s, LedgerJson.Options)!);
        LedgerTables.Nanos(builder, nameof(Correction.List));
        builder.HasIndex(c => new { c.State, c.RequestedAt });
        builder.HasIndex(c => c.RequestedAt);
    }

    public void Configure(EntityTypeBuilder<CorrectionItem> builder)
    {
        builder.ToTable("correction_items").HasKey(i => new { i.Correction, i.Account, i.Charge });
        builder.Ignore(i => i.IsChanged);
        LedgerTables.Nanos(builder, nameof(CorrectionItem.List));
        builder.HasIndex(i => new { i.Account, i.Charge });
        builder.HasIndex(i => new { i.Correction, i.Result });
    }
}
