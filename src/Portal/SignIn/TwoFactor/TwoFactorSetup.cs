namespace Portal.SignIn.TwoFactor;

internal static class TwoFactorSetup
{
    public static void AddTwoFactor(this IServiceCollection services)
    {
        services.AddScoped<RecoveryCodes>();
        services.AddScoped<TwoFactorSwitch>();
        services.AddScoped<SecondStep>();
    }
}
