using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.UsagePages;

/// <summary>What an account used. The address says all that is filtered and grouped, so that going back, links and a new load show the same.</summary>
public sealed partial class UsagePage : AccountPage<UsageFigures>
{
    private UsageQuery query = new();

    [Inject]
    private UsageReader Reader { get; set; } = default!;

    [Inject]
    private NavigationManager Nav { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Range { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private string? By { get; set; }

    [SupplyParameterFromQuery]
    private string? Rows { get; set; }

    [SupplyParameterFromQuery]
    private string? Model { get; set; }

    [SupplyParameterFromQuery]
    private string? Surface { get; set; }

    [SupplyParameterFromQuery]
    private string? App { get; set; }

    [SupplyParameterFromQuery]
    private string? Paid { get; set; }

    [SupplyParameterFromQuery]
    private string? Start { get; set; }

    protected override object? Address => query.Path();

    protected override void OnInitialized() => query = Asked();

    protected override void OnParametersSet() => query = Asked();

    protected override async Task<UsageFigures?> Read(string account) => await Reader.Figures(account, query);

    private UsageQuery Asked() => UsageQuery.Read(part => part switch
    {
        "range" => Range,
        "from" => From,
        "to" => To,
        "by" => By,
        "rows" => Rows,
        "model" => Model,
        "surface" => Surface,
        "app" => App,
        "paid" => Paid,
        "start" => Start,
        _ => throw new InvalidOperationException($"The page has no part {part} in its address."),
    });

    private void Go(UsageQuery next) => Nav.NavigateTo(next.Path());

    private string Title(UsageFigures figures) =>
        $"{Name(figures.Range.First)} to {Name(figures.Range.Last)}, by {UsageQuery.Groupings.First(g => g.By == query.By).Name.ToLowerInvariant()}";

    /// <summary>What is chosen, in words.</summary>
    private string Chosen(UsageFigures figures) => string.Join(", ", ((string?[])
    [
        figures.Models.FirstOrDefault(c => c.Key == query.Model)?.Name,
        figures.Surfaces.FirstOrDefault(c => c.Key == query.Surface)?.Name,
        figures.Apps.FirstOrDefault(c => c.Key == query.App)?.Name,
        query.Payer is null ? null : UsageQuery.PaidBy.First(p => p.Payer == query.Payer).Name,
    ]).OfType<string>());

    private static string HistoryOfCredit(UsageRange range) => $"/history?kind=credit&from={Written(range.First)}&to={Written(range.Last)}&zone=utc";

    private static string Written(DateOnly day) => day.ToString(UsageQuery.DayForm, CultureInfo.InvariantCulture);

    private static string Name(DateOnly day) => day.ToString("MMM d", CultureInfo.InvariantCulture);
}
