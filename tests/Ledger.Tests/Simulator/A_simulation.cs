using Ledger.Simulator;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Simulator;

/// <summary>
/// Accounts under faults, in one thread: crashes before and after the commit, lost answers, repeats in any order, batches cut in two, jumps of the clock. A
/// failure names its seed; <c>PORTAL_SEED</c> in the environment replays that one alone.
/// </summary>
public class A_simulation
{
    private const int Commands = 120;

    [Fact]
    public void Of_any_seed_keeps_every_law()
    {
        if (Environment.GetEnvironmentVariable("PORTAL_SEED") is { Length: > 0 } seed)
        {
            Assert.Null(Simulation.Run(int.Parse(seed, null), 10 * Commands).Failure);
            return;
        }
        for (var next = 1; next <= Law.Times(200, 10_000); next++)
        {
            Assert.Null(Simulation.Run(next, Commands).Failure);
        }
    }

    [Fact]
    public void Of_the_same_seed_is_the_same()
    {
        var (one, other) = (Simulation.Run(7, Commands), Simulation.Run(7, Commands));
        Assert.Equal((one.Commands, one.Faults, one.Entries), (other.Commands, other.Faults, other.Entries));
        Assert.Equal(one.Seen, other.Seen);
        Assert.NotEqual(one.Seen, Simulation.Run(8, Commands).Seen);
    }

    [Fact]
    public void Sees_every_kind_of_answer_and_entry()
    {
        var seen = Enumerable.Range(1, 40).SelectMany(seed => Simulation.Run(seed, Commands).Seen.Keys).ToHashSet();
        string[] all =
        [
            "Ask: held", .. Enum.GetNames<RefusalCode>().Select(code => $"Ask: refused {code}"), "Settle: charge", "Release: released",
            "Tell: parked", "Tell: conflict", "Tell: rejected TooOld", "Tell: rejected InFuture", "Replay: charge", "Claim: claimed", "Claim: already", "Claim: ProgrammeNotActive",
            "Choose: Upgraded", "Choose: FromNextPeriod", "Cancel: Cancelled", "Reverse: reversed", "Reverse: AlreadyReversed", "Reverse: ExpiryNeeded",
            "entry: Adjustment Credit", "entry: Expiry Credit", "entry: Reallocation Credit, promotion", "entry: Reversal None, late",
            .. Enum.GetNames<ChargeReason>().Select(reason => $"charge: {reason}"),
        ];
        Assert.Empty(all.Except(seen));
    }
}

/// <summary>The simulation is worth something because it finds what is broken: rules, one after the other, broken on purpose.</summary>
public class A_broken_rule
{
    /// <summary>Each takes some seconds to compile and to find: every run tries a third of them, the long form all.</summary>
    public static TheoryData<string> Rules => [.. BrokenRules.All.Where((_, i) => i % Law.Times(3, 1) == 0).Select(rule => rule.Name)];

    [Fact]
    public void Is_broken_where_the_list_says() => Assert.All(BrokenRules.All, rule => Assert.NotEmpty(MutantCompiler.Changed(rule)));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Is_found(string name)
    {
        var rule = BrokenRules.All.Single(r => r.Name == name);
        var failure = MutantCompiler.FirstFailure(MutantCompiler.Compile(rule), seeds: 200, commands: 200);
        Assert.True(failure is not null, $"No seed found: {name}.");
        TestContext.Current.TestOutputHelper?.WriteLine(failure.Split('\n')[0]);
    }

    [Fact]
    public void Is_all_that_differs()
    {
        Assert.Null(MutantCompiler.FirstFailure(MutantCompiler.Compile(null), seeds: 5, commands: 200));
    }
}
