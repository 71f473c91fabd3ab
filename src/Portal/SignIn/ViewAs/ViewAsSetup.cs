namespace Portal.SignIn.ViewAs;

/// <summary>Support looking at an account with the subscriber's eyes.</summary>
internal static class ViewAsSetup
{
    public static void AddViewAs(this IServiceCollection services) =>
        services.AddSingleton<ViewAsMail>().AddSingleton<ViewAsBook>().AddHostedService<ViewAsEnds>();

    /// <summary>Between who it is and what they may: a look that is not open to view-as is refused whatever their roles are.</summary>
    public static void UseViewAs(this WebApplication app) => app.Use(ViewableAttribute.Guard);

    public static void MapViewAs(this WebApplication app) =>
        app.MapPost("/view-as/end", ViewAsEndpoint.End).WithMetadata(new ViewableAttribute());
}
