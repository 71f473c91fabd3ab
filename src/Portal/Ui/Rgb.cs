using System.Globalization;

namespace Portal.Ui;

/// <summary>A colour as sRGB, with WCAG 2's luminance and contrast, so that a provider's accent is made legible and a test can prove the palette.</summary>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>Reads "#rrggbb"; null if it is anything else.</summary>
    public static Rgb? Parse(string? hex) =>
        hex is ['#', .. { Length: 6 } digits] && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Rgb((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>WCAG's relative luminance, 0 (black) to 1 (white).</summary>
    public double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    /// <summary>WCAG's contrast ratio, 1 to 21.</summary>
    public static double Contrast(Rgb a, Rgb b)
    {
        var (light, dark) = a.Luminance > b.Luminance ? (a.Luminance, b.Luminance) : (b.Luminance, a.Luminance);
        return (light + 0.05) / (dark + 0.05);
    }

    /// <summary>The same hue and saturation with another lightness, 0 (black) to 1 (white).</summary>
    public Rgb WithLightness(double lightness)
    {
        var (hue, saturation, _) = Hsl();
        var reach = saturation * Math.Min(lightness, 1 - lightness);
        return new Rgb(Channel(0), Channel(8), Channel(4));

        byte Channel(int offset)
        {
            var k = (offset + hue / 30) % 12;
            return (byte)Math.Round(255 * (lightness - reach * Math.Clamp(Math.Min(k - 3, 9 - k), -1, 1)));
        }
    }

    /// <summary>HSL's lightness, 0 to 1.</summary>
    public double Lightness => Hsl().Lightness;

    /// <summary>"#rrggbb".</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

    private (double Hue, double Saturation, double Lightness) Hsl()
    {
        var (r, g, b) = (R / 255.0, G / 255.0, B / 255.0);
        var (most, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
        var (lightness, range) = ((most + least) / 2, most - least);
        if (range == 0)
        {
            return (0, 0, lightness);
        }
        var hue = most == r ? (g - b) / range % 6 : most == g ? (b - r) / range + 2 : (r - g) / range + 4;
        return ((hue * 60 + 360) % 360, range / (1 - Math.Abs(2 * lightness - 1)), lightness);
    }

    private static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
