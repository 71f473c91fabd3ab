using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Terms;

/// <summary>What tests of versions of prices share: administrators, drafts, and the way of a draft to its approval.</summary>
public abstract class TermsVersionsTest<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static int _people;

    protected TermsVersions Versions => Get<TermsVersions>();

    protected async Task<Actor> NewAdmin()
    {
        await using var db = Fixture.Database.Open();
        var id = $"admin-{Interlocked.Increment(ref _people)}-{typeof(TDatabase).Name}";
        db.Users.Add(new User { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), TwoFactorEnabled = true });
        db.UserRoles.Add(new IdentityUserRole<string> { RoleId = await db.Roles.Where(r => r.Name == Roles.Admin).Select(r => r.Id).SingleAsync(), UserId = id });
        await db.SaveChangesAsync();
        return Actor.User(id);
    }

    /// <summary>A draft in which one value of a row is another.</summary>
    protected async Task<TermsVersion> Drafted(TermsKind kind, Actor by, string row, string column, string? value = null)
    {
        var drafted = await Found(kind, Assert.IsType<TermsOutcome.Drafted>(await Versions.Draft(kind, null, by)).Number);
        return await Saved(drafted, Draft(drafted, row, column, value ?? $"{Money.Parse(Row(drafted, row)[SheetShape.Of(kind).Columns.ToList().FindIndex(c => c.Name == column)]) + Money.FromDollars(1)}"), by);
    }

    protected async Task<TermsVersion> Saved(TermsVersion version, TermsDraft draft, Actor by)
    {
        Assert.IsType<TermsOutcome.Saved>(await Versions.Save(version.Kind, version.Number, version.Revision, draft, by));
        return await Found(version.Kind, version.Number);
    }

    /// <summary>A version that two administrators stand for.</summary>
    protected async Task<TermsVersion> Scheduled(TermsKind kind, string row, string column, bool twice, DateTimeOffset? from = null)
    {
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var was = Money.Parse(Row(await Basis(kind, from ?? Now.AddYears(50)), row)[SheetShape.Of(kind).Columns.ToList().FindIndex(c => c.Name == column)]);
        var version = await Drafted(kind, author, row, column, $"{(twice ? was + was : was + Money.FromDollars(1))}");
        version = from is { } at ? await Saved(version, version.Written with { EffectiveFrom = at }, author) : version;
        Assert.IsType<TermsOutcome.Sent>(await Versions.Send(kind, version.Number, version.Revision, author));
        await WorkOut(version, author);
        Assert.IsType<TermsOutcome.Approved>(await Approve(version, approver));
        return version;
    }

    protected static TermsDraft Draft(TermsVersion version, string row, string column, string value)
    {
        var shape = SheetShape.Of(version.Kind);
        var at = shape.Columns.ToList().FindIndex(c => c.Name == column);
        return version.Written with
        {
            Reason = "Costs went up.",
            Sheet = version.Sheet with { Rows = [.. version.Sheet.Rows.Select(cells => cells[1] == row ? [.. cells.Select((cell, c) => c == at ? value : cell)] : cells)] },
        };
    }

    protected static IReadOnlyList<string> Row(TermsVersion version, string name) => version.Sheet.Rows.First(r => r[1] == name);

    private protected static IReadOnlyList<string> Row(TermsBasis basis, string name) => basis.Sheet.Rows.First(r => r[1] == name);

    protected async Task WorkOut(TermsVersion version, Actor by)
    {
        var impacts = Get<Impacts>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (impacts.Of(version.Kind, version.Number) is { Stage: not ImpactStage.Running })
            {
                ended.TrySetResult();
            }
        }
        impacts.Changed += Look;
        Assert.IsType<TermsOutcome.Started>(await impacts.Start(version.Kind, version.Number, version.Revision, 30, by));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        impacts.Changed -= Look;
        Assert.Equal(ImpactStage.Done, impacts.Of(version.Kind, version.Number)!.Stage);
    }

    protected async Task<TermsOutcome> Approve(TermsVersion version, Actor by) => await Versions.Approve(version.Kind, version.Number, version.Revision, (await Basis(version)).Hash, by);

    protected async Task Withdraw(TermsVersion version, Actor by) => Assert.IsType<TermsOutcome.Withdrawn>(await Versions.Withdraw(version.Kind, version.Number, "A mistake.", by));

    private protected Task<TermsBasis> Basis(TermsVersion version) => Basis(version.Kind, version.EffectiveFrom);

    private protected async Task<TermsBasis> Basis(TermsKind kind, DateTimeOffset from)
    {
        await using var db = Fixture.Database.Open();
        return await TermsBasis.Of(db, kind, from, Now);
    }

    protected async Task<TermsVersion> Found(TermsKind kind, int number) => Assert.Single(await Rows<TermsVersion>(v => v.Kind == kind && v.Number == number));
}
