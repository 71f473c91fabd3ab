using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.Support;

public sealed class DisputeAnswersOnSqlite(DoorOn<SqliteDatabase> portal) : DisputeAnswerTests<SqliteDatabase>(portal);

public sealed class DisputeAnswersOnPostgres(DoorOn<PostgresDatabase> portal) : DisputeAnswerTests<PostgresDatabase>(portal);

/// <summary>Support takes a dispute and decides it once: the charge stands with an answer, or it is reversed; the subscriber is told of either.</summary>
public abstract class DisputeAnswerTests<TDatabase>(DoorOn<TDatabase> portal) : StaffTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Answer = "The log shows your own nightly job.";

    [Fact]
    public async Task An_answer_lets_the_charge_stand_and_is_told_with_a_mail()
    {
        var account = await Disputed();
        Assert.IsType<DisputeAnswerOutcome.Taken>(await Door.Submit(new TakeDispute(account, 1, null, Support)));
        Assert.IsType<DisputeAnswerOutcome.Answered>(await Door.Submit(new AnswerDispute(account, 1, Answer, Support)));

        var dispute = Assert.Single(await Rows<Dispute>(d => d.Account == account));
        Assert.Equal((DisputeState.Answered, Answer, Support.Id), (dispute.State, dispute.Answer, dispute.TakenBy));
        Assert.Empty(await Rows<Entry>(e => e.Account == account && e.Kind == EntryKind.Reversal));
        var alert = Assert.Single(await Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.DisputeDecided));
        Assert.Equal((1L, null, Answer), (alert.Charge, alert.Amount, alert.Detail));
        Assert.Single(await Rows<AlertDelivery>(d => d.Account == account && d.Alert == alert.Number));
        Assert.DoesNotContain(await Rows<AuditRecord>(a => a.Subject == account), a => $"{a.Before}{a.After}{a.Reason}".Contains("nightly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_correction_ends_it_and_tells_what_came_back()
    {
        var account = await Disputed();
        await Door.Submit(new TakeDispute(account, 1, null, Support));
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 1, Reason, null, Support)));
        Assert.Equal(DisputeState.Corrected, Assert.Single(await Rows<Dispute>(d => d.Account == account)).State);
        var alert = Assert.Single(await Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.DisputeDecided));
        Assert.Equal((Money.FromDollars(3), Reason), (alert.Amount, alert.Detail));
        Assert.IsType<DisputeAnswerOutcome.IsOver>(await Door.Submit(new AnswerDispute(account, 1, Answer, Support)));
    }

    [Fact]
    public async Task What_nobody_had_paid_of_it_is_not_said_to_have_come_back()
    {
        var words = new AlertWords(at => $"{at:O}", amount => Amounts.Brief(amount));
        foreach (var (cap, told) in new (Money?, string)[]
        {
            (Money.FromDollars(1), "Your dispute was upheld: $1.00 came back"),
            (null, "Your dispute was upheld: the charge is reversed, of which you had paid nothing"),
        })
        {
            var account = await Disputed(await Open(cap: cap));
            Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 1, Reason, null, Support)));
            var alert = Assert.Single(await Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.DisputeDecided));
            Assert.Equal(told, words.Title(AlertLine.From(alert, null, await Get<PriceBooks>().InForce(), Owner.UserId!)));
        }
    }

    [Fact]
    public async Task What_was_answered_and_is_corrected_after_all_is_told_again()
    {
        var account = await Disputed();
        await Door.Submit(new AnswerDispute(account, 1, Answer, Support));
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 1, Reason, null, Support)));
        Assert.Equal(DisputeState.Corrected, Assert.Single(await Rows<Dispute>(d => d.Account == account)).State);
        Assert.Equal(2, (await Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.DisputeDecided)).Count);
    }

    [Fact]
    public async Task Two_who_take_it_at_once_are_one_and_a_colleague_takes_over_only_from_whom_they_saw()
    {
        var account = await Disputed();
        var outcomes = await Task.WhenAll(Door.Submit(new TakeDispute(account, 1, null, Support)), Door.Submit(new TakeDispute(account, 1, null, Colleague)));
        Assert.Single(outcomes.OfType<DisputeAnswerOutcome.Taken>());
        var holder = Assert.Single(outcomes.OfType<DisputeAnswerOutcome.TakenByAnother>()).Dispute.TakenBy!;
        var other = holder == Support.Id ? Colleague : Support;
        Assert.IsType<DisputeAnswerOutcome.TakenByAnother>(await Door.Submit(new AnswerDispute(account, 1, Answer, other)));
        Assert.IsType<DisputeAnswerOutcome.Taken>(await Door.Submit(new TakeDispute(account, 1, holder, other)));
        Assert.IsType<DisputeAnswerOutcome.Answered>(await Door.Submit(new AnswerDispute(account, 1, Answer, other)));
    }

    [Fact]
    public async Task Two_answers_at_once_are_one()
    {
        var account = await Disputed();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Door.Submit(new AnswerDispute(account, 1, Answer, Support))));
        Assert.Single(outcomes.OfType<DisputeAnswerOutcome.Answered>());
        Assert.Equal(5, outcomes.OfType<DisputeAnswerOutcome.IsOver>().Count());
        Assert.Single(await Rows<Alert>(a => a.Account == account && a.Kind == AlertKind.DisputeDecided));
    }

    [Fact]
    public async Task What_is_not_disputed_or_not_readable_is_refused_and_nobody_decides_their_own()
    {
        var account = await Disputed();
        Assert.IsType<DisputeAnswerOutcome.NotDisputed>(await Door.Submit(new TakeDispute(account, 2, null, Support)));
        Assert.IsType<DisputeAnswerOutcome.WrongText>(await Door.Submit(new AnswerDispute(account, 1, " ", Support)));
        Assert.IsType<DisputeAnswerOutcome.WrongText>(await Door.Submit(new AnswerDispute(account, 1, new string('x', StaffTexts.LongestAnswer + 1), Support)));
        foreach (var by in new[] { Owner, Gateway, Actor.Portal, Actor.User("admin"), Actor.User("nobody") })
        {
            await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new TakeDispute(account, 1, null, by)));
            await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new AnswerDispute(account, 1, Answer, by)));
        }
        Assert.Equal(DisputeState.Open, Assert.Single(await Rows<Dispute>(d => d.Account == account)).State);
    }

    private async Task<string> Disputed() => await Disputed(await Open(claimed: true));

    private async Task<string> Disputed(string account)
    {
        await Door.Submit(Tell(account, $"{account}-1", 300));
        Assert.IsType<DisputeOutcome.Disputed>(await Door.Submit(new DisputeCharge(account, 1, "That was not my request.", Owner)));
        return account;
    }
}
