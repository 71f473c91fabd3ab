using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Accounts;

namespace Portal.Data;

/// <summary>
/// How the Ledger's own classes lie in tables. The account's key leads every key, so that rows of one account lie together and the
/// tables can be partitioned or distributed by account; ids that callers make are global and have tables of their own.
/// </summary>
public static class LedgerTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Account>(MapAccount);
        model.Entity<Grant>(MapGrant);
        model.Entity<AccountPeriod>(MapPeriod);
        model.Entity<Authorization>(MapAuthorization);
        model.Entity<Charge>(MapCharge);
        model.Entity<Entry>(MapEntry);
        model.Entity<AccountChange>(MapChange);
        model.Entity<ReversedCharge>(b => b.ToTable("reversed_charges").HasKey(r => new { r.Account, r.Charge }));
        model.Entity<RefusalRecord>(MapRefusal);
        model.Entity<Dispute>(b =>
        {
            b.ToTable("disputes").HasKey(d => new { d.Account, d.Charge });
            b.Ignore(d => d.IsNew).Ignore(d => d.IsChanged).Ignore(d => d.IsPending);
            b.HasIndex(d => new { d.State, d.OpenedAt });
        });
        model.Entity<Opening>(b =>
        {
            b.ToTable("openings").HasKey(o => new { o.Account, o.Until });
            Json(b.Property(o => o.State));
        });
        model.Entity<AuthorizationId>(b =>
        {
            b.ToTable("authorization_ids").HasKey(a => a.Id);
            b.Property(a => a.Id).HasMaxLength(128);
        });
        model.Entity<UsageEventId>(b => b.ToTable("event_ids").HasKey(e => e.Key));
        model.Entity<ParkedEvent>(b =>
        {
            b.ToTable("parked_events").HasKey(e => e.Key);
            Json(b.Property(e => e.Usage));
        });
        model.Entity<EventConflict>(b =>
        {
            b.ToTable("event_conflicts").HasKey(e => e.Key);
            Json(b.Property(e => e.Usage));
            b.HasIndex(e => e.At);
        });
        model.Entity<EventRate>(b => b.ToTable("event_rates").HasKey(r => new { r.Minute, r.Kind, r.Surface }));
    }

    private static void MapAccount(EntityTypeBuilder<Account> b)
    {
        b.ToTable("accounts").HasKey(a => a.Key);
        b.Property(a => a.Key).HasMaxLength(64);
        b.HasIndex(a => a.Owner);
        b.HasIndex(a => a.NextDue);
        b.HasIndex(a => a.PinnedTo).HasFilter("pinned_to IS NOT NULL");
        b.Ignore(a => a.Due).Ignore(a => a.Past).Ignore(a => a.Written).Ignore(a => a.IsNew).Ignore(a => a.IsChanged)
            .Ignore(a => a.Current).Ignore(a => a.Settings).Ignore(a => a.IsFoundAsBefore);
        KeptJson(b.Property(a => a.ModelCaps));
        KeptJson(b.Property(a => a.AlertChoices));
        Nanos(b, nameof(Account.Cap), nameof(Account.DailyCap), nameof(Account.DayUsed), nameof(Account.DayHeld));
        Fixed(b, nameof(Account.Owner), nameof(Account.Anchor));
        b.HasMany(a => a.Grants).WithOne().HasForeignKey(g => g.Account);
        b.HasMany(a => a.Periods).WithOne().HasForeignKey(p => p.Account);
    }

    private static void MapGrant(EntityTypeBuilder<Grant> b)
    {
        b.ToTable("grants", t => t.HasCheckConstraint("grant_parts_fit_the_whole", "used >= 0 AND held >= 0 AND expired >= 0 AND used + held + expired <= amount"));
        b.HasKey(g => new { g.Account, g.Number });
        b.Ignore(g => g.IsNew).Ignore(g => g.IsChanged);
        Nanos(b, nameof(Grant.Amount), nameof(Grant.Used), nameof(Grant.Held), nameof(Grant.Expired));
        Fixed(b, nameof(Grant.Kind), nameof(Grant.UsableFrom), nameof(Grant.GrantedAt), nameof(Grant.Period));
    }

    private static void MapPeriod(EntityTypeBuilder<AccountPeriod> b)
    {
        b.ToTable("account_periods", t => t.HasCheckConstraint("period_figures_are_not_negative", "extra_used >= 0 AND extra_held >= 0 AND uncollected >= 0 AND open_holds >= 0"));
        b.HasKey(p => new { p.Account, p.Index });
        b.Ignore(p => p.IsNew).Ignore(p => p.IsChanged);
        Nanos(b, nameof(AccountPeriod.Fee), nameof(AccountPeriod.Credit), nameof(AccountPeriod.PlanFee), nameof(AccountPeriod.PlanCredit), nameof(AccountPeriod.LargestCap),
            nameof(AccountPeriod.Cap), nameof(AccountPeriod.ExtraUsed), nameof(AccountPeriod.ExtraHeld), nameof(AccountPeriod.Uncollected),
            nameof(AccountPeriod.CreditGranted), nameof(AccountPeriod.CreditUsed), nameof(AccountPeriod.CreditExpired));
        Fixed(b, nameof(AccountPeriod.Start), nameof(AccountPeriod.End));
        Json(b.Property(p => p.ExtraByPromotion));
        Json(b.Property(p => p.ModelFlows));
        Json(b.Property(p => p.MovedToCredit));
        KeptJson(b.Property(p => p.FeeLines));
        Json(b.Property(p => p.LateCorrections));
    }

    private static void MapAuthorization(EntityTypeBuilder<Authorization> b)
    {
        b.ToTable("authorizations").HasKey(a => new { a.Account, a.Id });
        b.Ignore(a => a.IsNew).Ignore(a => a.IsChanged);
        Json(b.Property(a => a.Max));
        Json(b.Property(a => a.Credit));
        Nanos(b, nameof(Authorization.Extra));
        Fixed(b, nameof(Authorization.Model), nameof(Authorization.Surface), nameof(Authorization.App), nameof(Authorization.Max), nameof(Authorization.TtlSeconds),
            nameof(Authorization.GivenAt), nameof(Authorization.ExpiresAt), nameof(Authorization.Period), nameof(Authorization.Pool), nameof(Authorization.IsIncluded),
            nameof(Authorization.RateCardVersion), nameof(Authorization.Promotion), nameof(Authorization.Credit), nameof(Authorization.Extra));
        b.HasIndex(a => new { a.Account, a.ExpiresAt }).HasFilter($"status = {(int)AuthorizationStatus.Held}").HasDatabaseName("ix_authorizations_open");
    }

    private static void MapCharge(EntityTypeBuilder<Charge> b)
    {
        b.ToTable("charges", t => t.HasCheckConstraint("charge_parts_are_the_whole",
            "list >= 0 AND credit >= 0 AND extra >= 0 AND uncollected >= 0 AND (CASE WHEN is_included THEN credit + extra + uncollected = 0 ELSE list = credit + extra + uncollected END)"));
        b.HasKey(c => new { c.Account, c.Number });
        // The few late ones, for whoever watches over the gateways; the many others cost nothing for it.
        b.HasIndex(c => c.RecordedAt).HasFilter("is_late").HasDatabaseName("ix_charges_late");
        // Included use has no entries, by whose numbers the history pages; these are found among millions of charges that are paid.
        b.HasIndex(c => new { c.Account, c.Number }).HasFilter("is_included").HasDatabaseName("ix_charges_included");
        // Whatever asks over all accounts: an incident's charges, and whether a model is in use. New rows come at the end of their model's part.
        b.HasIndex(c => new { c.Model, c.RecordedAt });
        b.Ignore(c => c.Event);
        b.ComplexProperty(c => c.List, m => m.Property(x => x.Nanos).HasColumnName("list"));
        b.ComplexProperty(c => c.Credit, m => m.Property(x => x.Nanos).HasColumnName("credit"));
        b.ComplexProperty(c => c.Extra, m => m.Property(x => x.Nanos).HasColumnName("extra"));
        b.ComplexProperty(c => c.Uncollected, m => m.Property(x => x.Nanos).HasColumnName("uncollected"));
        b.ComplexProperty(c => c.Usage, u =>
        {
            u.Property(x => x.InputTokens).HasColumnName("input_tokens");
            u.Property(x => x.CacheWrite5mTokens).HasColumnName("cache_write_5m_tokens");
            u.Property(x => x.CacheWrite1hTokens).HasColumnName("cache_write_1h_tokens");
            u.Property(x => x.CacheReadTokens).HasColumnName("cache_read_tokens");
            u.Property(x => x.OutputTokens).HasColumnName("output_tokens");
            u.Property(x => x.WebSearches).HasColumnName("web_searches");
            u.Property(x => x.Batch).HasColumnName("batch");
            u.Property(x => x.Region).HasColumnName("region");
        });
    }

    private static void MapEntry(EntityTypeBuilder<Entry> b)
    {
        b.ToTable("entries", t => t.HasCheckConstraint("entry_amount_is_not_negative", "amount >= 0"));
        b.HasKey(e => new { e.Account, e.Seq });
        // Grants and losses are few among millions of charges; a page that asks for them alone must not read those.
        b.HasIndex(e => new { e.Account, e.Seq }).HasFilter($"kind <> {(int)EntryKind.Charge}").HasDatabaseName("ix_entries_other_than_charges");
        b.ComplexProperty(e => e.Amount, m => m.Property(x => x.Nanos).HasColumnName("amount"));
        b.ComplexProperty(e => e.CreditAfter, m => m.Property(x => x.Nanos).HasColumnName("credit_after"));
        b.ComplexProperty(e => e.ExtraAfter, m => m.Property(x => x.Nanos).HasColumnName("extra_after"));
    }

    private static void MapChange(EntityTypeBuilder<AccountChange> b)
    {
        b.ToTable("account_changes").HasKey(c => new { c.Account, c.Number });
        Json(b.Property(c => c.After));
    }

    private static void MapRefusal(EntityTypeBuilder<RefusalRecord> b)
    {
        b.ToTable("refusals").HasKey(r => new { r.Account, r.Id });
        Json(b.Property(r => r.Refusal));
        Json(b.Property(r => r.Max));
        b.HasIndex(r => new { r.Account, r.At });
        // Support is told an id, and not whose it is. One that was refused reserves no id, and may be refused again.
        b.HasIndex(r => r.Authorization);
    }

    internal static void Nanos<T>(EntityTypeBuilder<T> b, params string[] properties) where T : class
    {
        foreach (var property in properties)
        {
            b.Property(property).HasConversion(new ValueConverter<Money, long>(m => m.Nanos, n => new Money(n)));
        }
    }

    /// <summary>Small lists and records that are only ever read whole lie in one text column.</summary>
    private static void Json<T>(PropertyBuilder<T> property) => property.HasConversion(
        new ValueConverter<T, string>(v => LedgerJson.Write(v), s => JsonSerializer.Deserialize<T>(s, LedgerJson.Options)!));

    private static void KeptJson<T>(PropertyBuilder<T> property) where T : class => property.HasConversion(
        new ValueConverter<T, string>(v => LedgerJson.WriteKept(v), s => JsonSerializer.Deserialize<T>(s, LedgerJson.Options)!));

    /// <summary>What a row keeps for ever as it was written, so that no update writes it again.</summary>
    private static void Fixed<T>(EntityTypeBuilder<T> b, params string[] properties) where T : class
    {
        foreach (var property in properties)
        {
            b.Property(property).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        }
    }
}
