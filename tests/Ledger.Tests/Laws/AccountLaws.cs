using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>The laws of an account under random commands. After every command <see cref="World"/> also sees whether the ledger adds up.</summary>
public class Under_random_commands
{
    [Fact]
    public void No_command_raises_used_and_held_extra_above_the_cap_and_only_what_does_not_fit_is_refused() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario, (command, run) =>
            {
                world.Decide(a => a.AdvanceTo(world.Now, world.Book));
                var before = world.Account.Periods.ToDictionary(p => p.Index, p => p.ExtraUsed + p.ExtraHeld);
                var carried = command.StartsWith("hold", StringComparison.Ordinal) ? Carried(world, command) : Money.Zero;
                var outcome = run();
                foreach (var period in world.Periods)
                {
                    var most = Money.Max(before.GetValueOrDefault(period.Index), period.Cap);
                    Law.Require(!before.ContainsKey(period.Index) || period.ExtraUsed + period.ExtraHeld <= most, $"'{command}' raised extra above {most}");
                }
                if (command.StartsWith("hold", StringComparison.Ordinal) && outcome is not ("account_closed" or "programme_not_active"))
                {
                    var fits = Need(world, command) <= carried;
                    Law.Require(fits == outcome.StartsWith("held", StringComparison.Ordinal), $"'{command}' was {outcome} with {carried} to carry it");
                }
            });
        }, iter: Law.Times(200, 10_000), print: RandomCommands.Print);

    [Fact]
    public void An_account_that_is_looked_at_late_has_the_entries_of_one_that_was_swept_and_of_one_batch() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var (lazy, swept, batched) = (RandomCommands.NewWorld(), RandomCommands.NewWorld(sweeps: true), RandomCommands.NewWorld(savesOnlyWhenTimePasses: true));
            var outcomes = RandomCommands.Run(lazy, scenario);
            Law.Require(outcomes == RandomCommands.Run(swept, scenario), "a swept account answers otherwise");
            Law.Require(outcomes == RandomCommands.Run(batched, scenario), "an account in one batch answers otherwise");
            Law.Require(Told(lazy) == Told(swept), "a swept account has other entries");
            Law.Require(Told(lazy) == Told(batched), "an account in one batch has other entries");
        }, iter: Law.Times(150, 10_000), print: RandomCommands.Print);

    [Fact]
    public void The_order_of_charges_claims_grants_and_holds_does_not_matter() =>
        Gen.Select(AccountPieces.Some, Gen.Int.Array[40], Gen.Int.Array[40]).Sample((pieces, first, second) =>
        {
            var (one, other) = (InOrder(pieces, first), InOrder(pieces, second));
            var granted = Money.Sum(pieces, p => p.Granted);
            var charged = Money.Sum(pieces, p => p.Charged);
            foreach (var world in new[] { one, other })
            {
                Law.Require(world.Account.CreditLeft == (granted - charged).OrZero, $"{world.Account.CreditLeft} of credit is left of {granted} after {charged}");
                Law.Require(world.Account.Current.ExtraUsed == (charged - granted).OrZero, $"{world.Account.Current.ExtraUsed} of extra is used of {granted} after {charged}");
                Law.Require(world.Account.Current.Uncollected.IsZero, "something is uncollected");
            }
        }, iter: Law.Times(500, 100_000));

    private static World InOrder(Piece[] pieces, int[] keys)
    {
        var steps = AccountPieces.World();
        foreach (var (_, command) in AccountPieces.InOrder(pieces, keys))
        {
            var outcome = steps.Do(command);
            Law.Require(!outcome.EndsWith("reached", StringComparison.Ordinal) && outcome != "credit_not_claimed", $"'{command}' was refused: {outcome}");
        }
        return steps.World;
    }

    private static string Told(World world) => string.Join('\n',
        world.Entries.Select(e => $"{e.Seq} {e.At:O} {Steps.Describe(e, withTime: false)} {e.Period} {e.CreditAfter} {e.ExtraAfter}")
            .Concat(world.Changes.Select(c => $"{c.Number} {c.At:O} {c.Kind}")).Append($"{world.Account.Settings with { ModelCaps = [] }}"));

    private static Money Need(World world, string command)
    {
        var words = command.Split(' ');
        var times = world.Book.RateCardAt(world.Now)!.Version == 2 ? 2 : 1;
        return new Money(Money.Parse(words[2]).Nanos * times);
    }

    /// <summary>What credit and extra can carry, told apart from the product's own way: from the caps and the parts of grants as they stand.</summary>
    private static Money Carried(World world, string command)
    {
        var (account, model) = (world.Account, command.Contains("model=n", StringComparison.Ordinal) ? "n" : "m");
        var free = Money.Sum(account.Grants.Where(g => g.ExpiresAt > world.Now), g => g.Amount - g.Used - g.Held - g.Expired);
        if (!account.ExtraUsageOn)
        {
            return free;
        }
        var room = (Money.Min(account.Cap!.Value, account.Current.LargestCap) - account.Current.ExtraUsed - account.Current.ExtraHeld).OrZero;
        if (account.DailyCap is { } daily)
        {
            room = Money.Min(room, (daily - account.DayUsed - account.DayHeld).OrZero);
        }
        foreach (var cap in account.ModelCaps.Where(c => c.Model == model))
        {
            var flows = account.Current.ModelFlows.Where(f => f.Model == model).ToList();
            room = Money.Min(room, (cap.Cap - Money.Sum(flows, f => f.Used + f.Held)).OrZero);
        }
        return free + room;
    }
}
