using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data;

/// <summary>Where the e-mail of an alert stands.</summary>
public enum DeliveryState
{
    /// <summary>It is to be sent, for the first time or once more.</summary>
    Pending,

    /// <summary>The mail server took it.</summary>
    Sent,

    /// <summary>It was tried as often as it is tried, and is not tried again.</summary>
    Failed,

    /// <summary>Its kind was turned off, or its reader had left, before it was sent.</summary>
    NotWanted,
}

/// <summary>The e-mail that an alert is to be told by. Written in the transaction of the alert itself, so that neither is there without the other.</summary>
public sealed class AlertDelivery
{
    public string Account { get; init; } = "";

    /// <summary>The alert's number.</summary>
    public int Alert { get; init; }

    public DeliveryState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it may be tried. Whoever tries it sets this ahead first, so nobody else does meanwhile, and somebody does if the first one dies.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Why the last try failed, as the mail server said.</summary>
    public string? Problem { get; init; }
}

/// <summary>Alerts and their e-mails. Unlike the ledger they may be deleted: they go when their reader leaves.</summary>
internal sealed class AlertTables : IEntityTypeConfiguration<Alert>, IEntityTypeConfiguration<AlertDelivery>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts").HasKey(a => new { a.Account, a.Number });
        // Each once in its period: the door sees to that under the account's lock, and this if the door should ever be wrong.
        builder.HasIndex(a => new { a.Account, a.Period, a.Kind, a.Subject }).IsUnique();
        LedgerTables.Nanos(builder, nameof(Alert.Amount), nameof(Alert.Of), nameof(Alert.Unclaimed), nameof(Alert.Credit));
    }

    public void Configure(EntityTypeBuilder<AlertDelivery> builder)
    {
        builder.ToTable("alert_deliveries").HasKey(d => new { d.Account, d.Alert });
        builder.HasIndex(d => d.NextAttemptAt).HasFilter($"state = {(int)DeliveryState.Pending}").HasDatabaseName("ix_alert_deliveries_pending");
    }
}
