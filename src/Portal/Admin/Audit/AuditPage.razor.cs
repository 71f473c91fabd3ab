using Microsoft.AspNetCore.Components;

namespace Portal.Admin.Audit;

/// <summary>The audit. The address says all filters, so that going back, links and a new load show the same.</summary>
public sealed partial class AuditPage
{
    private AuditQuery query = new();

    [Inject]
    private AuditReader Reader { get; set; } = default!;

    [Inject]
    private NavigationManager Nav { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "actor")]
    private string? ByWhom { get; set; }

    [SupplyParameterFromQuery]
    private string? Subject { get; set; }

    [SupplyParameterFromQuery]
    private string? Action { get; set; }

    [SupplyParameterFromQuery]
    private string? From { get; set; }

    [SupplyParameterFromQuery]
    private string? To { get; set; }

    [SupplyParameterFromQuery]
    private string? Before { get; set; }

    protected override object? Address => query;

    protected override void OnInitialized() => query = Asked();

    protected override void OnParametersSet() => query = Asked();

    protected override async Task<AuditFigures?> Read() => await Reader.Read(query);

    private AuditQuery Asked() => AuditQuery.Read(part => part switch
    {
        "actor" => ByWhom,
        "subject" => Subject,
        "action" => Action,
        "from" => From,
        "to" => To,
        "before" => Before,
        _ => throw new InvalidOperationException($"The page has no part {part} in its address."),
    });

    private void Go(AuditQuery next) => Nav.NavigateTo(next.Path());
}
