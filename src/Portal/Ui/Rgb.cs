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

    /// <summary>This colour, moved towards another; 0 is this one, 1 the other.</summary>
    public Rgb Towards(Rgb other, double part) => new(Mix(R, other.R, part), Mix(G, other.G, part), Mix(B, other.B, part));

    /// <summary>"#rrggbb".</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

    private static byte Mix(byte from, byte to, double part) => (byte)Math.Round(from + (to - from) * part);

    private static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
