using Ledger;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Tests.Accounts;

public sealed class DisputesOnSqlite(DoorOn<SqliteDatabase> portal) : DisputeTests<SqliteDatabase>(portal);

public sealed class DisputesOnPostgres(DoorOn<PostgresDatabase> portal) : DisputeTests<PostgresDatabase>(portal);

/// <summary>A subscriber objects to a charge: it moves no money, happens once, and ends when it is decided.</summary>
public abstract class DisputeTests<TDatabase>(DoorOn<TDatabase> portal) : DoorTests<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    private const string Wrong = "That was not my request.";

    [Fact]
    public async Task A_dispute_is_kept_with_its_text_and_moves_no_money()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        var (before, entries) = (await BalanceOf(account), (await Rows<Entry>(e => e.Account == account)).Count);

        var dispute = Assert.IsType<DisputeOutcome.Disputed>(await Dispute(account, 1, $"  {Wrong}  ")).Dispute;

        Assert.Equal((DisputeState.Open, Wrong, Now), (dispute.State, dispute.Text, dispute.OpenedAt));
        Assert.Equal((before.Credit, entries), ((await BalanceOf(account)).Credit, (await Rows<Entry>(e => e.Account == account)).Count));
        Assert.Equal((DisputeState.Open, Wrong), (Assert.Single(await Rows<Dispute>(d => d.Account == account)) is var row ? (row.State, row.Text) : default));
        var audit = Assert.Single(await Rows<AuditRecord>(a => a.Subject == account && a.Action == "DisputeCharge"));
        Assert.Equal((null, """{"charge":1,"dispute":"Open"}""", "Disputed"), (audit.Before, audit.After, audit.Outcome));
    }

    [Fact]
    public async Task A_charge_is_disputed_once_however_often_it_is_asked()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Dispute(account, 1)));
        Assert.Single(outcomes.OfType<DisputeOutcome.Disputed>());
        Assert.Equal(19, outcomes.OfType<DisputeOutcome.AlreadyDisputed>().Count());
    }

    [Fact]
    public async Task What_was_taken_back_can_be_disputed_again()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        await Dispute(account, 1);
        Assert.IsType<DisputeOutcome.Withdrawn>(await Withdraw(account, 1));
        Assert.IsType<DisputeOutcome.NotDisputed>(await Withdraw(account, 1));
        Assert.IsType<DisputeOutcome.Disputed>(await Dispute(account, 1, "I looked again: it is wrong."));
        Assert.Equal("I looked again: it is wrong.", Assert.Single(await Rows<Dispute>(d => d.Account == account)).Text);
    }

    [Fact]
    public async Task A_reversal_decides_it()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        await Dispute(account, 1);
        Assert.IsType<ReversalOutcome.Reversed>(await Door.Submit(new ReverseCharge(account, 1, "A mistake.", null, Support)));
        Assert.Equal(DisputeState.Corrected, Assert.Single(await Rows<Dispute>(d => d.Account == account)).State);
        Assert.IsType<DisputeOutcome.AlreadyDisputed>(await Dispute(account, 1));
        Assert.IsType<DisputeOutcome.NotDisputed>(await Withdraw(account, 1));
    }

    [Fact]
    public async Task A_charge_that_was_reversed_has_nothing_left_to_dispute()
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        await Door.Submit(new ReverseCharge(account, 1, "A mistake.", null, Support));
        Assert.IsType<DisputeOutcome.AlreadyReversed>(await Dispute(account, 1));
    }

    [Theory]
    [InlineData("too short")]
    [InlineData("          ")]
    [InlineData("a letter that rings \a")]
    public async Task A_text_that_nobody_could_look_into_is_refused_and_nothing_is_kept(string text)
    {
        var account = await Open(claimed: true);
        await Door.Submit(Tell(account, $"{account}-1", 300));
        Assert.IsType<DisputeOutcome.WrongText>(await Dispute(account, 1, text));
        Assert.IsType<DisputeOutcome.WrongText>(await Dispute(account, 1, new string('x', DisputeCharge.LongestText + 1)));
        Assert.IsType<DisputeOutcome.UnknownCharge>(await Dispute(account, 2));
        Assert.Empty(await Rows<Dispute>(d => d.Account == account));
    }

    [Fact]
    public async Task Included_use_costs_nothing_so_there_is_nothing_to_dispute()
    {
        var account = await Open(claimed: true);
        await Door.Submit(new RecordUsage(account, "test", $"{account}-1", null, Sonnet, "chat", null, new Usage { OutputTokens = 1000 }, null, Gateway));
        Assert.IsType<DisputeOutcome.CostNothing>(await Dispute(account, 1));
    }

    private Task<DisputeOutcome> Dispute(string account, long charge, string text = Wrong) => Door.Submit(new DisputeCharge(account, charge, text, Owner));

    private Task<DisputeOutcome> Withdraw(string account, long charge) => Door.Submit(new WithdrawDispute(account, charge, Owner));
}
