using Microsoft.AspNetCore.Routing.Template;

namespace Portal.Api;

/// <summary>Which methods an address of the API has, whatever else the framework has mapped over it.</summary>
internal sealed class ApiMethods(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)>> _routes = new(() =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Documentation>() is not null)
            .Select(endpoint => (
                new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!.TrimStart('/')), []),
                endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods))]);

    public IReadOnlyList<string> Of(PathString path) =>
        [.. _routes.Value.Where(route => route.Path.TryMatch(path, [])).SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal)];
}
