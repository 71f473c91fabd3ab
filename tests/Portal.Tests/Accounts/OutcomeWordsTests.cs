using System.Reflection;
using Ledger;
using Portal.Accounts;
using Portal.ExtraUsage;
using Portal.Plan;
using Portal.Ui;

namespace Portal.Tests.Accounts;

/// <summary>Every outcome of every command that a page gives, and every reason of a charge, has its words.</summary>
public sealed class OutcomeWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> ClaimOutcomes => Names(typeof(ClaimOutcome));

    public static TheoryData<string> ExtraUsageOutcomes => Names(typeof(ExtraUsageOutcome));

    [Theory]
    [MemberData(nameof(ClaimOutcomes))]
    public void A_claim_always_says_what_became_of_it(string name)
    {
        var grant = Granted();
        ClaimOutcome outcome = name switch
        {
            nameof(ClaimOutcome.Claimed) => new ClaimOutcome.Claimed(grant),
            nameof(ClaimOutcome.AlreadyClaimed) => new ClaimOutcome.AlreadyClaimed(grant),
            nameof(ClaimOutcome.ProgrammeNotActive) => new ClaimOutcome.ProgrammeNotActive(new ProgrammePhase(Now, ProgrammeStatus.Paused, ProgrammaticUse.Refused, ClaimMode.EachPeriod), null),
            nameof(ClaimOutcome.PlanHasNoCredit) => new ClaimOutcome.PlanHasNoCredit("enterprise"),
            nameof(ClaimOutcome.AccountClosed) => new ClaimOutcome.AccountClosed(),
            _ => throw new InvalidOperationException($"{name} is new: give it words and a line here."),
        };
        Says(ClaimButton.Words(outcome, new ViewerTime()));
    }

    [Theory]
    [MemberData(nameof(ExtraUsageOutcomes))]
    public void A_change_of_extra_usage_always_says_what_became_of_it(string name)
    {
        ExtraUsageOutcome outcome = name switch
        {
            nameof(ExtraUsageOutcome.Changed) => new ExtraUsageOutcome.Changed(Money.FromDollars(3)),
            nameof(ExtraUsageOutcome.Unchanged) => new ExtraUsageOutcome.Unchanged(),
            nameof(ExtraUsageOutcome.NotAllowedByPlan) => new ExtraUsageOutcome.NotAllowedByPlan("enterprise"),
            nameof(ExtraUsageOutcome.CapOutOfRange) => new ExtraUsageOutcome.CapOutOfRange(Money.FromDollars(2000)),
            nameof(ExtraUsageOutcome.IsOff) => new ExtraUsageOutcome.IsOff(),
            nameof(ExtraUsageOutcome.UnknownModel) => new ExtraUsageOutcome.UnknownModel("x"),
            nameof(ExtraUsageOutcome.AccountClosed) => new ExtraUsageOutcome.AccountClosed(),
            _ => throw new InvalidOperationException($"{name} is new: give it words and a line here."),
        };
        Says(ExtraUsageWords.Say(outcome, "Your cap is $25.00."));
    }

    public static TheoryData<string> PlanOutcomes => Names(typeof(PlanOutcome));

    [Theory]
    [MemberData(nameof(PlanOutcomes))]
    public void A_decision_about_the_plan_always_says_what_became_of_it(string name)
    {
        var terms = new AccountTerms("pro", true, Money.FromDollars(20), Money.FromDollars(20), true, Money.FromDollars(2000), null);
        PlanOutcome outcome = name switch
        {
            nameof(PlanOutcome.Upgraded) => new PlanOutcome.Upgraded(Money.FromDollars(40), Money.FromDollars(40)),
            nameof(PlanOutcome.FromNextPeriod) => new PlanOutcome.FromNextPeriod(Now),
            nameof(PlanOutcome.Cancelled) => new PlanOutcome.Cancelled(Now, Money.FromDollars(3)),
            nameof(PlanOutcome.Kept) => new PlanOutcome.Kept(),
            nameof(PlanOutcome.Unchanged) => new PlanOutcome.Unchanged(),
            nameof(PlanOutcome.UnknownPlan) => new PlanOutcome.UnknownPlan("gold"),
            nameof(PlanOutcome.NotForSubscribers) => new PlanOutcome.NotForSubscribers("team-standard"),
            nameof(PlanOutcome.AccountClosed) => new PlanOutcome.AccountClosed(),
            nameof(PlanOutcome.NotAsShown) => new PlanOutcome.NotAsShown(new PlanPreview(new PlanOutcome.Kept(), null, Money.Zero, Money.Zero, terms, terms, null, Money.Zero, Money.Zero)),
            _ => throw new InvalidOperationException($"{name} is new: give it words and a line here."),
        };
        Says(PlanWords.Say(outcome, "Pro", new ViewerTime()));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_always_has_a_title(RefusalCode code) => Assert.NotEmpty(HistoryWords.RefusalTitle(code));

    public static TheoryData<RefusalCode> Refusals => [.. Enum.GetValues<RefusalCode>()];

    /// <summary>Whatever does not succeed also says what it did to the money.</summary>
    private static void Says(NoticeText words)
    {
        Assert.NotEmpty(words.What);
        Assert.NotEqual(NoticeKind.Failed, words.Kind);
        if (words.Kind != NoticeKind.Done)
        {
            Assert.Contains("Nothing was changed", words.Money, StringComparison.Ordinal);
        }
    }

    private static Grant Granted()
    {
        var plan = new PlanTerms("pro", Now.AddYears(-1), "Pro", Money.FromDollars(20), Money.FromDollars(20), true, Money.FromDollars(2000), true);
        var book = new PriceBook([], [plan], [new ProgrammePhase(Now.AddYears(-1), ProgrammeStatus.Active, ProgrammaticUse.Metered, ClaimMode.EachPeriod)], [], []);
        var account = Account.Open("a", "o", "pro", Now, book, Now, "portal");
        return Assert.IsType<ClaimOutcome.Claimed>(account.Claim(book, Now, "user:o")).Grant;
    }

    private static TheoryData<string> Names(Type closedSet) =>
        [.. closedSet.GetNestedTypes(BindingFlags.Public).Where(t => t.IsSubclassOf(closedSet)).Select(t => t.Name)];
}
