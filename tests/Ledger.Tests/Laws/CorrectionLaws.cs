using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>What a reversal gives back, whatever went before it.</summary>
public class A_reversal
{
    [Fact]
    public void Gives_back_exactly_what_its_charge_took_and_changes_no_flow_and_nothing_final() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario, (command, run) =>
            {
                world.Decide(a => a.AdvanceTo(world.Now, world.Book));
                var before = Figures.Of(world);
                var outcome = run();
                if (!command.StartsWith("reverse", StringComparison.Ordinal))
                {
                    return;
                }
                var after = Figures.Of(world);
                if (!outcome.StartsWith("reversed", StringComparison.Ordinal))
                {
                    Law.Require(before == after, $"'{command}' was '{outcome}' and changed {before} to {after}");
                    return;
                }
                var charge = world.Charges.Single(c => c.Number == long.Parse(command.Split(' ')[1], null));
                var isFinal = !world.Account.Periods.Exists(p => p.Index == charge.Period);
                Law.Require(after.Credit - after.Extra + after.Refunded == before.Credit - before.Extra + before.Refunded + charge.Credit + charge.Extra, $"'{command}' of {charge.Credit} + {charge.Extra} made {before} to {after}");
                Law.Require(after.Uncollected == before.Uncollected - (isFinal ? Money.Zero : charge.Uncollected), $"'{command}' of {charge.Uncollected} uncollected made {before} to {after}");
                Law.Require(after.Owed <= before.Owed && after.Refund >= before.Refund, $"'{command}' raised what is owed: {before} to {after}");
                Law.Require(after.Flows == before.Flows && after.Held == before.Held, $"'{command}' changed what flowed or is held: {before} to {after}");
            });
        }, iter: Law.Times(200, 10_000), print: RandomCommands.Print);

    /// <summary>
    /// As long as nothing was uncollected, no grant's time passed and no hold is open, credit left and extra are those of a history that never had the
    /// charge: they are what was granted less what was charged, whichever way round. Only how the extra is divided among promotions may differ.
    /// </summary>
    [Fact]
    public void Leaves_credit_and_extra_as_if_the_charge_had_never_been() =>
        Gen.Select(AccountPieces.Some, Gen.Int.Array[40], Gen.Bool.Array[20]).Sample((pieces, order, reversed) =>
        {
            var steps = AccountPieces.World();
            var charges = new List<(long Number, Money Amount)>();
            foreach (var (piece, command) in AccountPieces.InOrder(pieces, order))
            {
                var last = steps.World.Account.LastCharge;
                steps.Do(command);
                if (steps.World.Account.LastCharge > last && reversed[piece])
                {
                    charges.Add((last + 1, pieces[piece].Charged));
                }
                if (charges.Count > 0 && reversed[(piece + 7) % reversed.Length])
                {
                    Reverse(steps, charges);
                }
            }
            Reverse(steps, charges);
            var granted = Money.Sum(pieces, p => p.Granted);
            var charged = Money.Sum(pieces.Where((_, i) => !reversed[i]), p => p.Charged);
            var account = steps.World.Account;
            Law.Require(account.CreditLeft == (granted - charged).OrZero, $"{account.CreditLeft} of credit is left of {granted} after {charged}");
            Law.Require(account.Current.ExtraUsed == (charged - granted).OrZero, $"{account.Current.ExtraUsed} of extra is used of {granted} after {charged}");
        }, iter: Law.Times(500, 100_000));

    private static void Reverse(Steps steps, List<(long Number, Money Amount)> charges)
    {
        foreach (var (number, amount) in charges)
        {
            var outcome = steps.Do($"reverse {number}");
            Law.Require(outcome.StartsWith(amount.IsZero ? "nothing to reverse" : "reversed", StringComparison.Ordinal), $"charge {number} was {outcome}");
        }
        charges.Clear();
    }

    /// <summary>What a reversal may change and what it may not, over all periods and grants.</summary>
    private sealed record Figures(Money Credit, Money Extra, Money Owed, Money Refunded, Money Refund, Money Uncollected, Money Held, string Flows)
    {
        public static Figures Of(World world)
        {
            var (account, periods) = (world.Account, world.Periods.ToList());
            var corrections = periods.SelectMany(p => p.LateCorrections).ToList();
            return new Figures(
                account.CreditLeft, Money.Sum(periods, p => p.ExtraUsed), Money.Sum(periods, p => p.Owed),
                Money.Sum(corrections.SelectMany(c => c.Extra), e => e.Amount), Money.Sum(corrections, c => c.Refund),
                Money.Sum(periods, p => p.Uncollected), Money.Sum(account.Grants, g => g.Held) + Money.Sum(periods, p => p.ExtraHeld),
                $"{account.DayUsed}; {string.Join("; ", periods.SelectMany(p => p.ModelFlows.OrderBy(f => f.Model).Select(f => $"{p.Index} {f}")))}");
        }
    }
}
