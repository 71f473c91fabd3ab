namespace Portal.Bench.Proofs;

/// <summary>How much of each promise is tried.</summary>
internal sealed record ProofSize
{
    public static ProofSize Short { get; } = new();

    public int Events { get; init; } = 2_000;

    public int Scenarios { get; init; } = 200;

    public int ClaimingAccounts { get; init; } = 20;

    public int Orders { get; init; } = 500;

    public int Entries { get; init; } = 20_000;

    public TimeSpan Faults { get; init; } = TimeSpan.FromSeconds(25);

    public int Commits { get; init; } = 100;

    public int LostAnswers { get; init; } = 100;

    public int Seeds { get; init; } = 200;

    public int SeedCommands { get; init; } = 120;

    public int Calls { get; init; } = 2_000;

    public int Tampered { get; init; } = 10;

    public int Prices { get; init; } = 2_000;

    public static ProofSize Long(double minutes) => new()
    {
        Events = 100_000,
        Scenarios = 10_000,
        ClaimingAccounts = 1_000,
        Orders = 100_000,
        Entries = 10_000_000,
        Faults = TimeSpan.FromMinutes(minutes),
        Commits = 1_000,
        LostAnswers = 10_000,
        Seeds = 10_000,
        SeedCommands = 1_000,
        Calls = 1_000_000,
        Tampered = 1_000,
        Prices = 1_000_000,
    };
}

/// <summary>The promises in the order of docs/proof.md. What a test shows already is that test, tried as often as asked.</summary>
internal static class ProofRows
{
    private const string Ledger = "Ledger.Tests";
    private const string Portal = "Portal.Tests";

    public static IReadOnlyList<ProofRow> All(ProofSize size)
    {
        // One run of faults shows what was acknowledged and how soon Portal answered again.
        var faults = new Lazy<Task<(Finding Durable, Finding Survived)>>(() => FaultRuns.Run(size.Faults));
        return
        [
            new(1, "an event is charged once", $"{size.Events:N0} events, told one to five times to two processes", () => EventsOnce.Run(size.Events)),
            new(2, "no command raises used and held extra above the cap", $"{size.Scenarios:N0} scenarios of 50 writers, and as many random histories", async () => Finding.All(
                await Methods(Portal, size.Scenarios, "No_command_raises_used_and_held_extra_above_the_cap"),
                await Methods(Ledger, size.Scenarios, "No_command_raises_used_and_held_extra_above_the_cap_and_only_what_does_not_fit_is_refused"))),
            new(3, "a claim grants once", $"{size.ClaimingAccounts:N0} accounts, 100 claims at once", () => Methods(Portal, size.ClaimingAccounts, "A_hundred_parallel_claims_grant_once")),
            new(4, "order does not matter", $"{size.Orders:N0} orders", () => Methods(Ledger, size.Orders, "The_order_of_charges_claims_grants_and_holds_does_not_matter")),
            new(5, "the ledger adds up", $"{size.Entries:N0} entries", () => LedgerRuns.Run(size.Entries)),
            new(6, "periods tile", "every anchor day of four years, 36 periods", () => Classes(Ledger, null, "Periods_tile")),
            new(7, "what was acknowledged is durable", $"kills and stops during {size.Faults.TotalMinutes:0.#} minutes on each database; {size.Commits:N0} commits", async () => Finding.All((await faults.Value).Durable, await Commits.Run(size.Commits))),
            new(8, "a lost answer does no harm", $"{size.LostAnswers:N0} answers lost after the commit", () => LostAnswers.Run(size.LostAnswers)),
            new(9, "faults are survived", $"{size.Faults.TotalMinutes:0.#} minutes on each database; healthy again within 5 s", async () => (await faults.Value).Survived),
            new(10, "a failing seed can be replayed", $"{size.Seeds:N0} seeds x {size.SeedCommands:N0} commands", async () => Finding.All(
                await Task.Run(() => Simulations.Run(first: 1, size.Seeds, size.SeedCommands)), await Methods(Ledger, null, "Of_the_same_seed_is_the_same"))),
            new(11, "bad input changes nothing", $"{size.Calls:N0} generated calls on each database", async () => Finding.All(
                await InputRuns.Run(size.Calls, seed: 1), await Classes(Portal, null, "HostileInputOnSqlite", "HostileInputOnPostgres"))),
            new(12, "nobody sees another's data", "every route and command, every role, own and other", () => Classes(Portal, null, "WalkTests", "TokenWalkTests", "CommandWalkTests")),
            new(13, "view-as is read-only and ends", "every command while viewing; every end", () => Classes(Portal, null, "ViewAsWalkTests", "ViewAsOnSqlite", "ViewAsOnPostgres", "OpenPagesTests")),
            new(14, "tampering is found", $"{size.Tampered:N0} of each kind, on each database", () => Classes(Portal, size.Tampered, "TamperingOnSqlite", "TamperingOnPostgres")),
            new(15, "prices are exact", $"40 bills worked out by hand; laws {size.Prices:N0} times", () => Classes(Ledger, size.Prices, "Bills", "Prices_are_exact", "Amounts")),
            new(16, "a backup restores", "a backup under load; the first schema with data, on each database", () => Classes(Portal, null, "A_backup_of_SQLite", "VerifyLedgerOnSqlite", "VerifyLedgerOnPostgres", "UpgradeOnSqlite", "UpgradeOnPostgres")),
        ];
    }

    private static Task<Finding> Classes(string project, int? times, params string[] classes) => TestRuns.Run(project, times, ["--filter-class", .. classes.Select(name => $"*.{name}")]);

    private static Task<Finding> Methods(string project, int? times, params string[] methods) => TestRuns.Run(project, times, ["--filter-method", .. methods.Select(name => $"*.{name}")]);
}
