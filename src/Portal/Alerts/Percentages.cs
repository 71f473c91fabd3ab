using System.Globalization;
using Ledger;

namespace Portal.Alerts;

/// <summary>Percentages as people type them: "50, 75, 90".</summary>
public static class Percentages
{
    /// <summary>Reads them; <paramref name="wrong"/> says exactly what is wrong.</summary>
    public static IReadOnlyList<int> Read(string? typed, out string? wrong)
    {
        wrong = null;
        var percents = new List<int>();
        foreach (var part in (typed ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var number = part.TrimEnd('%');
            if (number.Length == 0)
            {
                continue;
            }
            if (!int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent))
            {
                wrong = $"“{Short(part)}” is not a whole percentage. Write them like 50, 75, 90.";
                return [];
            }
            if (percent is < 1 or > 100)
            {
                wrong = $"{percent} % is out of range: from 1 to 100.";
                return [];
            }
            percents.Add(percent);
        }
        var distinct = percents.Distinct().Order().ToList();
        if (distinct.Count > AlertChoices.MostThresholds)
        {
            wrong = $"At most {AlertChoices.MostThresholds} percentages; these are {distinct.Count}.";
            return [];
        }
        return distinct;
    }

    /// <summary>"50, 75, 90"; nothing for none.</summary>
    public static string Text(IEnumerable<int> percents) => string.Join(", ", percents);

    /// <summary>"at 50, 75 and 90 %"; "at no share".</summary>
    public static string Words(IReadOnlyList<int> percents)
    {
        ArgumentNullException.ThrowIfNull(percents);
        return percents.Count switch
        {
            0 => "at no share",
            1 => $"at {percents[0]} %",
            _ => $"at {string.Join(", ", percents.SkipLast(1))} and {percents[^1]} %",
        };
    }

    private static string Short(string text) => text.Length <= 20 ? text : text[..20] + "...";
}
