using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Portal.Tests.Contract.Client;

/// <summary>An answer: the status, and what the contract says comes with it.</summary>
public sealed record Answer<T>(int Status, string? MediaType, HttpResponseHeaders Headers, string Text) where T : class
{
    /// <summary>What was asked for. Anything else is an exception that says what came instead.</summary>
    public T Value => Status is 200 or 201 && MediaType == "application/json" ? Json.Read<T>(Text) : throw new InvalidOperationException($"{Status} {MediaType}: {Text}");

    /// <summary>The problem, in all that the contract demands of one.</summary>
    public Problem Problem(int status, string code)
    {
        if (Status != status || MediaType != "application/problem+json")
        {
            throw new InvalidOperationException($"{Status} {MediaType} instead of {status} {code}: {Text}");
        }
        var problem = Json.Read<Problem>(Text);
        Demand(problem.Code == code && problem.Status == status, "another code or status");
        Demand(problem is { Type.Length: > 0, Title.Length: > 0, Detail.Length: > 0, TraceId.Length: > 0 }, "an empty field");
        Demand((problem.Errors is { Count: > 0 } errors && errors.Values.All(why => why.Length > 0)) == (status == 400), "errors where there should be none, or none where there should be some");
        Demand((problem.Reason is not null) == (code == "rejected"), "a reason where there should be none, or none");
        Demand((problem.Limits is not null && problem.Remedy is { Text.Length: > 0, Url.Length: > 0 }) == (status == 402), "limits and remedy");
        Demand((Headers.RetryAfter?.Delta is { } wait && wait > TimeSpan.Zero) == (status is 429 or 503), "Retry-After");
        return problem;

        void Demand(bool holds, string what)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"The problem has {what}: {Text}");
            }
        }
    }
}

/// <summary>
/// A client of the HTTP contract, written from its text alone: it shares no type with the application. What it was answered to which
/// operation is told to <paramref name="seen"/>.
/// </summary>
public sealed class ContractClient(HttpClient http, string? key, Action<string, int> seen)
{
    private const string Plain = "application/json";
    private const string Structured = "application/cloudevents+json";
    private const string Batched = "application/cloudevents-batch+json";

    public Task<Answer<JsonElementAnswer>> Put(string account, AccountWanted wanted) => Send<JsonElementAnswer>("PUT /v1/accounts/{account}", [account], Body(wanted));

    public Task<Answer<JsonElementAnswer>> GetAccount(string account) => Send<JsonElementAnswer>("GET /v1/accounts/{account}", [account]);

    public Task<Answer<Authorization>> Authorize(AuthorizationAsked asked) => Send<Authorization>("POST /v1/authorizations", [], Body(asked));

    public Task<Answer<Authorization>> Settle(string id, Use usage, DateTimeOffset? time = null) => Send<Authorization>("POST /v1/authorizations/{id}/settle", [id], Body(new { usage, time }));

    public Task<Answer<Authorization>> Release(string id) => Send<Authorization>("POST /v1/authorizations/{id}/release", [id]);

    public Task<Answer<Authorization>> GetAuthorization(string id) => Send<Authorization>("GET /v1/authorizations/{id}", [id]);

    public Task<Answer<EventResults>> Tell(UsageTold told, bool toOpenMeter = false) => Send<EventResults>(Events(toOpenMeter), [], Body(Wrapped(told)), Structured);

    public Task<Answer<EventResults>> TellAll(IEnumerable<UsageTold> told, bool toOpenMeter = false) => Send<EventResults>(Events(toOpenMeter), [], Body(told.Select(Wrapped)), Batched);

    public Task<Answer<EventResults>> TellBinary(UsageTold told, bool toOpenMeter = false) => Send<EventResults>(Events(toOpenMeter), [], Body(Data(told)), Plain, headers:
    [
        ("ce-specversion", "1.0"), ("ce-type", "ai.usage"), ("ce-source", Uri.EscapeDataString(told.Source)), ("ce-id", told.Id), ("ce-subject", told.Subject),
        .. told.Time is { } time ? [("ce-time", Json.Text(time))] : Array.Empty<(string, string)>(),
    ]);

    public Task<Answer<BalanceShown>> Balance(string account, DateTimeOffset? asOf = null) => Send<BalanceShown>("GET /v1/accounts/{account}/balance", [account], query: AsOf(asOf));

    public Task<Answer<BalanceShown>> OwnBalance(DateTimeOffset? asOf = null) => Send<BalanceShown>("GET /v1/balance", [], query: AsOf(asOf));

    public Task<Answer<EntriesPage>> Entries(string account, string query = "", string? accept = null) => Send<EntriesPage>("GET /v1/accounts/{account}/entries", [account], query: query, accept: accept);

    public Task<Answer<EntriesPage>> OwnEntries(string query = "", string? accept = null) => Send<EntriesPage>("GET /v1/entries", [], query: query, accept: accept);

    public Task<Answer<ExplainedCharge>> Charge(string id) => Send<ExplainedCharge>("GET /v1/charges/{id}", [id]);

    public Task<Answer<Statements>> Statements(string account) => Send<Statements>("GET /v1/accounts/{account}/statements", [account]);

    public Task<Answer<Statement>> Statement(string account, string period) => Send<Statement>("GET /v1/accounts/{account}/statements/{period}", [account, period]);

    public Task<Answer<Statements>> OwnStatements() => Send<Statements>("GET /v1/statements", []);

    public Task<Answer<Rates>> Rates(string query = "") => Send<Rates>("GET /v1/rates", [], query: query);

    public Task<Answer<string>> Live() => Send<string>("GET /health/live", []);

    public Task<Answer<string>> Ready() => Send<string>("GET /health/ready", []);

    public Task<Answer<JsonElementAnswer>> Document() => Send<JsonElementAnswer>("GET /openapi/v1.json", []);

    /// <summary>A call of an operation by its name, with whatever body: for what a client of good will would never send.</summary>
    public Task<Answer<JsonElementAnswer>> Call(string operation, string[] places, string? body = null, string mediaType = Plain) =>
        Send<JsonElementAnswer>(operation, places, body is null ? null : Encoding.UTF8.GetBytes(body), mediaType);

    private static string Events(bool toOpenMeter) => toOpenMeter ? "POST /api/v1/events" : "POST /v1/events";

    private static string AsOf(DateTimeOffset? instant) => instant is { } then ? $"as_of={Json.Text(then)}" : "";

    private static byte[] Body<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);

    private static Dictionary<string, object?> Wrapped(UsageTold told) => new()
    {
        ["specversion"] = "1.0",
        ["type"] = "ai.usage",
        ["source"] = told.Source,
        ["id"] = told.Id,
        ["subject"] = told.Subject,
        ["time"] = told.Time,
        ["data"] = Data(told),
    };

    private static Dictionary<string, object?> Data(UsageTold told)
    {
        var data = JsonSerializer.SerializeToNode(told.Use, Json.Options)!.AsObject().ToDictionary(field => field.Key, object? (field) => field.Value);
        data["model"] = told.Model;
        data["surface"] = told.Surface;
        data["app"] = told.App;
        data["authorization"] = told.Authorization;
        return data;
    }

    private async Task<Answer<T>> Send<T>(
        string operation, string[] places, byte[]? body = null, string mediaType = Plain, string query = "", string? accept = null, params (string Name, string Value)[] headers) where T : class
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        foreach (var place in places)
        {
            var (open, close) = (path.IndexOf('{', StringComparison.Ordinal), path.IndexOf('}', StringComparison.Ordinal));
            path = path[..open] + Uri.EscapeDataString(place) + path[(close + 1)..];
        }
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(query == "" ? path : $"{path}?{query}", UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        }
        using var answer = await http.SendAsync(request);
        seen(operation, (int)answer.StatusCode);
        return new Answer<T>((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers, await answer.Content.ReadAsStringAsync());
    }
}

/// <summary>An answer whose fields the contract does not list.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(AsItIs))]
public sealed record JsonElementAnswer(JsonElement Json)
{
    public string this[string path] => path.Split('.').Aggregate(Json, (at, name) => at.GetProperty(name)).ToString();

    private sealed class AsItIs : System.Text.Json.Serialization.JsonConverter<JsonElementAnswer>
    {
        public override JsonElementAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, JsonElementAnswer value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
    }
}
