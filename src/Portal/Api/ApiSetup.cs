using Portal.Accounts;
using Portal.Api.Keys;
using Scalar.AspNetCore;

namespace Portal.Api;

/// <summary>The HTTP contract: keys, errors, endpoints, and the OpenAPI document of them.</summary>
public static class ApiSetup
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeys();
        builder.Services.AddSingleton<PublicLinks>().AddSingleton<ApiMethods>().AddSingleton<Readiness>();
        builder.Services.AddApiDocument();
    }

    /// <summary>Before authentication, so that its answers are problems too.</summary>
    public static void UseApiErrors(this WebApplication app) =>
        app.UseWhen(context => ApiErrors.Covers(context.Request.Path), branch => branch.UseMiddleware<ApiErrors>());

    /// <summary>
    /// Programs send keys and no cookies: from here their requests go straight to their endpoint, past all that only pages need. A request with a cookie goes the
    /// long way, whatever it asks for, so that whoever is signed in is seen.
    /// </summary>
    public static void UseApi(this WebApplication app) => app.MapWhen(
        context => ApiErrors.Covers(context.Request.Path) && context.Request.Headers.Cookie.Count == 0,
        api =>
        {
            api.UseMiddleware<ApiErrors>();
            api.UseAuthorization();
            api.Run(Endpoint);
        });

    private static Task Endpoint(HttpContext context)
    {
        if (context.GetEndpoint()?.RequestDelegate is { } endpoint)
        {
            return endpoint(context);
        }
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static void MapApi(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1");
        v1.MapPost("/events", EventsApi.Post).RequireScope(KeyScopes.Usage).Documented(Documentation.Events);
        app.MapPost("/api/v1/events", EventsApi.Post).RequireScope(KeyScopes.Usage).Documented(Documentation.EventsAlias);

        v1.MapPost("/authorizations", AuthorizationsApi.Post).RequireScope(KeyScopes.Authorize).Documented(Documentation.Authorize);
        v1.MapGet("/authorizations/{id}", AuthorizationsApi.Get).RequireScope(KeyScopes.Authorize).Documented(Documentation.GetAuthorization);
        v1.MapPost("/authorizations/{id}/settle", AuthorizationsApi.PostSettle).RequireScope(KeyScopes.Authorize).Documented(Documentation.Settle);
        v1.MapPost("/authorizations/{id}/release", AuthorizationsApi.PostRelease).RequireScope(KeyScopes.Authorize).Documented(Documentation.Release);

        v1.MapPut("/accounts/{account}", AccountsApi.Put).RequireScope(KeyScopes.Accounts).Documented(Documentation.PutAccount);
        v1.MapGet("/accounts/{account}", AccountsApi.Get).RequireScope(KeyScopes.Accounts).Documented(Documentation.GetAccount);

        v1.MapGet("/accounts/{account}/balance", BalanceApi.Get).RequireReader().Documented(Documentation.Balance);
        v1.MapGet("/accounts/{account}/entries", EntriesApi.Get).RequireReader().Documented(Documentation.Entries);
        v1.MapGet("/accounts/{account}/statements", StatementsApi.Get).RequireReader().Documented(Documentation.Statements);
        v1.MapGet("/accounts/{account}/statements/{period}", StatementsApi.GetOne).RequireReader().Documented(Documentation.Statement);
        v1.MapGet("/charges/{id}", ChargesApi.Get).RequireReader().Documented(Documentation.Charge);
        v1.MapGet("/balance", BalanceApi.GetOwn).RequirePersonal().Documented(Documentation.OwnBalance);
        v1.MapGet("/entries", EntriesApi.GetOwn).RequirePersonal().Documented(Documentation.OwnEntries);
        v1.MapGet("/statements", StatementsApi.GetOwn).RequirePersonal().Documented(Documentation.OwnStatements);
        v1.MapGet("/rates", RatesApi.Get).AllowAnonymous().Documented(Documentation.Rates);

        app.MapGet("/health/live", HealthApi.Live).AllowAnonymous().Documented(Documentation.Live);
        app.MapGet("/health/ready", HealthApi.Ready).AllowAnonymous().Documented(Documentation.Ready);

        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        if (app.Environment.IsDevelopment())
        {
            app.MapScalarApiReference("/scalar").AllowAnonymous();
        }
    }
}
