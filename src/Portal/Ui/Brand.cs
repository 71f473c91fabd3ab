using Portal.Settings;

namespace Portal.Ui;

/// <summary>
/// The provider's face: name, logo and the one accent colour, from <c>Portal:Brand</c>. Whatever the accent is, it is made
/// darker or lighter until text in it and text on it have a contrast of 4.5 in both themes.
/// </summary>
public sealed class Brand
{
    private const double Legible = 4.6;
    private static readonly Rgb defaultAccent = new(0x0a, 0x6b, 0x5c);
    private static readonly Rgb white = new(255, 255, 255);
    private static readonly Rgb black = new(0, 0, 0);

    // The ground that an accent must be read on: the darkest of the light theme, the lightest of the dark one (app.css).
    internal static readonly Rgb LightGround = new(0xea, 0xed, 0xf1);
    internal static readonly Rgb DarkGround = new(0x25, 0x2b, 0x34);

    /// <summary>Makes the settings usable; the settings' own rules have checked the colour.</summary>
    public Brand(BrandSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Name = settings.ProviderName is { Length: > 0 } name ? name : "Portal";
        Logo = settings.LogoPath is { Length: > 0 } logo ? logo : null;
        var wanted = Rgb.Parse(settings.AccentColor) ?? defaultAccent;
        Light = Readable(wanted, LightGround, -0.01);
        Dark = Readable(wanted, DarkGround, 0.01);
        OnLight = white;
        OnDark = black;
        Css = $":root{{--accent:light-dark({Light},{Dark});--on-accent:light-dark({OnLight},{OnDark})}}";
    }

    /// <summary>What the provider calls its portal.</summary>
    public string Name { get; }

    /// <summary>The address of the provider's logo, on this host; null for the built-in mark.</summary>
    public string? Logo { get; }

    /// <summary>The accent and what is written on it, for app.css.</summary>
    public string Css { get; }

    internal Rgb Light { get; }

    internal Rgb Dark { get; }

    internal Rgb OnLight { get; }

    internal Rgb OnDark { get; }

    private static Rgb Readable(Rgb wanted, Rgb ground, double step)
    {
        var colour = wanted;
        for (var lightness = wanted.Lightness; Rgb.Contrast(colour, ground) < Legible && lightness is >= 0 and <= 1; lightness += step)
        {
            colour = wanted.WithLightness(lightness);
        }
        return Rgb.Contrast(colour, ground) >= Legible ? colour : step < 0 ? black : white;
    }
}
