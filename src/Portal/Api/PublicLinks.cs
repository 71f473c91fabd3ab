using Portal.Settings;

namespace Portal.Api;

/// <summary>Makes a page's path an address: below Portal:PublicUrl, else below the host that the request was sent to.</summary>
internal sealed class PublicLinks(PortalSettings settings)
{
    private readonly string _public = settings.PublicUrl.TrimEnd('/');

    public string To(HttpContext context, string path) =>
        _public.Length > 0 ? _public + path : $"{context.Request.Scheme}://{context.Request.Host}{path}";
}
