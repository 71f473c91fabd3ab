using System.Globalization;
using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>
/// Random scenarios in the words of the tables: a failing one prints as lines that can be pasted into a table. <c>#n</c> stands for one of the last five authorizations,
/// <c>~n</c> for one of the last twelve charges.
/// </summary>
internal static class RandomCommands
{
    private static readonly string[] Plans = ["pro", "max-5x", "max-20x", "team-standard", "enterprise-standard"];
    private static readonly string[] Pauses = ["", "", "", "", "", "", "", "", "", "", "+1m", "+1m", "+5m", "+16m", "+2h", "+13h", "+9d"];

    private static readonly Gen<string> Amount = Gen.OneOf(
        Gen.Int[0, 12].Select(d => d.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[0, 25_000_000_000].Select(n => new Money(n).ToString()),
        Gen.Long[0, 3].Select(n => new Money(n).ToString()));

    private static readonly Gen<string> Model = Gen.Int[0, 2].Select(i => i == 0 ? " model=n" : "");

    private static readonly Gen<string> Command = Gen.Frequency(
        (8, Gen.Select(Amount, Model, Gen.Int[0, 9]).Select((amount, model, age) => $"use {amount}{model}{(age == 0 ? " at=-3d" : age == 1 ? " at=-2h" : age == 2 ? " surface=chat" : "")}")),
        (12, Gen.Select(Amount, Model, Gen.Int[0, 4]).Select((amount, model, ttl) => $"hold {amount}{model} ttl={(ttl switch { 0 => "24h", 1 => "1m", _ => "15m" })}")),
        (9, Gen.Select(Gen.Int[0, 99], Amount).Select((n, amount) => $"settle #{n} {amount}")),
        (3, Gen.Int[0, 99].Select(n => $"release #{n}")),
        (4, Gen.Int[1, 40].Select(amount => $"extra on {amount}")),
        (1, Gen.Const("extra off")),
        (3, Gen.Int[0, 40].Select(amount => $"cap {amount}")),
        (1, Gen.Select(Amount, Gen.Bool).Select((amount, none) => $"daily-cap {(none ? "none" : amount)}")),
        (1, Gen.Select(Amount, Gen.Bool).Select((amount, none) => $"model-cap n {(none ? "none" : amount)}")),
        (3, Gen.Const("claim")),
        (1, Gen.Bool.Select(on => $"claim-every-period {(on ? "on" : "off")}")),
        (1, Gen.Select(Gen.Int[1, 9], Gen.Int[0, 3]).Select((amount, until) => $"goodwill {amount} until={(until switch { 0 => "+5m", 1 => "+12h", 2 => "+9d", _ => "+70d" })}")),
        (1, Gen.Int[0, Plans.Length - 1].Select(i => $"plan {Plans[i]}")),
        (6, Gen.Select(Gen.Int[0, 99], Gen.Int[0, 3]).Select((n, until) => $"reverse ~{n}{(until switch { 0 => "", 1 => " until=+5m", 2 => " until=+9d", _ => " until=+70d" })}")),
        (1, Gen.Int[0, 9].Select(i => i switch { 0 => "close", 1 => "cancel", 2 => "keep", _ => "reopen" })));

    /// <summary>Up to sixty commands over some weeks, on an account whose period ends soon after the start.</summary>
    public static readonly Gen<(string When, string Command)[]> Scenario =
        Gen.Select(Gen.Int[0, Pauses.Length - 1].Select(i => Pauses[i]), Command).Array[1, 60];

    /// <summary>Terms on which much happens within some weeks: two rate cards, two promotions, a pause of the programme.</summary>
    public static PriceBook Book { get; } = TestTerms.Book(
        [
            TestTerms.Active,
            new(TestTerms.At("2026-11-20"), ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod),
            new(TestTerms.At("2026-11-22"), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod),
        ],
        [
            new Promotion("ten", TestTerms.At("2026-10-01"), TestTerms.At("2026-12-20"), 100_000, ["n"], []),
            new Promotion("third", TestTerms.At("2026-11-02"), TestTerms.At("2026-11-12"), 333_333, ["n", "m"], ["pro"]),
        ],
        [TestTerms.Card(), TestTerms.Card(2, "2026-11-05", 2)]);

    public static World NewWorld(bool sweeps = false, bool savesOnlyWhenTimePasses = false)
    {
        var world = new World(Book, sweeps, savesOnlyWhenTimePasses);
        world.PassTo(TestTerms.At("2026-10-31T23:30:00Z"));
        world.Begin("pro", TestTerms.At("2026-10-01"), world.Now);
        return world;
    }

    /// <summary>Runs a scenario and lists what came out, step by step. <paramref name="around"/> may look before and after each command.</summary>
    public static string Run(World world, IEnumerable<(string When, string Command)> scenario, Action<string, Func<string>>? around = null)
    {
        var steps = new Steps(world);
        var outcomes = new List<string>();
        var given = new List<string>();
        foreach (var (when, command) in scenario)
        {
            world.PassTo(Tables.Scenario.Instant(when, world.Now));
            if (Resolve(command, given, world.Account.LastCharge) is not { } resolved)
            {
                continue;
            }
            var outcome = "";
            (around ?? ((_, run) => run()))(resolved, () => outcome = steps.Do(resolved));
            if (resolved.StartsWith("hold", StringComparison.Ordinal) && outcome.StartsWith("held", StringComparison.Ordinal))
            {
                given.Add(resolved.Split(' ')[1]);
            }
            outcomes.Add($"{when} | {resolved} | {outcome}");
        }
        // Commands about authorizations are left out while there are none; a world that sweeps has gone on meanwhile.
        steps.Do("wait");
        world.Save();
        return string.Join('\n', outcomes);
    }

    public static string Print((string When, string Command)[] scenario) => "\n" + string.Join('\n', scenario.Select(s => $"{s.When} | {s.Command}"));

    private static string? Resolve(string command, List<string> given, long charges)
    {
        var words = command.Split(' ');
        if (words[0] == "hold")
        {
            return $"hold h{given.Count}.{words[1]} {string.Join(' ', words[1..])}";
        }
        if (words.Length > 1 && words[1].StartsWith('#'))
        {
            return given.Count == 0 ? null : command.Replace(words[1], given[^(1 + int.Parse(words[1][1..], CultureInfo.InvariantCulture) % Math.Min(5, given.Count))], StringComparison.Ordinal);
        }
        if (words.Length > 1 && words[1].StartsWith('~'))
        {
            return charges == 0 ? null : command.Replace(words[1], $"{charges - long.Parse(words[1][1..], CultureInfo.InvariantCulture) % Math.Min(12, charges)}", StringComparison.Ordinal);
        }
        return command;
    }
}
