using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.Tests.Accounts;

namespace Portal.Tests.Admin;

public sealed class TermsChangesOnSqlite(DoorOn<SqliteDatabase> portal) : TermsChangesTests<SqliteDatabase>(portal);

public sealed class TermsChangesOnPostgres(DoorOn<PostgresDatabase> portal) : TermsChangesTests<PostgresDatabase>(portal)
{
    [Fact]
    public async Task A_withdrawal_that_waited_for_another_change_is_too_late_if_its_terms_began_meanwhile()
    {
        var scheduled = await Approved(Promotion(Now.AddHours(1)));
        await using var db = Fixture.Database.Open();
        await using var holds = await db.Database.BeginTransactionAsync();
        await TermsVersions.Lock(db);
        var waits = Changes.Withdraw(scheduled.Id, Actor.User("admin"));
        await Eventually.Holds(async () => await db.Database.SqlQuery<long>(
            $"SELECT count(*) AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%terms_revision%'").SingleAsync() == 1);
        Time.Advance(TimeSpan.FromHours(1));
        await holds.RollbackAsync();
        Assert.IsType<ProposalOutcome.HasBegun>(await waits);
    }
}

/// <summary>Nothing of the programme, of surfaces or of promotions counts that was not dated and approved by a second administrator.</summary>
public abstract class TermsChangesTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private static readonly Actor _admin = Actor.User("admin");
    private static readonly Actor _admin2 = Actor.User("admin2");
    private static readonly TimeSpan _microsecond = TimeSpan.FromMicroseconds(1);

    protected TermsChanges Changes => Get<TermsChanges>();

    private Task<PriceBook> Book => Get<PriceBooks>().InForce();

    [Fact]
    public async Task A_pause_counts_from_its_instant_on_every_instance_and_a_resumption_ends_it()
    {
        await using var other = PortalHost.Start(Fixture.Database, Fixture.AnotherInstance);
        var account = await Open(claimed: true);
        var (pause, resume) = (Now.AddHours(1), Now.AddHours(2));
        await Approved(new NewPhase(pause, ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod));
        await Approved(new NewPhase(resume, ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod));

        foreach (var book in new[] { await Book, await other.Services.GetRequiredService<PriceBooks>().InForce() })
        {
            Assert.True(book.ProgrammeAt(pause - _microsecond).IsActive);
            Assert.Equal(ProgrammeStatus.Paused, book.ProgrammeAt(pause).Status);
            Assert.Equal(ProgrammeStatus.Paused, book.ProgrammeAt(resume - _microsecond).Status);
            Assert.True(book.ProgrammeAt(resume).IsActive);
        }
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-before", 1)));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RefusalCode.ProgrammeNotActive, Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{account}-paused", 1))).Refusal.Code);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<AuthorizeAnswer.Granted>(await Door.Submit(Ask(account, $"{account}-after", 1)));
    }

    [Fact]
    public async Task Whoever_proposes_does_not_approve_and_nobody_else_than_administrators_does_either()
    {
        var proposal = await Proposed(Promotion());
        Assert.IsType<ProposalOutcome.OwnProposal>(await Changes.Approve(proposal.Id, _admin));
        foreach (var by in new[] { Support, Owner, Gateway, Actor.Portal })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Approve(proposal.Id, by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Propose(Promotion(), "For a test.", by));
            await Assert.ThrowsAsync<NotAllowedException>(() => Changes.Withdraw(proposal.Id, by));
        }
        Assert.Null((await Book).Promotion(NameOf(proposal)));
    }

    [Fact]
    public async Task A_promotion_applies_between_its_dates_once_it_is_approved()
    {
        var from = Now.AddDays(1);
        // The best that there can be: other tests propose promotions too.
        var promotion = Promotion(from, from.AddDays(2)) with { PercentMillionths = 1_000_000 };
        await Approved(promotion);
        var book = await Book;
        Assert.NotEqual(promotion.Name, book.BestPromotion(Sonnet, "pro", from - _microsecond)?.Name);
        Assert.Equal(promotion.Name, book.BestPromotion(Sonnet, "pro", from)?.Name);
        Assert.Equal(promotion.Name, book.BestPromotion(Sonnet, "pro", promotion.To - _microsecond)?.Name);
        Assert.NotEqual(promotion.Name, book.BestPromotion(Sonnet, "pro", promotion.To)?.Name);
    }

    [Fact]
    public async Task New_terms_never_count_back()
    {
        Assert.IsType<ProposalOutcome.Wrong>(await Changes.Propose(Promotion(Now - _microsecond), "For a test.", _admin));
        var late = await Proposed(Promotion(Now.AddHours(1)));
        Time.Advance(TimeSpan.FromHours(2));
        await WorkOut(late);
        var approvedAt = Now;
        var from = Assert.IsType<ProposalOutcome.Approved>(await Changes.Approve(late.Id, _admin2)).From;
        Assert.True(from > approvedAt);
        Assert.Equal(from, (await Book).Promotion(NameOf(late))!.From);
    }

    [Fact]
    public async Task What_is_approved_at_once_by_many_counts_once()
    {
        var proposal = await Proposed(Promotion());
        await WorkOut(proposal);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Changes.Approve(proposal.Id, _admin2))));
        Assert.Single(outcomes.OfType<ProposalOutcome.Approved>());
        Assert.Equal(7, outcomes.OfType<ProposalOutcome.NotWaiting>().Count());
        Assert.Single(await Rows<AuditRecord>(r => r.Action == "ApproveTerms" && r.Subject == proposal.Change.Subject));
    }

    [Fact]
    public async Task What_does_not_count_yet_is_withdrawn_and_what_counts_is_not()
    {
        var scheduled = await Approved(Promotion(Now.AddDays(1)));
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(scheduled.Id, _admin));
        Assert.IsType<ProposalOutcome.NotWaiting>(await Changes.Withdraw(scheduled.Id, _admin));
        Assert.Null((await Book).Promotion(NameOf(scheduled)));

        var runs = await Approved(Promotion());
        Time.Advance(TermsChanges.Notice);
        Assert.IsType<ProposalOutcome.HasBegun>(await Changes.Withdraw(runs.Id, _admin));
        Assert.NotNull((await Book).Promotion(NameOf(runs)));

        var waits = await Proposed(Promotion());
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(waits.Id, _admin2));
        Assert.IsType<ProposalOutcome.NotWaiting>(await Changes.Approve(waits.Id, _admin2));
    }

    [Fact]
    public async Task An_early_end_needs_two_as_well_and_can_be_withdrawn_before_it_comes()
    {
        var promotion = Promotion();
        await Approved(promotion);
        Time.Advance(TermsChanges.Notice);
        var end = Now.AddHours(3);
        var ends = await Approved(new PromotionEnd(end, promotion.Name, promotion.To));
        Assert.Equal(end, (await Book).Promotion(promotion.Name)!.To);
        Assert.IsType<ProposalOutcome.Wrong>(await Changes.Propose(new PromotionEnd(null, promotion.Name, promotion.To), "For a test.", _admin));
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(ends.Id, _admin));
        Assert.Equal(promotion.To, (await Book).Promotion(promotion.Name)!.To);
    }

    [Fact]
    public async Task Of_two_early_ends_the_earlier_counts_until_it_is_withdrawn_itself()
    {
        var promotion = Promotion();
        await Approved(promotion);
        var (late, early) = (Now.AddHours(3), Now.AddHours(2));
        var first = await Approved(new PromotionEnd(late, promotion.Name, promotion.To));
        var second = await Approved(new PromotionEnd(early, promotion.Name, late));
        Assert.IsType<ProposalOutcome.Wrong>(await Changes.Withdraw(first.Id, _admin));
        Assert.Equal(early, (await Book).Promotion(promotion.Name)!.To);

        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(second.Id, _admin));
        Assert.Equal(late, (await Book).Promotion(promotion.Name)!.To);
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(first.Id, _admin));
        Assert.Equal(promotion.To, (await Book).Promotion(promotion.Name)!.To);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_words()
    {
        var known = Promotion();
        await Approved(known);
        TermsChange[] wrong =
        [
            known, Promotion() with { Name = " " }, Promotion() with { PercentMillionths = 0 }, Promotion() with { PercentMillionths = 1_000_001 },
            Promotion() with { To = Now }, Promotion() with { Models = ["no-such-model"] }, Promotion() with { Plans = ["no-such-plan"] },
            new NewPhase(null, ProgrammeStatus.Active, ProgrammaticUse.Refused, ClaimMode.Once), new NewPhase(null, ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod),
            new NewSurfaceRule(null, "two words", Pool.Programmatic), new NewSurfaceRule(null, "headless", Pool.Programmatic), new PromotionEnd(null, "no such promotion", Now.AddDays(1)),
        ];
        foreach (var change in wrong)
        {
            Assert.True(await Changes.Propose(change, "For a test.", _admin) is ProposalOutcome.Wrong, $"{change}");
        }
        Assert.IsType<ProposalOutcome.Wrong>(await Changes.Propose(Promotion(), " no ", _admin));
    }

    [Fact]
    public async Task A_preview_tells_the_real_usage_that_a_change_would_have_met()
    {
        var account = await Open(cap: Money.FromDollars(50));
        await Door.Submit(Tell(account, $"{account}-1", 1_000));
        var (preview, wrong) = await Changes.Preview(Promotion() with { PercentMillionths = 250_000, Models = [Sonnet], Plans = ["pro"] });
        Assert.Null(wrong);
        Assert.True(preview!.Extra >= Money.FromDollars(10));
        Assert.Equal(preview.Extra.Nanos / 4, preview.Discount.Nanos);
        var (parked, _) = await Changes.Preview(new NewSurfaceRule(null, "somewhere", Pool.Interactive));
        Assert.Equal((0L, 0L), (parked!.Requests, parked.Parked));
    }

    [Fact]
    public async Task Open_pages_are_told_when_terms_change_and_when_their_date_comes()
    {
        var watch = new TermsWatch(Get<PriceBooks>(), Get<AccountFeed>(), Get<Clock>(), Time, Get<Microsoft.Extensions.Logging.ILogger<TermsWatch>>());
        var account = await Open();
        var told = 0;
        using var subscription = Get<AccountFeed>().Subscribe(account, () => told++);
        await watch.Once();
        Assert.False(await watch.Once());
        await Approved(Promotion(Now.AddHours(1), Now.AddHours(2)));
        Assert.True(await watch.Once());
        Assert.False(await watch.Once());
        Time.Advance(TimeSpan.FromHours(1));
        Assert.True(await watch.Once());
        Time.Advance(TimeSpan.FromHours(1));
        Assert.True(await watch.Once());
        Assert.True(told >= 3);
    }

    [Fact]
    public async Task Many_that_read_the_terms_at_once_go_on_with_one_book()
    {
        var prices = new PriceBooks(Get<IDbContextFactory<PortalDb>>());
        var books = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => prices.InForce())));
        Assert.All(books, book => Assert.Same(books[0], book));
        Assert.Same(books[0], await prices.InForce());
    }

    [Fact]
    public async Task Nobody_approves_what_was_not_replayed_or_would_replace_other_terms_by_now()
    {
        var proposal = await Proposed(Promotion(Now.AddDays(1)));
        Assert.IsType<ProposalOutcome.NoImpact>(await Changes.Approve(proposal.Id, _admin2));
        await WorkOut(proposal);
        var between = await Approved(Promotion(Now.AddDays(1)));
        Assert.IsType<ProposalOutcome.NoImpact>(await Changes.Approve(proposal.Id, _admin2));
        Assert.Null((await Book).Promotion(NameOf(proposal)));

        await WorkOut(proposal);
        Assert.IsType<ProposalOutcome.Approved>(await Changes.Approve(proposal.Id, _admin2));
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(between.Id, _admin));
        Assert.IsType<ProposalOutcome.NotWaiting>(await Get<Impacts>().Start(proposal.Id, 30, _admin));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<Impacts>().Start(between.Id, 30, Support));
    }

    [Fact]
    public async Task The_rules_themselves_say_what_a_change_would_have_done_to_each_account()
    {
        var account = await Open(claimed: true, cap: Money.FromDollars(50));
        // $20.00 of credit, $10.00 of extra usage.
        await Door.Submit(Tell(account, $"{account}-1", 3_000));
        var free = await Impact(Promotion(Now.AddDays(1)) with { PercentMillionths = 1_000_000 });
        var line = Assert.Single(free.Affected, a => a.Account == account);
        // Other tests have promotions too, so it may have owed less than $10.00 before; the plan's fee is what stays.
        Assert.Equal((true, Money.FromDollars(20)), (line.Before > line.After, line.After));
        Assert.Equal(free.Before.Extra, free.After.Extra);

        var paused = await Impact(new NewPhase(Now.AddDays(1), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod));
        Assert.Equal((Money.Zero, Money.Zero), (paused.After.CreditUsed, paused.After.Extra));
        Assert.Equal(paused.Before.CreditUsed + paused.Before.Extra + paused.Before.Uncollected, paused.After.Uncollected);

        var interactive = await Impact(new NewSurfaceRule(Now.AddDays(1), "headless", Pool.Interactive));
        Assert.True(interactive.After.Included > interactive.Before.Included);
        Assert.Equal(Money.FromDollars(20), Assert.Single(interactive.Affected, a => a.Account == account).After);
    }

    private async Task<Impact> Impact(TermsChange change)
    {
        var proposal = await Proposed(change);
        await WorkOut(proposal);
        Assert.IsType<ProposalOutcome.Withdrawn>(await Changes.Withdraw(proposal.Id, _admin));
        return Assert.Single(await Rows<TermsProposal>(p => p.Id == proposal.Id)).Impact!;
    }

    private async Task WorkOut(TermsProposal proposal)
    {
        var (impacts, subject) = (Get<Impacts>(), Impacts.Proposal(proposal.Id));
        Assert.IsType<ProposalOutcome.Started>(await impacts.Start(proposal.Id, 30, _admin));
        await Eventually.Holds(() => impacts.Of(subject) is not { Stage: ImpactStage.Running });
        Assert.Equal(ImpactStage.Done, impacts.Of(subject)!.Stage);
    }

    protected NewPromotion Promotion(DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        new(from, $"P{Guid.NewGuid():N}", to ?? Now.AddDays(30), 990_000, [], []);

    private static string NameOf(TermsProposal proposal) => ((NewPromotion)proposal.Change).Name;

    private async Task<TermsProposal> Proposed(TermsChange change)
    {
        Assert.IsType<ProposalOutcome.Proposed>(await Changes.Propose(change, "For a test.", _admin));
        return (await Changes.Open()).First(p => p.State == ProposalState.Waiting && p.Change.Subject == change.Subject);
    }

    protected async Task<TermsProposal> Approved(TermsChange change)
    {
        var proposal = await Proposed(change);
        await WorkOut(proposal);
        Assert.IsType<ProposalOutcome.Approved>(await Changes.Approve(proposal.Id, _admin2));
        return proposal;
    }
}
