using Ledger;
using Portal.Accounts;

namespace Portal.Demo;

/// <summary>What an account's programmatic use costs in one period at API rates, and how long after the period's start it begins.</summary>
internal sealed record DemoSpend(TimeSpan After, decimal Dollars)
{
    public Money Amount => new((long)(Dollars * Money.NanosPerDollar));
}

/// <summary>Something that happens once, beside the random use: a command for the account as it then is.</summary>
/// <param name="Period">The period from whose start it is counted; <c>null</c>: it is counted back from now.</param>
/// <param name="After">How long after the period's start, or before now.</param>
/// <param name="Command">The command, for the account's key, its owner and its state at that moment.</param>
internal sealed record DemoAct(int? Period, TimeSpan After, Func<string, Actor, Account, Command> Command);

/// <summary>One way in which an account is used: how often among the others, by which model, from where.</summary>
internal sealed record DemoKind(int Weight, string Model, string Surface, params string?[] Apps);

/// <summary>
/// The story of one demo account: three past periods and the one that runs, which began <see cref="DaysIntoPeriod"/> days ago, so that
/// the account is in the middle of it on whatever day the demo is filled.
/// </summary>
internal sealed record DemoStory(string Account, string Plan, int DaysIntoPeriod)
{
    public const int PastPeriods = 3;

    /// <summary>Programmatic requests on an ordinary weekday.</summary>
    public int Programmatic { get; init; }

    /// <summary>Interactive requests on an ordinary weekday.</summary>
    public int Interactive { get; init; }

    public IReadOnlyList<DemoKind> Kinds { get; init; } = [];

    /// <summary>Programmatic spend of each period, the current one last; <c>null</c>: none.</summary>
    public IReadOnlyList<DemoSpend?> Spend { get; init; } = [];

    public IReadOnlyList<DemoAct> Acts { get; init; } = [];

    /// <summary>The account's periods, the current one last. Days after the 28th are left out of anchors, so that no month clamps them.</summary>
    public IReadOnlyList<Period> PeriodsAt(DateTimeOffset now)
    {
        var day = now.UtcDateTime.Date.AddDays(-DaysIntoPeriod);
        var start = new DateTimeOffset(day.Year, day.Month, Math.Min(day.Day, 28), 9, 30, 0, TimeSpan.Zero);
        var anchor = start.AddMonths(-PastPeriods);
        return [.. Enumerable.Range(0, PastPeriods + 1).Select(index => Period.Of(anchor, index))];
    }
}
