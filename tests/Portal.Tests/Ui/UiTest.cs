using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Portal.Settings;
using Portal.Ui;

namespace Portal.Tests.Ui;

/// <summary>What every shared component may ask for, as an interactive page in Berlin gives it.</summary>
public abstract class UiTest : BunitContext
{
    /// <summary>A second, which it is otherwise, is not enough for a full machine; what is right passes at once anyway.</summary>
    static UiTest() => DefaultWaitTimeout = Eventually.Patience;

    protected UiTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddScoped(_ => DialogsThatCanOpen());
        Services.AddSingleton(new Brand(new BrandSettings()));
        Services.AddScoped(_ => ViewerIn("Europe/Berlin"));
        Services.AddSingleton(new Clock(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))));
        Person = AddAuthorization();
        LendServices();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    protected BunitAuthorizationContext Person { get; }

    /// <summary>Adds what a page asks for besides; nothing can be added once the renderer stands.</summary>
    protected virtual void LendServices()
    {
    }

    private static Dialogs DialogsThatCanOpen()
    {
        var dialogs = new Dialogs();
        dialogs.Stand();
        return dialogs;
    }

    protected static ViewerTime ViewerIn(string zone)
    {
        var viewer = new ViewerTime();
        viewer.Adopt(zone);
        return viewer;
    }
}
