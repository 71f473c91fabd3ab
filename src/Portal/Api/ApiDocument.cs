using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Portal.Api;

/// <summary>The OpenAPI document: schemas from the types, the rest from each endpoint's <see cref="Documentation"/>.</summary>
internal static class ApiDocument
{
    private const string Key = "key";

    private static readonly string[] EventHeaders = ["ce-specversion", "ce-type", "ce-source", "ce-id", "ce-subject", "ce-time"];
    private static readonly int[] KeyProblems = [401, 403, 429];

    public static void AddApiDocument(this IServiceCollection services)
    {
        // Schemas follow the names and converters with which answers are really written.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            options.SerializerOptions.PropertyNamingPolicy = ApiJson.Default.Options.PropertyNamingPolicy;
            foreach (var converter in ApiJson.Default.Options.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<Documentation>().Any();
            options.AddDocumentTransformer((document, _, _) => Describe(document));
            options.AddOperationTransformer(Describe);
            options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
        });
    }

    public static T Documented<T>(this T endpoint, Documentation documentation) where T : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(documentation);
        return endpoint;
    }

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Portal",
            Version = "v1",
            Description = "What the provider's systems and a subscriber's scripts call. Money is exact decimal strings of US dollars; instants are RFC 3339 in UTC; unknown fields are ignored; null means absent. "
                + "What changes money is idempotent by the caller's id: after a lost answer, repeat.",
        };
        // Relative: wherever the document was read from.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A gateway key (made by an admin, with the scopes usage, authorize, accounts, read) acts for all accounts; a personal token (read-only) for its own account.",
            },
        };
        foreach (var (path, item) in document.Paths)
        {
            foreach (var operation in item.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            {
                if (operation.Responses?.ContainsKey("401") == true)
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
                }
            }
        }
        return Task.CompletedTask;
    }

    private static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var documentation = context.Description.ActionDescriptor.EndpointMetadata.OfType<Documentation>().Single();
        (operation.OperationId, operation.Summary, operation.Description) = (documentation.Id, documentation.Summary, documentation.Text);
        operation.Tags = new HashSet<OpenApiTagReference> { new(documentation.Tag, context.Document) };
        operation.Parameters = [.. (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Path), .. documentation.Query.Select(Parameter)];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path))
        {
            (parameter.Description, parameter.Schema) = parameter.Name switch
            {
                "account" => ("The account's key.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Texts.AccountPattern }),
                "period" => ("The period's first day, in UTC, as in 2026-11-02.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }),
                _ => ("The id.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Texts.IdPattern }),
            };
        }
        if (documentation.Body is not null)
        {
            await Body(operation, documentation, context, cancel);
        }
        operation.Responses = [];
        foreach (var (status, type) in documentation.Answers)
        {
            operation.Responses[Text(status)] = await Success(status, type, documentation, context, cancel);
        }
        var problem = await Schema(typeof(Problem), context, cancel);
        foreach (var status in documentation.Problems.Concat(documentation.NeedsKey ? KeyProblems : []).Order())
        {
            operation.Responses[Text(status)] = Failure(status, problem);
        }
    }

    private static OpenApiParameter Parameter((string Name, string Text, string Type) query) => new()
    {
        Name = query.Name,
        In = ParameterLocation.Query,
        Description = query.Text,
        Schema = query.Type switch
        {
            "integer" => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "1000" },
            "date-time" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    private static async Task Body(OpenApiOperation operation, Documentation documentation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var mediaType in documentation.Accepts)
        {
            var type = documentation.Body != typeof(EventBody) ? documentation.Body!
                : mediaType == CloudEvents.Batch ? typeof(EventBody[])
                : mediaType == CloudEvents.Single ? typeof(EventBody)
                : typeof(EventData);
            content[mediaType] = new OpenApiMediaType { Schema = await Schema(type, context, cancel), Example = Examples.Of(type) };
        }
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
        if (documentation.Body == typeof(EventBody))
        {
            operation.Parameters =
            [
                .. operation.Parameters!,
                .. EventHeaders.Select(header => new OpenApiParameter
                {
                    Name = header,
                    In = ParameterLocation.Header,
                    Description = "Binary mode (application/json) only: the attribute of the event.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }),
            ];
        }
    }

    private static async Task<OpenApiResponse> Success(int status, Type? type, Documentation documentation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        if (type is null)
        {
            content["text/plain"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
        else
        {
            content["application/json"] = new OpenApiMediaType { Schema = await Schema(type, context, cancel) };
            foreach (var also in documentation.AlsoAs)
            {
                content[also] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            }
        }
        return new OpenApiResponse { Description = status == 201 ? "Made." : documentation.Answers.Length > 1 ? "It was there already." : "It is as asked.", Content = content };
    }

    private static OpenApiResponse Failure(int status, IOpenApiSchema problem)
    {
        var response = new OpenApiResponse
        {
            Description = status switch
            {
                400 => "`invalid`: not as it must be; `errors` says which field and why.",
                401 => "`unauthorized`: no valid key.",
                402 => "The first reason: `account_closed`, `unknown_surface`, `unknown_model`, `programme_not_active`, `credit_not_claimed`, `extra_usage_not_allowed`, `extra_usage_off`, `model_cap_reached`, `daily_cap_reached` or `cap_reached`; with `limits` and `remedy`.",
                403 => "`forbidden`: the key does not allow this.",
                404 => "`not_found`: there is no such thing, or not for this key.",
                409 => "`id_reused`, `not_held`, `conflict` or `settled`: it contradicts what is recorded.",
                413 => "`too_large`.",
                415 => "`unsupported_media_type`.",
                422 => "`rejected` with `reason`: `unknown_account`, `too_old`, `in_future`, `wrong_authorization` or `invalid`.",
                429 => "`too_many_requests`: over the key's rate.",
                503 => "`busy`: the queue is full or the database is away. Repeat.",
                _ => throw new InvalidOperationException($"Status {status} has no description."),
            },
            Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = problem } },
        };
        if (status is 429 or 503)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }
        return response;
    }

    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var own = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), false).OfType<DescriptionAttribute>().FirstOrDefault();
        // What the Ledger's own comments say of its types is for programmers.
        schema.Description = own?.Description ?? (type.Assembly == typeof(Money).Assembly ? null : schema.Description);
        var nullable = schema.Type is { } was && was.HasFlag(JsonSchemaType.Null) ? JsonSchemaType.Null : 0;
        if (type == typeof(Money))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Pattern = @"^-?\d+(\.\d{0,8}[1-9])?$";
            schema.Description ??= "US dollars, exact.";
            schema.Examples = ["0.0855"];
        }
        else if (type == typeof(long))
        {
            schema.Type = JsonSchemaType.Integer | nullable;
            schema.Format = "int64";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Format = "date-time";
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String | nullable;
        }
        return Task.CompletedTask;
    }

    private static async Task<IOpenApiSchema> Schema(Type type, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (type.IsArray)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Array, MaxItems = CloudEvents.MostEvents, Items = await Schema(type.GetElementType()!, context, cancel) };
        }
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancel);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Examples of request bodies; a test sends them.</summary>
internal static class Examples
{
    public static JsonNode? Of(Type type) => JsonNode.Parse(
        type == typeof(EventBody) ? Event
        : type == typeof(EventBody[]) ? $"[{Event}]"
        : type == typeof(EventData) ? Data
        : type == typeof(AuthorizeBody) ? """{"id": "req_01JDC0Q8", "account": "demo-pro", "model": "claude-sonnet-5-5", "surface": "headless", "max": {"input_tokens": 12000, "output_tokens": 8000}, "ttl_seconds": 900}"""
        : type == typeof(SettleBody) ? """{"usage": {"input_tokens": 12000, "output_tokens": 2500}}"""
        : type == typeof(AccountBody) ? """{"owner_email": "pro@example.com", "plan": "pro", "status": "open"}"""
        : throw new InvalidOperationException($"{type.Name} has no example."));

    private const string Data = """{"model": "claude-sonnet-5-5", "surface": "agent_sdk", "app": "zed", "input_tokens": 12000, "output_tokens": 2500}""";

    private const string Event = $$"""{"specversion": "1.0", "type": "ai.usage", "source": "gateway/eu-1", "id": "evt_01JDC0Q8", "subject": "demo-pro", "data": {{Data}}}""";
}
