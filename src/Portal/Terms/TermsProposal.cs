using System.Text.Json;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Terms;

/// <summary>Where a proposal stands.</summary>
public enum ProposalState
{
    /// <summary>It waits for another administrator.</summary>
    Waiting,

    /// <summary>It is terms, from <see cref="TermsProposal.EffectiveFrom"/> on.</summary>
    Approved,

    /// <summary>It was taken back before it counted.</summary>
    Withdrawn,
}

/// <summary>
/// A change that an administrator proposed, what it would have done to real usage, and who approved it. The change itself never changes: who
/// wants another proposes another, so nobody approves what they did not see.
/// </summary>
public sealed class TermsProposal
{
    public string Id { get; init; } = "";

    public TermsChange Change { get; init; } = null!;

    public TermsPreview Preview { get; init; } = null!;

    /// <summary>What it would have done to every account, by the rules themselves; <c>null</c> as long as that is not worked out.</summary>
    public Impact? Impact { get; set; }

    public string Reason { get; init; } = "";

    /// <summary>The user who proposed it.</summary>
    public string Author { get; init; } = "";

    public DateTimeOffset ProposedAt { get; init; }

    public ProposalState State { get; set; }

    /// <summary>The user who approved it or took it back.</summary>
    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>From when it counts, once it is approved.</summary>
    public DateTimeOffset? EffectiveFrom { get; set; }
}

/// <summary>The real usage of some days that a change would have met.</summary>
/// <param name="From">The first instant of those days.</param>
/// <param name="To">The instant at which they were looked at.</param>
/// <param name="Requests">How many charges.</param>
/// <param name="Accounts">Of how many accounts.</param>
/// <param name="List">What they cost at API rates.</param>
/// <param name="Credit">What credit paid of it.</param>
/// <param name="Extra">What extra usage paid of it.</param>
/// <param name="Discount">What the change takes off that extra usage, or leaves no more off.</param>
/// <param name="Parked">How many events wait for what the change brings.</param>
public sealed record TermsPreview(DateTimeOffset From, DateTimeOffset To, long Requests, long Accounts, Money List, Money Credit, Money Extra, Money Discount, long Parked);

internal sealed class TermsProposalTable : IEntityTypeConfiguration<TermsProposal>
{
    public void Configure(EntityTypeBuilder<TermsProposal> builder)
    {
        builder.ToTable("terms_proposals").HasKey(p => p.Id);
        builder.Property(p => p.Id).HasMaxLength(36);
        builder.Property(p => p.Reason).HasMaxLength(TermsChanges.LongestReason);
        builder.Property(p => p.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(p => p.Change).HasConversion(c => JsonSerializer.Serialize(c, LedgerJson.Options), s => JsonSerializer.Deserialize<TermsChange>(s, LedgerJson.Options)!);
        builder.Property(p => p.Preview).HasConversion(p => JsonSerializer.Serialize(p, LedgerJson.Options), s => JsonSerializer.Deserialize<TermsPreview>(s, LedgerJson.Options)!);
        builder.Property(p => p.Impact).HasConversion(i => JsonSerializer.Serialize(i, LedgerJson.Options), s => JsonSerializer.Deserialize<Impact>(s, LedgerJson.Options)!);
    }
}
