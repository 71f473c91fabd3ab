using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Terms;

public sealed class TermsVersionsOnSqlite(DoorOn<SqliteDatabase> portal) : TermsVersionTests<SqliteDatabase>(portal);

public sealed class TermsVersionsOnPostgres(DoorOn<PostgresDatabase> portal) : TermsVersionTests<PostgresDatabase>(portal);

/// <summary>Versions of prices: nothing counts that two administrators have not stood for, and what they stood for counts exactly from its instant.</summary>
public abstract class TermsVersionTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static int _people;

    private TermsVersions Versions => Get<TermsVersions>();

    [Fact]
    public async Task A_card_prices_from_its_instant_on_and_not_a_microsecond_before_on_every_instance()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(100));
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var version = await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: true);
        var (last, card) = ((await Get<PriceBooks>().InForce()).RateCardAt(Now)!.Version, version.Number);

        Time.Advance(version.EffectiveFrom.AddMicroseconds(-1) - Now);
        Assert.Equal((last, last), (await Charged(Door), await Charged(other.Services.GetRequiredService<AccountDoor>())));
        Time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal((card, card), (await Charged(Door), await Charged(other.Services.GetRequiredService<AccountDoor>())));

        var charges = (await Rows<Charge>(c => c.Account == account)).OrderBy(c => c.Number).ToList();
        Assert.Equal(charges[0].List + charges[0].List, charges[2].List);
        Assert.Equal([last, last, card, card], charges.Select(c => c.RateCardVersion));
        Assert.Equal(TermsState.Active, (await Found(TermsKind.Rates, card)).StateAt(Now, version.EffectiveFrom));

        async Task<int?> Charged(AccountDoor door) =>
            Assert.IsType<EventAnswer.Recorded>(await door.Submit(Tell(account, Guid.NewGuid().ToString(), 10))).Charge.RateCardVersion;
    }

    [Fact]
    public async Task Nobody_approves_what_they_wrote_last_or_sent()
    {
        var (author, sender, third) = (await NewAdmin(), await NewAdmin(), await NewAdmin());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        Assert.IsType<TermsOutcome.Sent>(await Versions.Send(TermsKind.Rates, version.Number, version.Revision, sender));
        await WorkOut(version, author);

        Assert.IsType<TermsOutcome.OwnApproval>(await Approve(version, author));
        Assert.IsType<TermsOutcome.OwnApproval>(await Approve(version, sender));
        Assert.DoesNotContain(await Rows<RateCardDocument>(c => c.Version == version.Number), _ => true);
        Assert.IsType<TermsOutcome.Approved>(await Approve(version, third));
        Assert.Single(await Rows<RateCardDocument>(c => c.Version == version.Number));
        await Withdraw(version, third);
    }

    [Fact]
    public async Task An_edit_after_sending_takes_it_back_and_the_approval_of_what_was_seen_before_counts_for_nothing()
    {
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var seen = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await Versions.Send(TermsKind.Rates, seen.Number, seen.Revision, author);
        await WorkOut(seen, author);

        await Versions.Save(TermsKind.Rates, seen.Number, seen.Revision, Draft(seen, "Sonnet 5.5", "output", "12.5"), author);
        Assert.Equal(new TermsOutcome.NotNow(TermsState.Draft), await Approve(seen, approver));
        var edited = await Found(TermsKind.Rates, seen.Number);
        await Versions.Send(TermsKind.Rates, seen.Number, edited.Revision, author);
        Assert.IsType<TermsOutcome.ChangedMeanwhile>(await Approve(seen, approver));
        Assert.IsType<TermsOutcome.NoImpact>(await Approve(edited, approver));
        Assert.Empty(await Rows<RateCardDocument>(c => c.Version == seen.Number));
    }

    [Fact]
    public async Task Two_administrators_who_edit_one_draft_do_not_lose_each_others_changes()
    {
        var (first, second) = (await NewAdmin(), await NewAdmin());
        var seen = await Drafted(TermsKind.Rates, first, "Sonnet 5.5", "output");
        var saves = await Task.WhenAll(
            Versions.Save(TermsKind.Rates, seen.Number, seen.Revision, Draft(seen, "Sonnet 5.5", "output", "12.5"), first),
            Versions.Save(TermsKind.Rates, seen.Number, seen.Revision, Draft(seen, "Sonnet 5.5", "output", "13"), second));
        Assert.Single(saves.OfType<TermsOutcome.Saved>());
        var refused = Assert.Single(saves.OfType<TermsOutcome.ChangedMeanwhile>());
        var stored = await Found(TermsKind.Rates, seen.Number);
        Assert.Equal((stored.Revision, stored.EditedBy), (refused.Revision, refused.By));
        Assert.Equal(saves[0] is TermsOutcome.Saved ? "12.5" : "13", Row(stored, "Sonnet 5.5")[7]);
    }

    [Fact]
    public async Task Two_approvals_at_once_on_two_instances_publish_once()
    {
        var author = await NewAdmin();
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author);
        await WorkOut(version, author);
        var replaces = (await Basis(version)).Hash;
        var (second, third) = (await NewAdmin(), await NewAdmin());
        var outcomes = await Task.WhenAll(
            Versions.Approve(TermsKind.Rates, version.Number, version.Revision, replaces, second),
            other.Services.GetRequiredService<TermsVersions>().Approve(TermsKind.Rates, version.Number, version.Revision, replaces, third));
        Assert.Single(outcomes.OfType<TermsOutcome.Approved>());
        Assert.Equal(new TermsOutcome.NotNow(TermsState.Scheduled), Assert.Single(outcomes.OfType<TermsOutcome.NotNow>()));
        Assert.Single(await Rows<RateCardDocument>(c => c.Version == version.Number));
        await Withdraw(version, author);
    }

    [Fact]
    public async Task Who_is_no_administrator_or_no_longer_one_does_nothing_with_prices()
    {
        var (author, left) = (await NewAdmin(), await NewAdmin());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author);
        await WorkOut(version, author);
        await using (var db = Fixture.Database.Open())
        {
            await db.UserRoles.Where(has => has.UserId == left.UserId).ExecuteDeleteAsync();
        }
        var replaces = (await Basis(version)).Hash;
        var records = (await Rows<AuditRecord>(_ => true)).Count;
        foreach (var by in new[] { left, Owner, Support, Gateway, Actor.Portal, Actor.User("nobody") })
        {
            foreach (var act in new Func<Task<TermsOutcome>>[]
            {
                () => Versions.Draft(TermsKind.Plans, null, by),
                () => Versions.Save(TermsKind.Rates, version.Number, version.Revision, version.Written, by),
                () => Versions.Send(TermsKind.Rates, version.Number, version.Revision, by),
                () => Versions.Approve(TermsKind.Rates, version.Number, version.Revision, replaces, by),
                () => Versions.SendBack(TermsKind.Rates, version.Number, "Not so.", by),
                () => Versions.Withdraw(TermsKind.Rates, version.Number, "Not so.", by),
                () => Get<Impacts>().Start(TermsKind.Rates, version.Number, version.Revision, 30, by),
            })
            {
                await Assert.ThrowsAsync<NotAllowedException>(act);
            }
        }
        Assert.Equal((TermsStage.Waiting, records), ((await Found(TermsKind.Rates, version.Number)).Stage, (await Rows<AuditRecord>(_ => true)).Count));
    }

    [Fact]
    public async Task Whoever_has_seen_it_replace_other_terms_sees_it_again_before_it_is_approved()
    {
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var version = await Drafted(TermsKind.Rates, author, "Opus 5.5", "output");
        await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author);
        await WorkOut(version, author);
        var seen = (await Basis(version)).Hash;
        var between = await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false, from: Now.AddDays(1));
        Assert.IsType<TermsOutcome.ReplacesOther>(await Versions.Approve(TermsKind.Rates, version.Number, version.Revision, seen, approver));
        Assert.IsType<TermsOutcome.NoImpact>(await Approve(version, approver));
        await WorkOut(version, author);
        Assert.IsType<TermsOutcome.Approved>(await Approve(version, approver));
        await Withdraw(between, approver);
        await Withdraw(version, approver);

        var (one, other) = (await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false), await Drafted(TermsKind.Rates, author, "Opus 5.5", "output"));
        other = await Saved(other, other.Written with { EffectiveFrom = one.EffectiveFrom }, author);
        Assert.IsType<TermsOutcome.InstantTaken>(await Versions.Send(TermsKind.Rates, other.Number, other.Revision, author));
        await Withdraw(one, approver);
    }

    [Fact]
    public async Task Withdrawn_before_its_instant_it_never_counts_and_at_the_last_minute_it_is_too_late()
    {
        var (version, admin) = (await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false), await NewAdmin());
        Assert.IsType<TermsOutcome.NoReason>(await Versions.Withdraw(TermsKind.Rates, version.Number, " ", admin));
        await Withdraw(version, admin);
        Assert.Empty(await Rows<RateCardDocument>(c => c.Version == version.Number));
        Assert.Null((await Get<PriceBooks>().InForce()).NextRateCard(Now));

        var late = await Scheduled(TermsKind.Rates, "Sonnet 5.5", "output", twice: false);
        Time.Advance(late.EffectiveFrom.AddSeconds(-59) - Now);
        Assert.IsType<TermsOutcome.TooLate>(await Versions.Withdraw(TermsKind.Rates, late.Number, "A mistake.", admin));
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(new TermsOutcome.NotNow(TermsState.Active), await Versions.Withdraw(TermsKind.Rates, late.Number, "A mistake.", admin));
        Assert.Equal(late.Number, (await Get<PriceBooks>().InForce()).RateCardAt(Now)!.Version);

        // What was is brought back as a draft like any other.
        var back = Assert.IsType<TermsOutcome.Drafted>(await Versions.Draft(TermsKind.Rates, 1, admin)).Number;
        Assert.Equal((await Found(TermsKind.Rates, 1)).Sheet.Hash(), (await Found(TermsKind.Rates, back)).Sheet.Hash());
        Assert.Equal(TermsStage.Draft, (await Found(TermsKind.Rates, back)).Stage);
    }

    [Fact]
    public async Task An_approval_after_the_instant_is_refused_so_nothing_counts_before_its_approval()
    {
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author);
        await WorkOut(version, author);
        Time.Advance(version.EffectiveFrom - TermsVersions.Lead - Now + TimeSpan.FromMicroseconds(1));
        Assert.IsType<TermsOutcome.TooLate>(await Approve(version, approver));
        Time.Advance(TimeSpan.FromDays(1));
        Assert.IsType<TermsOutcome.TooLate>(await Approve(version, approver));
        Assert.Empty(await Rows<RateCardDocument>(c => c.Version == version.Number));
    }

    [Fact]
    public async Task What_is_not_right_is_not_sent()
    {
        var author = await NewAdmin();
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output", "-1");
        Assert.Equal(new TermsOutcome.HasIssues(1), await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author));
        version = await Saved(version, Draft(version, "Sonnet 5.5", "output", "100000"), author);
        Assert.Equal(new TermsOutcome.HasIssues(1), await Get<Impacts>().Start(TermsKind.Rates, version.Number, version.Revision, 30, author));
        version = await Saved(version, Draft(version, "Sonnet 5.5", "output", "100") with { Reason = "" }, author);
        Assert.Equal(new TermsOutcome.HasIssues(1), await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author));
        var ticked = SheetChecks.Of(SheetShape.Rates, version.Sheet, (await Basis(version)).Sheet, []).Select(i => i.Confirm!).ToList();
        version = await Saved(version, version.Written with { Ticked = ticked }, author);
        Assert.IsType<TermsOutcome.NoReason>(await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author));
        version = await Saved(version, version.Written with { Reason = "It was ten times too cheap." }, author);
        Assert.IsType<TermsOutcome.Sent>(await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author));
        var same = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output", Row(await Basis(version), "Sonnet 5.5")[7]);
        Assert.IsType<TermsOutcome.ChangesNothing>(await Versions.Send(TermsKind.Rates, same.Number, same.Revision, author));
    }

    [Fact]
    public async Task New_plans_are_told_ahead_to_whom_they_change_something_and_counted_from_their_next_period_or_the_date()
    {
        var (pro, max) = (await Open(), await Open("max-5x"));
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var drafted = await Drafted(TermsKind.Plans, author, "Pro", "monthly_fee", "22");
        var version = await Saved(drafted, drafted.Written with { EffectiveFrom = Now.AddDays(2), KeepUntil = Now.AddDays(40) }, author);
        await Versions.Send(TermsKind.Plans, version.Number, version.Revision, author);
        await WorkOut(version, author);
        Assert.IsType<TermsOutcome.Approved>(await Approve(version, approver));
        Assert.Equal(version.Sheet.Rows.Count, (await Rows<PlanTerms>(p => p.EffectiveFrom == version.EffectiveFrom && p.KeepUntil == version.KeepUntil)).Count);

        await Get<Sweep>().Once();
        Assert.Empty(await Told(pro));
        Time.Advance(TimeSpan.FromDays(25));
        await Get<Sweep>().Once();
        Assert.Equal(Money.FromDollars(20), (await Get<Balances>().Account(pro))!.Current.Fee);
        Assert.Equal(Money.FromDollars(22), Assert.Single(await Told(pro)).Amount);
        Time.Advance(TimeSpan.FromDays(31));
        await Get<Sweep>().Once();
        Assert.Equal(Money.FromDollars(22), (await Get<Balances>().Account(pro))!.Current.Fee);
        Assert.Empty(await Told(max));
        var fresh = await Open();
        Assert.Equal(Money.FromDollars(22), (await Get<Balances>().Account(fresh))!.Current.Fee);

        Task<List<Alert>> Told(string account) => Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.TermsChange);
    }

    [Fact]
    public async Task The_impact_says_who_would_have_paid_more_and_is_bound_to_the_revision()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(100));
        await Door.Submit(Tell(account, $"{account}-1", 2_500));
        var author = await NewAdmin();
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await WorkOut(version, author);
        var impact = (await Found(TermsKind.Rates, version.Number)).Impact!;
        Assert.Equal((version.Revision, 30), (impact.Revision, impact.Days));
        var line = Assert.Single(impact.Affected, a => a.Account == account);
        Assert.True(line.Change.IsPositive);
        Assert.True(impact.More >= 1 && impact.Accounts == impact.More + impact.Less + impact.Same);
        Assert.Equal(impact.Accounts, impact.Distribution.Sum(b => b.Accounts));
        Assert.True(impact.After.Due > impact.Before.Due);
        await Saved(version, Draft(version, "Sonnet 5.5", "output", "12"), author);
        Assert.IsType<TermsOutcome.ChangedMeanwhile>(await Get<Impacts>().Start(TermsKind.Rates, version.Number, version.Revision, 30, author));
    }

    [Fact]
    public async Task An_impact_that_runs_on_another_instance_is_shown_and_stopped_here_and_taken_over_once_it_fell_silent()
    {
        var (author, impacts) = (await NewAdmin(), Get<Impacts>());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        var subject = Impacts.Version(version.Kind, version.Number);
        await using (var db = Fixture.Database.Open())
        {
            db.Add(new ImpactProgress { Subject = subject, Run = Guid.CreateVersion7(), Accounts = 9, Done = 4, Steps = 700, At = Now });
            await db.SaveChangesAsync();
        }
        Assert.Equal(new ImpactRun(subject, ImpactStage.Running, 9, 4, 700), await impacts.UnderWay(subject));
        Assert.IsType<TermsOutcome.Running>(await impacts.Start(version.Kind, version.Number, version.Revision, 30, author));
        await impacts.Stop(subject);
        Assert.True(Assert.Single(await Rows<ImpactProgress>(p => p.Subject == subject)).IsStopped);

        Time.Advance(ImpactProgress.Silence);
        Assert.Equal(ImpactStage.Interrupted, (await impacts.UnderWay(subject))!.Stage);
        await WorkOut(version, author);
        Assert.Null(await impacts.UnderWay(subject));
    }

    [Fact]
    public async Task Files_bring_a_providers_first_terms_and_are_no_way_around_the_second_administrator()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "plans.json", "rate-card.json", "programme.json" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms", name), folder.File(name));
        }
        var loader = Get<TermsLoader>();
        await loader.Load(folder.Path);
        var before = await Rows<PlanTerms>(_ => true);
        var plans = await File.ReadAllTextAsync(folder.File("plans.json"));
        await File.WriteAllTextAsync(folder.File("plans.json"), plans.Replace("\"key\": \"pro\"", "\"key\": \"newer\"", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<TermsFormatException>(() => loader.Load(folder.Path));

        Assert.Contains("approved there by a second administrator", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await Rows<PlanTerms>(_ => true)).Count);
    }

    [Fact]
    public async Task Every_act_is_in_the_audit_with_what_was_before_and_after_and_why()
    {
        var (author, approver) = (await NewAdmin(), await NewAdmin());
        var version = await Drafted(TermsKind.Rates, author, "Sonnet 5.5", "output");
        await Versions.Send(TermsKind.Rates, version.Number, version.Revision, author);
        await Versions.SendBack(TermsKind.Rates, version.Number, "The date is a holiday.", approver);
        var records = (await Rows<AuditRecord>(a => a.Subject == $"rates:{version.Number}")).OrderBy(a => a.Id).ToList();
        Assert.Equal(["DraftTerms", "SaveTerms", "SendTerms", "SendTermsBack"], records.Select(r => r.Action));
        Assert.Contains($"\"new\":\"{Row(version, "Sonnet 5.5")[7]}\"", records[1].After, StringComparison.Ordinal);
        Assert.Equal((approver.Id, "SentBack", "The date is a holiday."), (records[3].Actor, records[3].Outcome, records[3].Reason));
        Assert.All(records.Skip(1), r => Assert.NotEqual(r.Before, r.After));
        Assert.DoesNotContain(records, r => $"{r.Before}{r.After}".Contains('@', StringComparison.Ordinal));
    }

    private async Task<Actor> NewAdmin()
    {
        await using var db = Fixture.Database.Open();
        var id = $"admin-{Interlocked.Increment(ref _people)}-{typeof(TDatabase).Name}";
        db.Users.Add(new User { Id = id, UserName = id, NormalizedUserName = id.ToUpperInvariant(), TwoFactorEnabled = true });
        db.UserRoles.Add(new IdentityUserRole<string> { RoleId = await db.Roles.Where(r => r.Name == Roles.Admin).Select(r => r.Id).SingleAsync(), UserId = id });
        await db.SaveChangesAsync();
        return Actor.User(id);
    }

    /// <summary>A draft in which one value of a row is another.</summary>
    private async Task<TermsVersion> Drafted(TermsKind kind, Actor by, string row, string column, string? value = null)
    {
        var drafted = await Found(kind, Assert.IsType<TermsOutcome.Drafted>(await Versions.Draft(kind, null, by)).Number);
        return await Saved(drafted, Draft(drafted, row, column, value ?? $"{Money.Parse(Row(drafted, row)[SheetShape.Of(kind).Columns.ToList().FindIndex(c => c.Name == column)]) + Money.FromDollars(1)}"), by);
    }

    private async Task<TermsVersion> Saved(TermsVersion version, TermsDraft draft, Actor by)
    {
        Assert.IsType<TermsOutcome.Saved>(await Versions.Save(version.Kind, version.Number, version.Revision, draft, by));
        return await Found(version.Kind, version.Number);
    }

    /// <summary>A version that two administrators stand for.</summary>
    private async Task<TermsVersion> Scheduled(TermsKind kind, string row, string column, bool twice, DateTimeOffset? from = null)
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

    private static TermsDraft Draft(TermsVersion version, string row, string column, string value)
    {
        var shape = SheetShape.Of(version.Kind);
        var at = shape.Columns.ToList().FindIndex(c => c.Name == column);
        return version.Written with
        {
            Reason = "Costs went up.",
            Sheet = version.Sheet with { Rows = [.. version.Sheet.Rows.Select(cells => cells[1] == row ? [.. cells.Select((cell, c) => c == at ? value : cell)] : cells)] },
        };
    }

    private static IReadOnlyList<string> Row(TermsVersion version, string name) => version.Sheet.Rows.First(r => r[1] == name);

    private static IReadOnlyList<string> Row(TermsBasis basis, string name) => basis.Sheet.Rows.First(r => r[1] == name);

    private async Task WorkOut(TermsVersion version, Actor by)
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

    private async Task<TermsOutcome> Approve(TermsVersion version, Actor by) => await Versions.Approve(version.Kind, version.Number, version.Revision, (await Basis(version)).Hash, by);

    private async Task Withdraw(TermsVersion version, Actor by) => Assert.IsType<TermsOutcome.Withdrawn>(await Versions.Withdraw(version.Kind, version.Number, "A mistake.", by));

    private Task<TermsBasis> Basis(TermsVersion version) => Basis(version.Kind, version.EffectiveFrom);

    private async Task<TermsBasis> Basis(TermsKind kind, DateTimeOffset from)
    {
        await using var db = Fixture.Database.Open();
        return await TermsBasis.Of(db, kind, from, Now);
    }

    private async Task<TermsVersion> Found(TermsKind kind, int number) => Assert.Single(await Rows<TermsVersion>(v => v.Kind == kind && v.Number == number));
}
