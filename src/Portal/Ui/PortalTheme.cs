using MudBlazor;

namespace Portal.Ui;

/// <summary>
/// What MudBlazor needs to know in C#: type scale, radius and shadows. Its colours come from wwwroot/app.css, whose
/// variables hold both themes at once; so the theme changes without a circuit, and the first paint is already right.
/// </summary>
public static class PortalTheme
{
    private static readonly string[] fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif"];

    /// <summary>The theme of MudBlazor's components.</summary>
    public static MudTheme Mud { get; } = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = fonts, FontSize = ".9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = fonts, FontSize = "1.5rem", FontWeight = "650", LineHeight = "1.25", LetterSpacing = "-.01em" },
            H2 = new H2Typography { FontFamily = fonts, FontSize = "1.125rem", FontWeight = "650", LineHeight = "1.3", LetterSpacing = "normal" },
            H3 = new H3Typography { FontFamily = fonts, FontSize = "1rem", FontWeight = "650", LineHeight = "1.4", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = fonts, FontSize = "1.125rem", FontWeight = "650", LineHeight = "1.3", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = fonts, FontSize = ".9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = fonts, FontSize = ".875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = fonts, FontSize = ".8125rem", LineHeight = "1.4", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = fonts, FontSize = ".9375rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal", TextTransform = "none" },
        },
    };
}
