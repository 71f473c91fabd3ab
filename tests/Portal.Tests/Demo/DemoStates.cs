using System.Collections.Concurrent;
using System.Globalization;
using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Demo;

namespace Portal.Tests.Demo;

/// <summary>Each demo account ends in the state that it is to show, on whatever day the demo is filled.</summary>
public class DemoStates
{
    public static TheoryData<string> Days =>
    [
        "2026-07-15T00:00:00Z", "2026-11-23T20:15:00Z", "2026-12-01T00:00:00Z", "2026-12-31T23:59:59Z", "2027-03-01T06:00:00Z",
        "2027-03-30T12:00:00Z", "2028-02-29T12:00:00Z", "2028-05-31T03:10:00Z", "2030-01-06T15:45:00Z",
    ];

    private static readonly ConcurrentDictionary<string, DemoPast> Played = new();

    [Theory, MemberData(nameof(Days))]
    public void Every_account_ends_in_its_state(string day)
    {
        var past = At(day);

        var pro = past.Balance("demo-pro");
        Assert.Equal(BalanceState.Unclaimed, pro.State);
        Assert.Equal("20", pro.Credit.Claimable.ToString());
        Assert.False(pro.ExtraUsage.IsOn);
        Assert.Equal(RefusalCode.CreditNotClaimed, pro.Next?.Code);

        var max5x = past.Balance("demo-max5x");
        Assert.Equal(BalanceState.Active, max5x.State);
        Assert.InRange(Share(max5x.Credit.Used, max5x.Credit.Granted), 0.61, 0.63);
        Assert.True(Share(max5x.Credit.Used, max5x.Credit.Granted) < 0.95 * ((max5x.AsOf - max5x.Period.Start) / (max5x.Period.End - max5x.Period.Start)), "it would lose nothing at this pace");
        Assert.False(max5x.ExtraUsage.IsOn);

        var max20x = past.Balance("demo-max20x");
        Assert.Equal(BalanceState.Spilling, max20x.State);
        Assert.True(max20x.Credit.Remaining.IsZero);
        Assert.Equal("100", max20x.ExtraUsage.Cap?.ToString());
        Assert.InRange(max20x.ExtraUsage.Used.Nanos, Money.FromDollars(40).Nanos, Money.FromDollars(42).Nanos);

        var capped = past.Balance("demo-capped");
        Assert.Equal(BalanceState.Stopped, capped.State);
        Assert.Equal(("10", "10"), (capped.ExtraUsage.Cap?.ToString(), capped.ExtraUsage.Used.ToString()));
        Assert.Equal(RefusalCode.CapReached, past.Batch.NewRefusals.Where(r => r.Account == "demo-capped").MaxBy(r => r.At)!.Refusal.Code);

        var team = past.Balance("demo-team");
        Assert.Equal(BalanceState.Active, team.State);
        Assert.InRange(Share(team.Credit.Used, team.Credit.Granted), 0.01, 0.12);

        var enterprise = past.Balance("demo-enterprise");
        Assert.Equal(BalanceState.NoCredit, enterprise.State);
        Assert.Equal((RefusalCode.ExtraUsageNotAllowed, "/plan"), (enterprise.Next?.Code, enterprise.Next?.Remedy.Path));
    }

    [Theory, MemberData(nameof(Days))]
    public void Every_account_is_in_the_middle_of_its_period(string day)
    {
        var past = At(day);
        foreach (var (key, account) in past.Batch.Accounts)
        {
            var period = account.BalanceAt(DemoPast.Book, past.Now).Period;
            Assert.True(past.Now - period.Start >= TimeSpan.FromDays(5), $"{key} began on {period.Start:O}");
            Assert.True(period.End - past.Now >= TimeSpan.FromDays(2), $"{key} ends on {period.End:O}");
            Assert.Equal(key == "demo-team" ? 1 : 0, account.OpenHolds);
        }
    }

    [Theory, MemberData(nameof(Days))]
    public void Every_account_adds_up_from_its_entries(string day)
    {
        foreach (var (key, account) in At(day).Batch.Accounts)
        {
            var fold = new Fold(key);
            account.Written.Entries.ForEach(fold.Add);
            account.Written.Charges.ForEach(fold.Add);
            Assert.Empty(fold.Broken(account, [.. account.Written.Authorizations.Where(a => a.Status == AuthorizationStatus.Held)]));
        }
    }

    [Fact]
    public void The_past_has_what_a_history_is_to_show()
    {
        var past = At("2026-11-23T20:15:00Z");
        var charges = past.Batch.Accounts.Values.SelectMany(a => a.Written.Charges).ToList();
        var entries = past.Batch.Accounts.Values.SelectMany(a => a.Written.Entries).ToList();

        Assert.InRange(charges.Count, 4_000, 15_000);
        Assert.Equal("claude-sonnet-6", Assert.Single(past.Batch.NewParked).Model);
        Assert.Single(past.Batch.NewConflicts);
        Assert.Contains(charges, c => c.IsIncluded && c.Pool == Pool.Interactive);
        Assert.Contains(charges, c => c.IsLate);
        Assert.Contains(charges, c => c.Promotion is not null);
        Assert.Contains(charges, c => c.Credit.IsPositive && c.Extra.IsPositive);
        Assert.Contains(charges, c => c.Uncollected.IsPositive);
        Assert.Contains(entries, e => e.Kind == EntryKind.Expiry);
        Assert.Contains(past.Batch.Accounts.Values.SelectMany(a => a.Written.Authorizations), a => a.Status == AuthorizationStatus.Released);
        Assert.True(past.Batch.NewRefusals.Select(r => r.Refusal.Code).Distinct().Count() >= 4, "few kinds of refusal");
        var weekday = charges.Count(c => c.Time.DayOfWeek == DayOfWeek.Tuesday);
        Assert.True(charges.Count(c => c.Time.DayOfWeek == DayOfWeek.Sunday) < weekday / 2, "weekends are as busy as weekdays");
        Assert.All(charges, c => Assert.True(c.Usage.PromptTokens < 2_000_000, $"a request of {c.Usage.PromptTokens} tokens is not believable"));
    }

    /// <summary>As soon as the programme has been there for three periods.</summary>
    [Theory]
    [InlineData("2026-11-23T20:15:00Z")]
    [InlineData("2027-03-30T12:00:00Z")]
    [InlineData("2030-01-06T15:45:00Z")]
    public void Among_them_they_show_every_state_worth_seeing(string day)
    {
        var past = At(day);
        var (max20x, capped, team) = (past.Account("demo-max20x"), past.Account("demo-capped"), past.Account("demo-team"));

        Assert.Equal("40", max20x.DailyCap?.ToString());
        Assert.Equal("claude-fable-5-1", Assert.Single(max20x.ModelCaps).Model);
        var upgrade = Assert.Single(max20x.Periods.SelectMany(p => p.FeeLines.Skip(1)));
        Assert.True(upgrade.Amount.IsPositive);
        Assert.Contains(capped.Written.Entries, e => e.Kind == EntryKind.Reallocation);
        Assert.True(team.IsCancelled);
        Assert.True(past.Balance("demo-team").Credit.Held.IsPositive);
        Assert.Contains(team.Grants, g => g.Kind == GrantKind.Goodwill && g.ExpiresAt > past.Now);
        var promotional = Assert.Single(team.Grants, g => g.Kind == GrantKind.Promotional);
        Assert.True(promotional.Used.IsPositive && promotional.Left.IsPositive);
        Assert.Equal(promotional.ExpiresAt, past.Balance("demo-team").Credit.ExpiresAt);
        Assert.Contains(team.Written.Entries, e => e.Kind == EntryKind.Reversal);
        Assert.Single(max20x.Written.Alerts, alert => DemoHistory.DeliveryOf(alert, past.Now) is { State: DeliveryState.Failed });
        Assert.Equal(DisputeState.Open, Assert.Single(past.Batch.Disputes.Values).State);
    }

    [Fact]
    public void The_same_seed_and_instant_give_the_same_figures()
    {
        static string Figures(DemoPast past) => string.Join("\n", past.Batch.Accounts.Values.SelectMany(a => a.Written.Entries)
            .Select(e => $"{e.Account} {e.Seq} {e.At:O} {e.Kind} {e.Amount} {e.Model} {e.CreditAfter} {e.ExtraAfter}"));

        Assert.Equal(Figures(At("2026-11-23T20:15:00Z")), Figures(Play("2026-11-23T20:15:00Z")));
    }

    /// <summary>Played once a day: looking at an account at the same instant changes nothing in it.</summary>
    private static DemoPast At(string day) => Played.GetOrAdd(day, Play);

    private static DemoPast Play(string day) => new(DateTimeOffset.Parse(day, CultureInfo.InvariantCulture));

    private static double Share(Money part, Money whole) => (double)part.Nanos / whole.Nanos;
}
