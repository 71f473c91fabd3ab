using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.SignIn.Register;

/// <summary>
/// An account that a new person is still owed. Written together with the person and deleted when the account is open, so that a crash
/// between the two leaves something to go on with.
/// </summary>
public sealed class Registration
{
    public string UserId { get; init; } = "";

    /// <summary>The account's key: random, because keys stay in the ledger when the person is forgotten.</summary>
    public string Account { get; init; } = "";

    public string Plan { get; init; } = "";
}

internal sealed class RegistrationTable : IEntityTypeConfiguration<Registration>
{
    public void Configure(EntityTypeBuilder<Registration> builder)
    {
        builder.ToTable("registrations").HasKey(r => r.UserId);
        builder.Property(r => r.Account).HasMaxLength(64);
        builder.HasOne<User>().WithOne().HasForeignKey<Registration>(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
