using Microsoft.Extensions.DependencyInjection;

namespace Portal.Testing;

/// <summary>How a test wants the application to be.</summary>
public sealed record HostOptions
{
    public string Environment { get; init; } = "Development";

    /// <summary>Whether a start fills an empty database with the demo. It costs some seconds, so few tests want it.</summary>
    public bool Demo { get; init; }

    /// <summary>Its clock: null is the real one; a FakeTimeProvider stands still until the test moves it.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Settings by full name ("Portal:SignIn:SessionHours"), which win over appsettings.json.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Replaces services, after the application's own registrations.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
