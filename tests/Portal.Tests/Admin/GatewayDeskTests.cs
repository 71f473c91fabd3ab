using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Admin.Gateways;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;
using Portal.Tests.SignIn;

namespace Portal.Tests.Admin;

public sealed class GatewayDeskOnSqlite(PortalOn<SqliteDatabase> portal) : GatewayDeskTests<SqliteDatabase>(portal);

public sealed class GatewayDeskOnPostgres(PortalOn<PostgresDatabase> portal) : GatewayDeskTests<PostgresDatabase>(portal);

/// <summary>Gateway keys are made, rotated, changed and revoked by administrators alone, and what changes counts at the next request.</summary>
public abstract class GatewayDeskTests<TDatabase>(PortalOn<TDatabase> portal) : PortalTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private GatewayDesk Keys => Host.Services.GetRequiredService<GatewayDesk>();

    private KeyRing Ring => Host.Services.GetRequiredService<KeyRing>();

    [Fact]
    public async Task A_rotated_key_and_its_successor_both_work_until_the_old_one_is_revoked()
    {
        var admin = await NewStaff(Roles.Admin);
        var old = await Make(admin);
        var next = Assert.IsType<MakeKeyOutcome.Made>(await Keys.Rotate(old.Key.Prefix, admin));

        Assert.Equal((old.Key.Prefix, old.Key.Scopes, old.Key.Name), (next.Key.Replaces, next.Key.Scopes, next.Key.Name));
        Assert.NotNull(await Ring.Find(old.Secret));
        Assert.NotNull(await Ring.Find(next.Secret));
        Assert.IsType<MakeKeyOutcome.NothingToReplace>(await Keys.Rotate(old.Key.Prefix, admin));
        Assert.Equal(next.Key.Prefix, (await Keys.Read()).Keys.Single(k => k.Prefix == old.Key.Prefix).ReplacedBy);

        Assert.Equal(KeyOutcome.Done, await Keys.Revoke(old.Key.Prefix, admin));
        Assert.Null(await Ring.Find(old.Secret));
        Assert.NotNull(await Ring.Find(next.Secret));
        Assert.Equal(KeyOutcome.HadEnded, await Keys.Revoke(old.Key.Prefix, admin));
        Assert.IsType<MakeKeyOutcome.NothingToReplace>(await Keys.Rotate(old.Key.Prefix, admin));
    }

    [Fact]
    public async Task Of_two_rotations_at_once_one_makes_a_successor()
    {
        var admin = await NewStaff(Roles.Admin);
        var old = await Make(admin);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Keys.Rotate(old.Key.Prefix, admin))));
        Assert.Single(outcomes.OfType<MakeKeyOutcome.Made>());
    }

    [Fact]
    public async Task Other_scopes_count_at_the_next_request()
    {
        var admin = await NewStaff(Roles.Admin);
        var made = await Make(admin);
        Assert.Equal(KeyScopes.Usage, (await Ring.Find(made.Secret))!.Scopes);
        Assert.Equal(KeyOutcome.Done, await Keys.SetScopes(made.Key.Prefix, KeyScopes.Read | KeyScopes.Usage, admin));
        Assert.Equal(KeyScopes.Read | KeyScopes.Usage, (await Ring.Find(made.Secret))!.Scopes);
        Assert.Equal(KeyOutcome.Unchanged, await Keys.SetScopes(made.Key.Prefix, KeyScopes.Read | KeyScopes.Usage, admin));
        Assert.Equal(KeyOutcome.NoScope, await Keys.SetScopes(made.Key.Prefix, KeyScopes.None, admin));
    }

    [Fact]
    public async Task Every_step_is_in_the_audit_without_a_secret_or_a_name()
    {
        var admin = await NewStaff(Roles.Admin);
        var made = await Make(admin);
        var next = Assert.IsType<MakeKeyOutcome.Made>(await Keys.Rotate(made.Key.Prefix, admin));
        await Keys.SetScopes(made.Key.Prefix, KeyScopes.All, admin);
        await Keys.Revoke(made.Key.Prefix, admin);
        await using var db = Database.Open();
        var records = await db.Set<AuditRecord>().Where(r => r.Actor == admin.Id).OrderBy(r => r.Id).ToListAsync();
        records.RemoveAll(r => !r.Action.EndsWith("GatewayKey", StringComparison.Ordinal));
        Assert.Equal(["MakeGatewayKey", "RotateGatewayKey", "ChangeGatewayKey", "RevokeGatewayKey"], records.Select(r => r.Action));
        Assert.All(records, r => Assert.DoesNotContain("gateway of a test", $"{r.Before} {r.After}", StringComparison.Ordinal));
        Assert.All(records, r => Assert.DoesNotContain(next.Secret[^20..], $"{r.Before} {r.After}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_but_administrators_may_and_wrong_wishes_are_refused()
    {
        var admin = await NewStaff(Roles.Admin);
        var made = await Make(admin);
        foreach (var by in new[] { await NewStaff(Roles.Support), await NewStaff(Roles.Subscriber), Actor.Key(made.Key.Prefix), Actor.Portal })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Keys.Make("x", KeyScopes.All, null, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Keys.Rotate(made.Key.Prefix, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Keys.SetScopes(made.Key.Prefix, KeyScopes.All, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Keys.Revoke(made.Key.Prefix, by));
        }
        Assert.IsType<MakeKeyOutcome.WrongName>(await Keys.Make(" ", KeyScopes.All, null, admin));
        Assert.IsType<MakeKeyOutcome.NoScope>(await Keys.Make("x", KeyScopes.None, null, admin));
        Assert.IsType<MakeKeyOutcome.WrongRate>(await Keys.Make("x", KeyScopes.All, 0, admin));
        Assert.NotNull(await Ring.Find(made.Secret));
    }

    private async Task<MakeKeyOutcome.Made> Make(Actor by) => Assert.IsType<MakeKeyOutcome.Made>(await Keys.Make("gateway of a test", KeyScopes.Usage, null, by));

    private async Task<Actor> NewStaff(string role) => Actor.User((await Host.Find(await Host.NewUser(role))).Id);
}
