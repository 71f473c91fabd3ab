namespace Portal.Support;

/// <summary>Support finds accounts.</summary>
public static class FindSetup
{
    public static void AddFind(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<AccountFinder>();
    }
}
