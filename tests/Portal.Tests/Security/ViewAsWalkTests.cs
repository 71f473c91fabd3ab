using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Ledger;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Sessions;
using Portal.SignIn.ViewAs;

namespace Portal.Tests.Security;

/// <summary>
/// The walk of somebody of support who views as a subscriber: of all routes only the ones listed here are open, and only to look; of all commands none is taken. A new
/// route is closed until it is listed, a new command is tried by itself.
/// </summary>
public sealed class ViewAsWalkTests(WalkOn portal) : IClassFixture<WalkOn>, IAsyncLifetime
{
    private static readonly string[] _open =
    [
        "/", "/usage", "/credit", "/extra-usage", "/history", "/history/{Id}", "/history/balance", "/statements", "/statements/{Period}", "/plan", "/alerts",
        "/support-access", "/view-as/over", "/not-found", "/error",
    ];

    /// <summary>What may be posted: to end it, and to sign out. Both ask for their form's token.</summary>
    private static readonly string[] _posts = ["/view-as/end", "/sign-out"];

    private static readonly string[] _framework = ["/_blazor", "/_framework/", "/_content/", "/{**path:file}"];

    /// <summary>What gateways give, by their keys; no person comes to it.</summary>
    private static readonly Type[] _byKeys = [typeof(Authorize), typeof(Settle), typeof(Release), typeof(RecordUsage)];

    private Actor _viewer = Actor.Portal;

    public async ValueTask InitializeAsync()
    {
        await using var db = portal.Database.Open();
        var session = await db.Set<SignInSession>().Where(s => s.UserId == portal.Support.UserId).OrderByDescending(s => s.SignedInAt).Select(s => s.Id).FirstAsync();
        _viewer = Actor.User(portal.Support.UserId!, session: session);
        await portal.Host.Services.GetRequiredService<ViewAsBook>().Start(WalkOn.Theirs, "A walk through every page.", "T-1", _viewer);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Of_every_route_only_the_listed_ones_are_open_and_only_to_look()
    {
        var wrong = new List<string>();
        foreach (var (method, path) in Routes())
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Fill(path), UriKind.Relative));
            if (method != "GET")
            {
                request.Content = new FormUrlEncodedContent([KeyValuePair.Create("_handler", "anything")]);
            }
            using var answer = await portal.Callers["support"].SendAsync(request);
            var expected = method == "GET" ? _open.Contains(path) ? "200" : "/view-as/over" : _posts.Contains(path) ? "400" : "403";
            var got = answer.StatusCode == HttpStatusCode.Redirect ? new Uri(portal.Host.Address, answer.Headers.Location!).AbsolutePath : $"{(int)answer.StatusCode}";
            if (got != expected)
            {
                wrong.Add($"{method} {path}: {got} instead of {expected}");
            }
            if (got == "200" && !(await answer.Content.ReadAsStringAsync()).Contains("End view-as", StringComparison.Ordinal))
            {
                wrong.Add($"{method} {path} says nothing of view-as.");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(_open.Except(Routes().Select(route => route.Path)));
    }

    [Fact]
    public async Task Of_every_command_none_is_taken_and_nothing_is_written()
    {
        var door = portal.Host.Services.GetRequiredService<AccountDoor>();
        var commands = typeof(Command).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract && !_byKeys.Contains(type)).ToList();
        var before = await Written();
        var tried = 0;
        foreach (var type in commands)
        {
            foreach (var account in new[] { WalkOn.Theirs, WalkOn.Mine })
            {
                if (Made(type, account) is { } command)
                {
                    var refused = await Record.ExceptionAsync(() => Submit(door, command));
                    Assert.True(refused is NotAllowedException { Message: NotAllowedException.WhileViewing }, $"{type.Name}: {refused?.ToString() ?? "done"}");
                    tried++;
                }
            }
        }
        Assert.Equal(before, await Written());
        Assert.True(tried > 30);
    }

    /// <summary>The command as the viewer would give it; null for one that no person gives.</summary>
    private Command? Made(Type type, string account)
    {
        var parameters = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single(c => c.GetParameters() is not [var only] || only.ParameterType != type).GetParameters();
        return !parameters.Any(p => p.ParameterType == typeof(Actor)) ? null : (Command)Activator.CreateInstance(type, [.. parameters.Select(p => Argument(p, account))])!;
    }

    /// <summary>Anything of the type: what it says is not looked at.</summary>
    private object? Argument(ParameterInfo parameter, string account) => parameter.ParameterType switch
    {
        var type when type == typeof(Actor) => _viewer,
        var type when type == typeof(string) => parameter.Name is "Account" ? account : "A mistake of ours, we think.",
        var type when type == typeof(Money) => Money.FromDollars(1),
        var type when type == typeof(DateTimeOffset) => portal.Host.Services.GetRequiredService<Clock>().Now.AddDays(9),
        var type when Nullable.GetUnderlyingType(type) is not null => null,
        var type when type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(element.MakeArrayType()) => Array.CreateInstance(element, 0),
        var type => type.IsValueType ? Activator.CreateInstance(type) : RuntimeHelpers.GetUninitializedObject(type),
    };

    private static async Task Submit(AccountDoor door, Command command)
    {
        var outcome = command.GetType();
        while (!(outcome!.IsGenericType && outcome.GetGenericTypeDefinition() == typeof(Command<>)))
        {
            outcome = outcome.BaseType;
        }
        await (Task)typeof(AccountDoor).GetMethod(nameof(AccountDoor.Submit))!.MakeGenericMethod(outcome.GetGenericArguments()[0]).Invoke(door, [command])!;
    }

    private async Task<string> Written()
    {
        await using var db = portal.Database.Open();
        return $"{await db.Set<Account>().CountAsync()} {await db.Set<Entry>().CountAsync()} {await db.Set<AccountChange>().CountAsync()} {await db.Set<Grant>().CountAsync()} "
            + $"{await db.Set<Dispute>().CountAsync()} {await db.Set<AuditRecord>().CountAsync()} {await db.Set<Account>().SumAsync(a => a.Version)}";
    }

    private IEnumerable<(string Method, string Path)> Routes() => portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
        .Where(route => !_framework.Any(prefix => route.Item2.StartsWith(prefix, StringComparison.Ordinal))).Distinct();

    private string Fill(string path) => path
        .Replace("{Period}", "{period}", StringComparison.Ordinal)
        .Replace("{period}", $"{portal.Opened:yyyy-MM-dd}", StringComparison.Ordinal)
        .Replace("{account}", WalkOn.Theirs, StringComparison.Ordinal)
        .Replace("{Key}", WalkOn.Theirs, StringComparison.Ordinal)
        .Replace("{documentName}", "v1", StringComparison.Ordinal)
        .Replace(":int}", ":long}", StringComparison.Ordinal)
        .Replace("{Id:long}", "1", StringComparison.Ordinal)
        .Replace("{Number:long}", "1", StringComparison.Ordinal)
        .Replace("{version:long}", "1", StringComparison.Ordinal)
        .Replace("{Id}", $"{WalkOn.Theirs}.c1", StringComparison.Ordinal)
        .Replace("{id}", $"{WalkOn.Theirs}-settle", StringComparison.Ordinal);
}
