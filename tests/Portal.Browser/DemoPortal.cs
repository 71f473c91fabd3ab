[assembly: AssemblyFixture(typeof(Portal.Browser.DemoPortal))]

namespace Portal.Browser;

/// <summary>
/// The application with the demo in its database, one for all journeys, because filling it costs some seconds. A journey that
/// changes something does so to an account of its own; the demo's accounts are only looked at.
/// </summary>
public sealed class DemoPortal : PortalOn<SqliteDatabase>
{
    public const string GatewayKey = "gateway-key-of-the-journeys";

    public static HostOptions Filled { get; } = new()
    {
        Demo = true,
        Settings = new Dictionary<string, string> { ["Portal:Demo:GatewayKey"] = GatewayKey, ["Portal:Demo:Traffic"] = "false" },
    };

    protected override HostOptions Options => Filled;
}
