using Portal.Admin.Audit;
using Portal.Admin.People;
using Portal.Admin.Prices;

namespace Portal.Admin;

/// <summary>What the administrators' pages read and do.</summary>
public static class AdminSetup
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPrices();
        builder.Services.AddPeople();
        builder.Services.AddAudit();
    }
}
