using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Ui;

/// <summary>
/// The edge at which a bug or an outage in a page is logged, once, and told to the person with a reference that finds the log line.
/// </summary>
public sealed class PageErrorBoundary(ILogger<PageErrorBoundary> log, NavigationManager navigation) : ErrorBoundaryBase
{
    private string reference = "";

    /// <inheritdoc />
    protected override Task OnErrorAsync(Exception exception)
    {
        reference = Reference.New();
        // Without its query, which may hold an address that was searched for.
        log.LogError(exception, "The page {Path} failed. Reference {Reference}", new Uri(navigation.Uri).AbsolutePath, reference);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => Recover();

    /// <inheritdoc />
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }
        builder.OpenComponent<PageFailed>(1);
        builder.AddComponentParameter(2, nameof(PageFailed.Reference), reference);
        builder.AddComponentParameter(3, nameof(PageFailed.TryAgain), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }
}
