using Microsoft.AspNetCore.Components;

namespace Portal.Ui;

/// <summary>A part of a page that writes instants itself, and so draws itself again when the viewer's zone becomes known or changes.</summary>
public abstract class Zoned : ComponentBase, IDisposable
{
    [Inject]
    protected ViewerTime ViewerTime { get; set; } = default!;

    protected override void OnInitialized() => ViewerTime.Changed += Redraw;

    public void Dispose()
    {
        ViewerTime.Changed -= Redraw;
        GC.SuppressFinalize(this);
    }

    private void Redraw() => _ = InvokeAsync(() =>
    {
        OnZoneChanged();
        StateHasChanged();
    });

    /// <summary>Before it is drawn again: what was written by the old zone is to be written anew.</summary>
    protected virtual void OnZoneChanged()
    {
    }
}
