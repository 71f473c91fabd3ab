using System.Reflection;
using Portal.Tests.Contract.Client;
using Xunit.Sdk;
using Xunit.v3;

namespace Portal.Tests.Contract;

/// <summary>
/// The whole HTTP contract, told by a client that knows nothing but its text: as the provider's gateway and as a subscriber's script, from an
/// empty provider to statements. Each chapter stands in a file of its own; the last test asks whether everything that the document
/// promises was seen.
/// </summary>
[TestMethodOrderer(typeof(CoverageLast))]
public abstract partial class ContractSuite<TDatabase> : IClassFixture<ContractWorld<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    private const string Sonnet = "claude-sonnet-5-5";
    private const string Source = "gateway/eu-1";

    private readonly ContractWorld<TDatabase> world;
    private int ids;

    protected ContractSuite(ContractWorld<TDatabase> world)
    {
        Tools.Require(world.Database.Missing);
        this.world = world;
        world.Told.Add(TestContext.Current.TestMethod!.MethodName);
    }

    private ContractClient Gateway => world.Gateway;

    /// <summary>What the document promises and this suite cannot bring about, and why.</summary>
    private static readonly Dictionary<(string Operation, int Status), string> NotSeen = [];

    [Fact]
    public async Task Every_operation_and_status_of_the_document_was_seen()
    {
        foreach (var chapter in GetType().GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null && !world.Told.Contains(m.Name)))
        {
            world.Told.Add(chapter.Name);
            await (Task)chapter.Invoke(this, [])!;
        }
        var promised = (
            from path in (await Gateway.Document()).Value.Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            from response in operation.Value.GetProperty("responses").EnumerateObject()
            select ($"{operation.Name.ToUpperInvariant()} {path.Name}", int.Parse(response.Name, null))).ToHashSet();
        var seen = world.Seen.Keys.Where(s => s.Operation != "GET /openapi/v1.json").ToHashSet();
        Assert.Equal([], promised.Except(seen).Except(NotSeen.Keys).Order());
        Assert.Equal([], seen.Except(promised).Order());
        Assert.Equal([], NotSeen.Keys.Intersect(seen).Order());
    }

    private string NewId(string prefix = "req") => $"{prefix}_{Guid.NewGuid():n}"[..24] + $".{++ids}";

    /// <summary>An account of an owner of its own, claimed and with extra usage if so wished.</summary>
    private async Task<string> NewAccount(string plan = "pro", bool claimed = false, long? cap = null)
    {
        var account = $"acc-{Guid.NewGuid():n}"[..16];
        Assert.Equal(201, (await Gateway.Put(account, new AccountWanted($"{account}@example.com", plan))).Status);
        if (claimed)
        {
            await world.Claim(account);
        }
        if (cap is { } dollars)
        {
            await world.TurnOnExtraUsage(account, dollars);
        }
        return account;
    }

    private UsageTold Usage(string account, decimal dollars = 1, string? id = null) => new(Source, id ?? NewId("evt"), account, Use.Dollars(dollars));

    /// <summary>A single event's only result.</summary>
    private async Task<EventResult> Told(UsageTold told) => Assert.Single((await Gateway.Tell(told)).Value.Results);

    private async Task<Charge> Charged(string account, decimal dollars)
    {
        var result = await Told(Usage(account, dollars));
        Assert.Equal(Fate.Recorded, result.Status);
        return result.Charge!;
    }

    private AuthorizationAsked Ask(string account, decimal dollars, string? id = null, int? ttl = null) => new(id ?? NewId(), account, Use.Dollars(dollars)) { TtlSeconds = ttl };

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);
}

/// <summary>The other chapters come first: what is not told yet, the last test tells itself.</summary>
public sealed class CoverageLast : ITestMethodOrderer
{
    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods) where TTestMethod : notnull, ITestMethod =>
        [.. testMethods.OrderBy(method => method?.MethodName == "Every_operation_and_status_of_the_document_was_seen").ThenBy(method => method?.MethodName, StringComparer.Ordinal)];
}

public sealed class ContractOnSqlite(ContractWorld<SqliteDatabase> world) : ContractSuite<SqliteDatabase>(world);

public sealed class ContractOnPostgres(ContractWorld<PostgresDatabase> world) : ContractSuite<PostgresDatabase>(world);
