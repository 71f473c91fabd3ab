using Ledger;
using Portal.Accounts;

namespace Portal.Demo;

/// <summary>The accounts of the demo. Each ends in the state that its page is to show; the table stands in the README.</summary>
internal static class DemoStories
{
    private const string Consent = "I agree that use beyond my credit is charged at API rates, up to my cap.";

    public static IReadOnlyList<DemoStory> All { get; } =
    [
        new("demo-pro", "pro", 6)
        {
            Programmatic = 7,
            Interactive = 6,
            Kinds =
            [
                new(5, "claude-sonnet-5-5", "headless", null, "nightly-review"), new(3, "claude-haiku-5-5", "agent_sdk", "inbox-sorter"),
                new(2, "claude-sonnet-5", "third_party_app", "zed"), new(6, "claude-sonnet-5-5", "chat"), new(3, "claude-opus-5-5", "code"),
            ],
            Spend = [new(Hours(3), 13.10m), new(Hours(30), 24.00m), new(Days(2), 17.35m), null],
            Acts =
            [
                Claim(0, Hours(2)), Claim(1, Hours(29)), Try(2, Hours(47), "claude-sonnet-5-5", "headless"), Claim(2, Hours(47.5)),
                Try(3, Days(2.1), "claude-sonnet-5-5", "headless"), TryLately(Hours(2.2), "claude-sonnet-5-5", "headless"),
            ],
        },
        new("demo-max5x", "max-5x", 22)
        {
            Programmatic = 20,
            Interactive = 8,
            Kinds =
            [
                new(6, "claude-sonnet-5-5", "agent_sdk", "invoice-triage", "release-notes"), new(4, "claude-opus-5-5", "headless", null, "refactor-loop"),
                new(4, "claude-haiku-5-5", "ci_action", "acme/web", "acme/api"), new(2, "claude-sonnet-5", "third_party_app", "zed", "cline"),
                new(5, "claude-opus-5-5", "code"), new(4, "claude-sonnet-5-5", "cowork"), new(3, "claude-sonnet-5-5", "chat"),
            ],
            Spend = [new(Hours(5), 88.40m), new(Hours(20), 79.15m), new(Hours(7), 93.70m), new(Hours(9), 62.00m)],
            Acts = [Claim(0, Hours(4)), Claim(1, Hours(18)), Claim(2, Hours(6)), Try(3, Hours(8.2), "claude-opus-5-5", "headless"), Claim(3, Hours(8.5)), Owner(3, Days(20), (account, by) => new ChangePlan(account, "pro", by))],
        },
        // Came from Max 5x, so that a statement has proration lines.
        new("demo-max20x", "max-5x", 17)
        {
            Programmatic = 26,
            Interactive = 9,
            Kinds =
            [
                new(7, "claude-opus-5-5", "agent_sdk", "migration-agent", "support-desk"), new(5, "claude-sonnet-5-5", "headless", null, "refactor-loop"),
                new(4, "claude-sonnet-5-5", "ci_action", "acme/monorepo"), new(2, "claude-fable-5-1", "agent_sdk", "research"), new(1, "claude-opus-5", "third_party_app", "cline"),
                new(5, "claude-opus-5-5", "code"), new(3, "claude-opus-5-5", "cowork"), new(2, "claude-fable-5-1", "chat"),
            ],
            Spend = [new(Hours(4), 172.80m), new(Hours(3), 214.25m), new(Hours(1), 231.90m), new(Hours(1), 241.12m)],
            Acts =
            [
                Claim(0, Hours(3)), Owner(0, Days(1.5), (account, by) => new ChangePlan(account, "max-20x", by)), Claim(1, Hours(2)), Owner(1, Hours(2.05), (account, by) => new ClaimEveryPeriod(account, true, by)),
                Owner(1, Days(16), (account, by) => new TurnOnExtraUsage(account, Money.FromDollars(50), Consent, by)),
                Owner(3, Days(9), (account, by) => new SetCap(account, Money.FromDollars(100), by)),
                // After the last request, so that they are seen and stop nothing.
                OwnerLately(Minutes(50), (account, by) => new SetDailyCap(account, Money.FromDollars(40), by)),
                OwnerLately(Minutes(49), (account, by) => new SetModelCap(account, "claude-fable-5-1", Money.FromDollars(60), by)),
            ],
        },
        new("demo-capped", "pro", 18)
        {
            Programmatic = 14,
            Interactive = 5,
            Kinds =
            [
                new(5, "claude-sonnet-5-5", "headless", null, "changelog"), new(4, "claude-sonnet-5-5", "ci_action", "acme/mobile"),
                new(2, "claude-opus-5-5", "agent_sdk", "triage-bot"), new(2, "claude-haiku-5-5", "third_party_app", "cline"),
                new(4, "claude-sonnet-5-5", "chat"), new(3, "claude-sonnet-5-5", "code"),
            ],
            Spend = [new(Hours(6), 17.90m), new(Hours(25), 26.30m), new(Hours(4), 28.45m), new(Hours(3), 29.30m)],
            Acts =
            [
                Claim(0, Hours(5)), Claim(1, Hours(24)), Owner(1, Days(14), (account, by) => new TurnOnExtraUsage(account, Money.FromDollars(10), Consent, by)),
                // Too late: what had become extra usage by then moves to the credit.
                Claim(2, Days(3.2)), Claim(3, Hours(2)),
                // A CI run that nobody asked about first: it takes what the cap leaves, to the nano-dollar, and not more.
                new(null, Minutes(41), (account, _, state) => new RecordUsage(account, DemoHistory.Source, $"{account}.last", null, "claude-sonnet-5-5", "ci_action", "acme/mobile",
                    new Usage { OutputTokens = state.Current.CapRemaining.Nanos / 10_000 + 1_640 }, null, DemoHistory.Gateway)),
                TryLately(Minutes(24), "claude-sonnet-5-5", "headless"),
            ],
        },
        new("demo-team", "team-standard", 11)
        {
            Programmatic = 3,
            Interactive = 4,
            Kinds =
            [
                new(4, "claude-haiku-5-5", "headless", null, "standup-notes"), new(2, "claude-sonnet-5-5", "ci_action", "acme/docs"),
                new(5, "claude-sonnet-5-5", "chat"), new(4, "claude-sonnet-5-5", "cowork"),
            ],
            Spend = [new(Hours(4), 3.85m), new(Hours(30), 2.10m), new(Hours(5), 4.60m), new(Hours(6), 1.27m)],
            Acts =
            [
                Claim(0, Hours(3)), Claim(1, Hours(29)), Claim(2, Hours(4)), Claim(3, Hours(5)),
                // Lost before the rest, so it pays first: the charges since then name it.
                new(null, Days(8), (account, _, _) => new GivePromotionalCredit(account, Money.FromDollars(10), Days(14), "Two weeks to try agents with")),
                // A model that has no price yet: the event waits for an administrator, and costs nothing until then.
                Unpriced(Minutes(52), "claude-sonnet-6", "headless"), Unpriced(Minutes(49), "claude-sonnet-6", "ci_action"),
                OwnerLately(Days(2), (account, by) => new CancelPlan(account, by)),
                // An agent that runs all day, and holds what it may use.
                new(null, Minutes(20), (account, _, _) => new Authorize(account, new AuthorizationRequest($"{account}.running", "claude-sonnet-5-5", "agent_sdk", "handbook-agent",
                    new Usage { InputTokens = 60_000, OutputTokens = 24_000 }, AuthorizationRequest.LongestTtlSeconds), DemoHistory.Gateway)),
            ],
        },
        new("demo-enterprise", "enterprise-standard", 13)
        {
            Interactive = 13,
            Kinds = [new(5, "claude-sonnet-5-5", "chat"), new(5, "claude-opus-5-5", "cowork"), new(4, "claude-opus-5-5", "code"), new(1, "claude-haiku-5-5", "chat")],
            Spend = [null, null, null, null],
            Acts =
            [
                Try(1, Days(6), "claude-sonnet-5-5", "headless"), Try(3, Days(4.2), "claude-sonnet-5-5", "ci_action"),
                // Told after the period that it happened in had ended; included use, so it costs nothing.
                new(3, Hours(2), (account, _, state) => new RecordUsage(account, DemoHistory.Source, $"{account}.late", state.Current.Start.AddHours(-3), "claude-sonnet-5-5", "chat", null,
                    new Usage { InputTokens = 6_200, OutputTokens = 1_900 }, null, DemoHistory.Gateway)),
            ],
        },
    ];

    private static DemoAct Claim(int period, TimeSpan after) => Owner(period, after, (account, by) => new ClaimCredit(account, by));

    private static DemoAct Owner(int period, TimeSpan after, Func<string, Actor, Command> command) => new(period, after, (account, owner, _) => command(account, owner));

    private static DemoAct OwnerLately(TimeSpan before, Func<string, Actor, Command> command) => new(null, before, (account, owner, _) => command(account, owner));

    /// <summary>A request that is refused at that moment, and so leaves its reason.</summary>
    private static DemoAct Try(int period, TimeSpan after, string model, string surface) => new(period, after, Request(model, surface, $"try.{period}"));

    /// <summary>Told twice under one id, the second time of another surface, which is refused as a conflict.</summary>
    private static DemoAct Unpriced(TimeSpan before, string model, string surface) => new(null, before, (account, _, _) =>
        new RecordUsage(account, DemoHistory.Source, $"{account}.unpriced", null, model, surface, null, new Usage { InputTokens = 12_000, OutputTokens = 2_500 }, null, DemoHistory.Gateway));

    private static DemoAct TryLately(TimeSpan before, string model, string surface) => new(null, before, Request(model, surface, "try.last"));

    private static Func<string, Actor, Account, Command> Request(string model, string surface, string id) => (account, _, _) =>
        new Authorize(account, new AuthorizationRequest($"{account}.{id}", model, surface, null, new Usage { InputTokens = 18_400, OutputTokens = 8_192 }, AuthorizationRequest.DefaultTtlSeconds), DemoHistory.Gateway);

    private static TimeSpan Days(double days) => TimeSpan.FromDays(days);

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
