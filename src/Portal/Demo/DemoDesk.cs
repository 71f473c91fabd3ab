using Ledger;
using Portal.Accounts;

namespace Portal.Demo;

/// <summary>
/// What support did in the demo, and what lies on its desk: goodwill and a reversal in an account that is hardly used, a dispute that nobody looks into yet, goodwill that
/// waits for the second person, and notes. The very commands that pages submit, and the reversal as corrections carry it out; the accounts stand after them as the README says.
/// </summary>
internal sealed class DemoDesk(Batch batch, DateTimeOffset now)
{
    /// <summary>Lays it there, after the accounts have their past.</summary>
    public void Lay(IReadOnlyDictionary<string, string> owners, Actor support, Actor colleague)
    {
        batch.Roles[support.UserId!] = [SignIn.Roles.Support];
        batch.Roles[colleague.UserId!] = [SignIn.Roles.Support];
        // In the order of time, as records would have come.
        At(TimeSpan.FromDays(9), new WriteNote("demo-capped", Id(2), "Asked how a cap of $10 can be reached to the nano-dollar. Explained that it is never exceeded.", colleague));
        At(TimeSpan.FromDays(2), new WriteNote("demo-max20x", Id(4), "Plans a migration with the agent until the period's end; wants no call, only e-mail.", support));
        Dispute("demo-max20x", Actor.User(owners["demo-max20x"]), TimeSpan.FromHours(5));
        At(TimeSpan.FromHours(4), new WriteNote("demo-capped", Id(3), "Wrote again: the nightly CI was refused. The fault was ours that night, goodwill is asked for.", support));
        At(TimeSpan.FromHours(3), new GrantGoodwill("demo-capped", Id(1), Money.FromDollars(40), now.AddDays(30), "Your CI runs failed for a night through a fault of ours.", "T-1043", support));
        At(TimeSpan.FromMinutes(16), new GrantGoodwill("demo-team", Id(5), Money.FromDollars(5), now.AddDays(21), "An outage of ours broke your CI runs on two mornings.", "T-1038", support));
        batch.Now = now - TimeSpan.FromMinutes(14);
        Reversing.Run(batch, "demo-team", LastPaid("demo-team", TimeSpan.Zero).Number, "The gateway counted this request although it had failed.", null, support);
    }

    private void Dispute(string account, Actor owner, TimeSpan ago)
    {
        var charge = LastPaid(account, ago);
        batch.DisputedCharges[(account, charge.Number)] = new DisputedCharge(charge.List, false, false);
        At(ago, new DisputeCharge(account, charge.Number, "Our agent was switched off at that time. Can you see which machine sent this request?", owner));
    }

    private Charge LastPaid(string account, TimeSpan before) => batch.Accounts[account].Written.Charges.Last(c => !c.IsIncluded && c.List.IsPositive && c.RecordedAt < now - before);

    private void At(TimeSpan ago, Command command)
    {
        batch.Now = now - ago;
        command.Decide(batch);
    }

    /// <summary>With the same instant the demo is the same.</summary>
    private static Guid Id(byte number) => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number);
}
