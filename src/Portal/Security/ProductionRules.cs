using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Demo;
using Portal.Settings;

namespace Portal.Security;

/// <summary>What must hold outside Development before the first request is served.</summary>
public static class ProductionRules
{
    public static async Task RefuseUnsafeProduction(this WebApplication app, PortalSettings settings)
    {
        if (app.Environment.IsDevelopment())
        {
            return;
        }

        if (settings.TrustedProxies.Length == 0 && !HasTls(app.Configuration))
        {
            throw new WrongSettingException(
                $"Urls is '{app.Configuration["urls"]}'; outside Development it must have an https address (with a certificate in Kestrel:Certificates:Default), or Portal:TrustedProxies must name the proxy that ends TLS.");
        }

        await using var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var emails = DemoAccounts.All.Select(account => account.Email.ToUpperInvariant()).ToList();
        var demo = await db.Users.Where(user => emails.Contains(user.NormalizedEmail!)).Select(user => user.Email).FirstOrDefaultAsync();
        if (demo is not null)
        {
            throw new WrongSettingException(
                $"ConnectionStrings:Portal leads to a database with the demo account {demo}, whose password is public; outside Development it must lead to one without the demo.");
        }
    }

    private static bool HasTls(IConfiguration configuration)
    {
        var addresses = (configuration["urls"] ?? "").Split(';')
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));
        return !string.IsNullOrEmpty(configuration["https_ports"]) || addresses.Any(address => address.Trim().StartsWith("https://", StringComparison.OrdinalIgnoreCase));
    }
}
