namespace Portal.Browser;

/// <summary>The application with the demo in its database: people to sign in as, and accounts in every state.</summary>
public sealed class DemoPortal : PortalOn<SqliteDatabase>
{
    protected override HostOptions Options => new() { Demo = true };
}
