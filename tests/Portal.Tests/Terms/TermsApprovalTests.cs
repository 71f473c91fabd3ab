using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Terms;

public sealed class TermsApprovalsOnSqlite(DoorOn<SqliteDatabase> portal) : TermsApprovalTests<SqliteDatabase>(portal);

public sealed class TermsApprovalsOnPostgres(DoorOn<PostgresDatabase> portal) : TermsApprovalTests<PostgresDatabase>(portal);

/// <summary>No price counts that two administrators have not stood for, and seen as it is.</summary>
public abstract class TermsApprovalTests<TDatabase>(DoorOn<TDatabase> portal) : TermsVersionsTest<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
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
}
