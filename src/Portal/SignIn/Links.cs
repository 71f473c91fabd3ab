using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Settings;

namespace Portal.SignIn;

/// <summary>
/// Links in mails. They begin with the configured address, or the one that Portal listens on; never with the Host header of the
/// request, or whoever asks for a stranger's new password could have the link lead to themselves.
/// </summary>
public sealed class Links(PortalSettings settings, IServer server, IConfiguration configuration)
{
    public string To(string path) => Base() + path;

    public string To(string path, string user, string token) =>
        QueryHelpers.AddQueryString(To(path), new Dictionary<string, string?>
        {
            ["user"] = user,
            ["code"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token)),
        });

    /// <summary>The token in a link's code; what is no code is a token that fits nobody.</summary>
    public static string Token(string? code)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code ?? ""));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private string Base()
    {
        if (settings.PublicUrl != "")
        {
            return settings.PublicUrl.TrimEnd('/');
        }

        // A command (create-admin) has no running server, so the configured addresses count.
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var addresses = listening.Count > 0 ? listening : (configuration["urls"] ?? "").Split(';');
        var address = addresses.FirstOrDefault(a => a.StartsWith("https:", StringComparison.Ordinal)) ?? addresses.FirstOrDefault() ?? "";
        var parsed = BindingAddress.Parse(address == "" ? "http://localhost" : address);
        var host = parsed.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : parsed.Host;
        return $"{parsed.Scheme}://{host}:{parsed.Port}";
    }
}
