using CsCheck;

namespace Ledger.Tests.Laws;

/// <summary>The laws of alerts under random commands.</summary>
public class Alerts_under_random_commands
{
    [Fact]
    public void Each_alert_comes_once_in_its_period_and_shares_only_rise() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario);
            Law.Require(world.Alerts.Select(a => (a.Period, a.Kind, a.Subject)).Distinct().Count() == world.Alerts.Count, "an alert came twice");
            Law.Require(world.Alerts.Select(a => a.Number).SequenceEqual(Enumerable.Range(1, world.Alerts.Count)), "alerts are not numbered without a gap");
            foreach (var shares in world.Alerts.Where(a => a.Kind is AlertKind.CreditUsed or AlertKind.CapUsed).GroupBy(a => (a.Period, a.Kind)))
            {
                Law.Require(shares.Zip(shares.Skip(1)).All(pair => pair.First.Step < pair.Second.Step), "a lower share was told after a higher one");
                Law.Require(shares.All(a => (Int128)a.Amount!.Value.Nanos * 100 >= (Int128)a.Of!.Value.Nanos * a.Step!.Value), "a share was told that is not reached");
            }
        }, iter: Law.Times(150, 10_000), print: RandomCommands.Print);

    [Fact]
    public void After_every_command_nothing_that_is_reached_is_untold() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario, (command, run) =>
            {
                run();
                var period = world.Account.Current;
                if (world.Account.Status == AccountStatus.Closed)
                {
                    return;
                }
                var told = world.Alerts.Where(a => a.Period == period.Index).ToList();
                var highest = told.Where(a => a.Kind == AlertKind.CapUsed).Max(a => a.Step) ?? 0;
                var reached = new[] { 50, 75, 90, 100 }.LastOrDefault(p => period.ExtraUsed.IsPositive && period.Cap.IsPositive && (Int128)period.ExtraUsed.Nanos * 100 >= (Int128)period.Cap.Nanos * p);
                Law.Require(highest >= reached, $"after '{command}' {period.ExtraUsed} of {period.Cap} is used and {highest} % was told");
                Law.Require(period.ExtraUsed.IsZero || told.Exists(a => a.Kind == AlertKind.ExtraStarted), $"after '{command}' there is extra that nobody was told of");
            });
        }, iter: Law.Times(150, 10_000), print: RandomCommands.Print);

    [Fact]
    public void They_move_nothing() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var (told, silent) = (RandomCommands.NewWorld(), RandomCommands.NewWorld());
            silent.Account.Silence();
            Law.Require(RandomCommands.Run(told, scenario) == RandomCommands.Run(silent, scenario), "an account with alerts answers otherwise");
            Law.Require(Lines(told) == Lines(silent), "an account with alerts has other entries");
            Law.Require(silent.Alerts.Count == 0, "a silent account tells something");
        }, iter: Law.Times(100, 10_000), print: RandomCommands.Print);

    private static string Lines(World world) => string.Join('\n', world.Entries.Select(e => $"{e.Seq} {e.At:O} {e.Kind} {e.Pool} {e.Amount} {e.CreditAfter} {e.ExtraAfter}"));
}
