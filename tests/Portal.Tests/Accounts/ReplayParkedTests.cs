using Ledger;
using Portal.Accounts;
using Portal.Admin.Operations;
using Portal.Data;
using Portal.Terms;

namespace Portal.Tests.Accounts;

public sealed class ReplayParkedOnSqlite(DoorOn<SqliteDatabase> portal) : ReplayParkedTests<SqliteDatabase>(portal);

public sealed class ReplayParkedOnPostgres(DoorOn<PostgresDatabase> portal) : ReplayParkedTests<PostgresDatabase>(portal);

/// <summary>A parked event is charged once what it waits for is known, and once only.</summary>
public abstract class ReplayParkedTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static Actor Admin { get; } = Actor.User("admin");

    [Fact]
    public async Task It_waits_until_its_surface_is_known_and_is_then_charged_by_the_rules()
    {
        var (account, surface) = (await Open(claimed: true), NewSurface());
        var key = await Park(account, surface, 500);
        Assert.IsType<ReplayAnswer.StillParked>(await Replay(key));
        Assert.Empty(await Rows<AuditRecord>(r => r.Subject == account && r.Action == nameof(ReplayParked)));
        await Know(surface);

        var charge = Assert.IsType<ReplayAnswer.Charged>(await Replay(key)).Charge;

        Assert.Equal((Money.FromDollars(5), Money.FromDollars(5)), (charge.List, charge.Credit));
        Assert.Equal(Money.FromDollars(15), (await BalanceOf(account)).Credit.Remaining);
        Assert.Equal(Admin.Id, Assert.Single(await Rows<AuditRecord>(r => r.Subject == account && r.Action == nameof(ReplayParked))).Actor);
        Assert.Equal(charge.Number, Assert.IsType<EventAnswer.Duplicate>(await Door.Submit(Told(account, surface, key, 500))).Charge.Number);
    }

    [Fact]
    public async Task Twice_and_at_once_and_on_two_instances_it_is_charged_once()
    {
        var (account, surface) = (await Open(claimed: true), NewSurface());
        var key = await Park(account, surface, 300);
        await Know(surface);
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var doors = new[] { Door, (AccountDoor)other.Services.GetService(typeof(AccountDoor))! };

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => doors[i % 2].Submit(new ReplayParked(key, Admin)))));

        Assert.Single(answers.OfType<ReplayAnswer.Charged>());
        Assert.Equal(39, answers.OfType<ReplayAnswer.ChargedBefore>().Count());
        Assert.Single(await Rows<Charge>(c => c.Account == account));
        Assert.Equal(Money.FromDollars(17), (await BalanceOf(account)).Credit.Remaining);
    }

    [Fact]
    public async Task In_bulk_each_is_charged_once_and_a_second_bulk_finds_none()
    {
        var surface = NewSurface();
        foreach (var account in new[] { await Open(claimed: true), await Open(claimed: true) })
        {
            for (var i = 0; i < 3; i++)
            {
                await Park(account, surface, 100, $"{account}-{i}");
            }
        }
        await Know(surface);
        var replay = Get<ParkedReplay>();

        var sum = await replay.Replay(Sonnet, surface, Admin);

        Assert.Equal((6, Money.FromDollars(6), 0L, false), ((int)sum.Charged, sum.List, sum.StillParked, sum.WasBusy));
        Assert.Equal(ReplayedEvents.None, await replay.Replay(Sonnet, surface, Admin));
        var unknown = NewSurface();
        await Park(await Open(), unknown, 1);
        await Assert.ThrowsAsync<NotAllowedException>(() => replay.Replay(Sonnet, unknown, Support));
    }

    [Fact]
    public async Task Its_age_counts_from_its_first_receipt_and_it_is_late_in_the_period_that_counts_it()
    {
        var (account, surface) = (await Open(claimed: true), NewSurface());
        var key = await Park(account, surface, 200);
        Time.Advance(UsageEvent.Oldest + TimeSpan.FromDays(5));
        await Know(surface);

        var charge = Assert.IsType<ReplayAnswer.Charged>(await Replay(key)).Charge;

        Assert.True(charge.IsLate);
        // The period that counts it has a credit of its own, which nobody claimed.
        Assert.Equal(Money.FromDollars(2), charge.Uncollected);
        Assert.Contains(await Rows<Charge>(c => c.IsLate && c.Account == account), c => c.Number == charge.Number);
    }

    [Fact]
    public async Task What_nobody_parked_is_unknown_and_a_charged_event_stays_as_it_is()
    {
        var account = await Open(claimed: true);
        Assert.IsType<ReplayAnswer.Unknown>(await Replay(UsageEventId.KeyOf("test", "nothing")));
        var told = Assert.IsType<EventAnswer.Recorded>(await Door.Submit(Tell(account, $"{account}-e", 7)));
        Assert.Equal(told.Charge.Number, Assert.IsType<ReplayAnswer.ChargedBefore>(await Replay(UsageEventId.KeyOf("test", $"{account}-e"))).Charge);
    }

    [Fact]
    public async Task Another_content_under_a_known_id_is_kept_once_and_changes_nothing()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-c", 7));
        Assert.IsType<EventAnswer.Conflict>(await Door.Submit(Tell(account, $"{account}-c", 8)));
        Assert.IsType<EventAnswer.Conflict>(await Door.Submit(Tell(account, $"{account}-c", 9)));

        var kept = Assert.Single(await Rows<EventConflict>(e => e.Account == account));
        Assert.Equal((Gateway.Id, 8_000L), (kept.By, kept.Usage.OutputTokens));
        Assert.Single(await Rows<Charge>(c => c.Account == account));
    }

    private Task<ReplayAnswer> Replay(string key) => Door.Submit(new ReplayParked(key, Admin));

    private static string NewSurface() => $"surface-{Guid.NewGuid():N}"[..20];

    private static RecordUsage Told(string account, string surface, string key, int cents) =>
        new(account, "test", key.Split(' ')[1], null, Sonnet, surface, null, Cents(cents), null, Gateway);

    private async Task<string> Park(string account, string surface, int cents, string? id = null)
    {
        var key = UsageEventId.KeyOf("test", id ?? $"{account}-{surface}");
        Assert.IsType<EventAnswer.Parked>(await Door.Submit(Told(account, surface, key, cents)));
        return key;
    }

    /// <summary>Two administrators add the surface once its impact was worked out, from now on: later than the event.</summary>
    private async Task Know(string surface)
    {
        var changes = Get<TermsChanges>();
        Assert.IsType<ProposalOutcome.Proposed>(await changes.Propose(new NewSurfaceRule(null, surface, Pool.Programmatic), "A new tool.", Admin));
        var proposal = (await changes.Open()).Single(p => p.State == ProposalState.Waiting && p.Change is NewSurfaceRule { Surface: var s } && s == surface);
        var impacts = Get<Impacts>();
        Assert.IsType<ProposalOutcome.Started>(await impacts.Start(proposal.Id, 30, Admin));
        await Eventually.Holds(() => impacts.Of(Impacts.Proposal(proposal.Id)) is not { Stage: ImpactStage.Running });
        Assert.IsType<ProposalOutcome.Approved>(await changes.Approve(proposal.Id, Actor.User("admin2")));
        Time.Advance(TermsChanges.Notice);
    }
}
