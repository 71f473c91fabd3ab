using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.SignIn;

namespace Portal.Data;

/// <summary>What Portal adds to Identity's row of a user.</summary>
internal sealed class UserTable : IEntityTypeConfiguration<User>
{
    /// <summary>
    /// Identity writes a user's whole row, as it was when it was read. The step of the last code stays out of that: only the update that
    /// uses a code moves it, and never back.
    /// </summary>
    public void Configure(EntityTypeBuilder<User> builder) =>
        builder.Property(user => user.LastCodeStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
}
