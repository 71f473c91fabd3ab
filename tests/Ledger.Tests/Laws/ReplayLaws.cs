using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>A replay under the terms that really were comes to what really was; of which histories that holds stands in docs/rules.md, "Replay".</summary>
public class A_replay_under_the_same_terms
{
    [Fact]
    public void Comes_to_the_same_in_every_figure_if_every_hold_was_settled_with_what_it_held() =>
        Gen.Select(RandomCommands.Scenario, Requests).Sample((scenario, requests) =>
        {
            var world = RandomCommands.NewWorld();
            var steps = new Steps(world);
            var commands = scenario.Where(s => !IsOfHolds(s.Command)).ToList();
            for (var i = 0; i < commands.Count + 4; i++)
            {
                if (i < commands.Count)
                {
                    var isHolding = world.Open.Any();
                    var pause = commands[i].When;
                    world.PassTo(Tables.Scenario.Instant(isHolding && pause is "+13h" or "+9d" ? "+2h" : pause, world.Now));
                    Do(commands[i].Command);
                }
                foreach (var request in requests.Where(r => r.Settled == i && world.Open.Any(a => a.Id == r.Id)))
                {
                    Do($"settle {request.Id} {request.Amount}");
                }
                foreach (var request in requests.Where(r => r.Given == i && i < commands.Count))
                {
                    Do($"hold {request.Id} {request.Amount} ttl=24h{request.Model}");
                }
            }
            var replayed = Replays.Run(world, new ReplayTerms(world.Book));
            Assert.Equal(world.Periods.Select(p => All(p, world.Charges)), replayed.Select(All));
            Assert.Equal((0, 0), (replayed.Sum(p => p.Requests.NowAllowed), replayed.Sum(p => p.Requests.Refused)));

            void Do(string command)
            {
                // Each at an instant of its own: what is first of two on one instant is not told by a history.
                world.PassTo(world.Now.AddSeconds(1));
                steps.Do(command);
            }
        }, iter: Law.Times(300, 20_000), print: s => RandomCommands.Print(s.Item1) + "\n" + string.Join('\n', s.Item2.Select(r => $"{r}")));

    [Fact]
    public void Comes_to_the_same_credit_and_extra_if_only_the_months_credit_and_extra_below_the_cap_paid() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            new Steps(world).Do("extra on 2000");
            world.PassTo(world.Now.AddDays(4));
            RandomCommands.Run(world, scenario.Where(s => IsSimple(s.Command)).Select(s => (s.When.Length == 0 ? "+1s" : s.When, s.Command)));
            // Until the last hold has ended: what it still holds may be used, or come back.
            world.PassTo(world.Now.AddDays(1));
            var replayed = Replays.Run(world, new ReplayTerms(world.Book));
            Assert.Equal(world.Periods.Select(Credit), replayed.Select(Credit));
        }, iter: Law.Times(300, 20_000), print: RandomCommands.Print);

    private sealed record Request(string Id, int Given, int Settled, Money Amount, string Model);

    private static readonly Gen<Request[]> Requests = Gen.Select(Gen.Int[0, 59], Gen.Int[1, 3], Gen.Long[0, 25_000_000_000], Gen.Bool)
        .Select((at, span, amount, onN) => (at, span, amount, onN)).Array[0, 20]
        .Select(all => all.Select((r, i) => new Request($"r{i}", r.at, r.at + r.span, new Money(r.amount), r.onN ? " model=n" : "")).ToArray());

    private static bool IsOfHolds(string command) => command.Split(' ')[0] is "hold" or "settle" or "release" or "reverse";

    private static bool IsSimple(string command) => command.Split(' ') is ["use" or "hold" or "settle" or "release" or "claim" or "claim-every-period" or "reopen", ..] or ["plan", not "enterprise-standard"];

    private static object All(AccountPeriod p, List<Charge> charges) =>
        (p.Index, p.Start, p.Fee, (p.CreditGranted, p.CreditUsed, p.CreditExpired), (p.ExtraUsed, p.Discount, p.Owed, p.Uncollected), p.IsFinal,
            charges.LongCount(c => c.Period == p.Index && !c.IsIncluded), charges.LongCount(c => c.Period == p.Index && c.IsIncluded));

    private static object All(ReplayedPeriod p) =>
        (p.Period.Index, p.Period.Start, p.Fee, (p.CreditGranted, p.CreditUsed, p.CreditExpired), (p.ExtraUsed, p.Discount, p.Owed, p.Uncollected), p.IsFinal,
            p.Requests.Carried, p.Requests.Included);

    private static object Credit(AccountPeriod p) => (p.Index, p.Fee, p.CreditGranted, p.CreditUsed, p.ExtraUsed, p.Uncollected);

    private static object Credit(ReplayedPeriod p) => (p.Period.Index, p.Fee, p.CreditGranted, p.CreditUsed, p.ExtraUsed, p.Uncollected);
}
