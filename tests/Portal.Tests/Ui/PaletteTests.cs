using System.Text.RegularExpressions;
using CsCheck;
using Portal.Settings;
using Portal.Ui;

namespace Portal.Tests.Ui;

/// <summary>Reads the colours from wwwroot/app.css and computes the contrast of every pair that is used, in both themes.</summary>
public sealed partial class PaletteTests
{
    private const double Text = 4.5;
    private const double Shape = 3.0;

    private static readonly Dictionary<string, (Rgb Light, Rgb Dark)> tokens = Read();

    public static TheoryData<string, string, double> Pairs()
    {
        var pairs = new TheoryData<string, string, double>();
        foreach (var ground in (string[])["ground", "surface", "sunken"])
        {
            pairs.Add("ink", ground, Text);
            pairs.Add("ink-soft", ground, Text);
        }
        foreach (var kind in (string[])["warn", "fail", "done", "info"])
        {
            pairs.Add(kind, $"{kind}-ground", Text);
            pairs.Add("ink", $"{kind}-ground", Text);
            pairs.Add("ink-soft", $"{kind}-ground", Text);
            pairs.Add(kind, "surface", Text);
            pairs.Add(kind, "ground", Text);
            pairs.Add($"{kind}-line", "surface", Shape);
        }
        pairs.Add("surface", "ink", Text);
        pairs.Add("surface", "fail", Text);
        foreach (var shape in (string[])["line-strong", "focus"])
        {
            pairs.Add(shape, "surface", Shape);
            pairs.Add(shape, "ground", Shape);
        }
        foreach (var fill in (string[])["credit", "extra", "uncollected", "included", "cap", "series-a", "series-b", "series-c", "series-d", "series-e", "series-f"])
        {
            pairs.Add(fill, "surface", Shape);
            pairs.Add(fill, "track", Shape);
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_that_is_used_is_legible_in_both_themes(string front, string back, double least)
    {
        var (lightFront, darkFront) = tokens[front];
        var (lightBack, darkBack) = tokens[back];
        Assert.True(Rgb.Contrast(lightFront, lightBack) >= least, $"light: {front} on {back} is {Rgb.Contrast(lightFront, lightBack):0.00}");
        Assert.True(Rgb.Contrast(darkFront, darkBack) >= least, $"dark: {front} on {back} is {Rgb.Contrast(darkFront, darkBack):0.00}");
    }

    [Fact]
    public void Whatever_accent_a_provider_sets_is_legible_in_both_themes() =>
        Gen.Int[0, 0xffffff].Sample(value =>
        {
            var brand = new Brand(new BrandSettings { AccentColor = $"#{value:x6}" });
            foreach (var ground in (string[])["ground", "surface", "sunken", "warn-ground", "fail-ground", "done-ground", "info-ground"])
            {
                Assert.True(Rgb.Contrast(brand.Light, tokens[ground].Light) >= Text);
                Assert.True(Rgb.Contrast(brand.Dark, tokens[ground].Dark) >= Text);
            }
            Assert.True(Rgb.Contrast(brand.Light, brand.OnLight) >= Text);
            Assert.True(Rgb.Contrast(brand.Dark, brand.OnDark) >= Text);
        });

    [Fact]
    public void An_accent_that_is_already_legible_stays_as_it_is() =>
        Assert.Equal("#0a6b5c", new Brand(new BrandSettings { AccentColor = "#0a6b5c" }).Light.ToString());

    [Theory]
    [InlineData("#000000", "#ffffff", 21.0)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#0000ff", "#ffff00", 8.0)]
    public void Contrast_is_what_WCAG_says(string a, string b, double ratio) =>
        Assert.Equal(ratio, Rgb.Contrast(Rgb.Parse(a)!.Value, Rgb.Parse(b)!.Value), 2);

    private static Dictionary<string, (Rgb, Rgb)> Read()
    {
        var css = File.ReadAllText(Path.Combine(RepositoryRoot(), "wwwroot", "app.css"));
        return Token().Matches(css).ToDictionary(
            match => match.Groups[1].Value,
            match => (Rgb.Parse(match.Groups[2].Value)!.Value, Rgb.Parse(match.Groups[3].Value)!.Value));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Portal.sln stands in no folder above the tests.");
        }
        return folder.FullName;
    }

    [GeneratedRegex(@"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")]
    private static partial Regex Token();
}
