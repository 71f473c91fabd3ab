using Portal.Settings;

namespace Portal.Security;

/// <summary>Outside Development nobody's password or key crosses a network in clear: Portal ends TLS itself, or a named proxy does.</summary>
public static class Tls
{
    private const string Certificate = "Kestrel:Certificates:Default:Path";

    /// <summary>Whether one of the configured addresses is https.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["https_ports"]) || Addresses(configuration).Any(IsHttps);

    public static void Require(WebApplication app, PortalSettings settings)
    {
        if (app.Environment.IsDevelopment())
        {
            return;
        }

        if (settings.TrustedProxies.Length == 0 && !IsConfigured(app.Configuration))
        {
            throw new WrongSettingException(
                $"Urls is '{app.Configuration["urls"]}'; outside Development it must have an https address (with a certificate in {Certificate}), or Portal:TrustedProxies must name the proxy that ends TLS.");
        }

        var file = app.Configuration[Certificate];
        if (IsConfigured(app.Configuration) && file is null && app.Configuration["Kestrel:Certificates:Default:Subject"] is null && !EndpointsHaveTheirs(app.Configuration))
        {
            throw new WrongSettingException($"{Certificate} is not set; an https address needs a certificate (a .pfx file, or a .pem file with Kestrel:Certificates:Default:KeyPath).");
        }

        if (file is not null && !File.Exists(Path.Combine(app.Environment.ContentRootPath, file)))
        {
            throw new WrongSettingException($"{Certificate} is '{file}'; there is no such file.");
        }
    }

    private static IEnumerable<string> Addresses(IConfiguration configuration) =>
        (configuration["urls"] ?? "").Split(';').Concat(Endpoints(configuration).Select(endpoint => endpoint["Url"] ?? ""));

    private static IEnumerable<IConfigurationSection> Endpoints(IConfiguration configuration) => configuration.GetSection("Kestrel:Endpoints").GetChildren();

    private static bool EndpointsHaveTheirs(IConfiguration configuration) =>
        Endpoints(configuration).Any(endpoint => endpoint.GetSection("Certificate").Exists() || endpoint.GetSection("Sni").Exists());

    private static bool IsHttps(string address) => address.Trim().StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
