namespace Portal.Terms;

/// <summary>The terms in force, and how they change.</summary>
internal static class TermsSetup
{
    public static IServiceCollection AddTerms(this IServiceCollection services) => services
        .AddSingleton<PriceBooks>().AddSingleton<TermsLoader>().AddSingleton<TermsPreviews>().AddSingleton<TermsChanges>().AddSingleton<TermsVersions>().AddSingleton<Impacts>()
        .AddSingleton<TermsWatch>().AddHostedService(provider => provider.GetRequiredService<TermsWatch>());
}
