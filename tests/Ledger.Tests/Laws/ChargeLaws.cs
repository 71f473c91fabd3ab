using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>
/// Who pays, worked out a second time from what stands before the charge, in the words of the rules: held credit, free credit, held extra, extra within
/// every cap if it is on, then nobody.
/// </summary>
public class A_charge
{
    [Fact]
    public void Is_split_as_the_rules_say_whatever_went_before() =>
        RandomCommands.Scenario.Sample(scenario =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario, (command, run) =>
            {
                world.Decide(a => a.AdvanceTo(world.Now, world.Book));
                var words = command.Split(' ');
                var expected = words[0] switch { "use" => OfEvent(world, words), "settle" => OfHold(world, words), _ => null };
                run();
                if (expected is { } split)
                {
                    var charge = world.LastCharge;
                    var actual = new Split(charge.List, charge.Credit, charge.Extra, charge.Uncollected, charge.Promotion);
                    Law.Require(split == actual, $"'{command}' came to {actual} and not to {split}");
                }
            });
        }, iter: Law.Times(200, 10_000), print: RandomCommands.Print);

    private sealed record Split(Money List, Money Credit, Money Extra, Money Uncollected, string? Promotion);

    private static Split? OfEvent(World world, string[] words)
    {
        var (account, now) = (world.Account, world.Now);
        var time = words.FirstOrDefault(w => w.StartsWith("at=", StringComparison.Ordinal)) is { } at ? Scenario.Instant(at[3..], now) : now;
        var list = new Money(Money.Parse(words[1]).Nanos * (time >= TestTerms.At("2026-11-05") ? 2 : 1));
        if (words.Contains("surface=chat"))
        {
            return new Split(list, Money.Zero, Money.Zero, Money.Zero, null);
        }
        var isPaused = time >= TestTerms.At("2026-11-20") && time < TestTerms.At("2026-11-22");
        if (account.Status == AccountStatus.Closed || isPaused)
        {
            return new Split(list, Money.Zero, Money.Zero, list, null);
        }
        var model = words.Contains("model=n") ? "n" : "m";
        var credit = Money.Min(list, FreeFor(account, now));
        var room = account.ExtraUsageOn && account.ExtraUsageOnSince <= time ? Room(account, account.Current, model, Money.Zero, isOfToday: true) : Money.Zero;
        var extra = Money.Min(list - credit, room);
        return new Split(list, credit, extra, list - credit - extra, extra.IsPositive ? PromotionFor(account, model, now) : null);
    }

    private static Split? OfHold(World world, string[] words)
    {
        var (account, hold) = (world.Account, world.Authorization(words[1]));
        if (hold.Status != AuthorizationStatus.Held || hold.IsIncluded)
        {
            return null;
        }
        var period = account.Periods.Single(p => p.Index == hold.Period);
        var list = new Money(Money.Parse(words[2]).Nanos * hold.RateCardVersion);
        var credit = Money.Min(list, hold.CreditHeld + FreeFor(account, hold.GivenAt));
        var held = Money.Min(list - credit, hold.Extra);
        var isOfToday = Period.DayOf(hold.GivenAt) == Period.DayOf(world.Now);
        var room = account.ExtraUsageOn ? Room(account, period, hold.Model, hold.Extra, isOfToday, held) : Money.Zero;
        var extra = held + Money.Min(list - credit - held, room);
        return new Split(list, credit, extra, list - credit - extra, extra.IsPositive ? hold.Promotion : null);
    }

    /// <summary>What no one holds of the grants that may pay for use of an instant.</summary>
    private static Money FreeFor(Account account, DateTimeOffset given) =>
        Money.Sum(account.Grants.Where(g => g.Stage != GrantStage.Over && g.UsableFrom <= given && given < g.ExpiresAt), g => g.Amount - g.Used - g.Held - g.Expired);

    /// <summary>What every cap leaves, once a hold is given back and what it held is used.</summary>
    private static Money Room(Account account, AccountPeriod period, string model, Money givenBack, bool isOfToday, Money used = default)
    {
        var change = used - givenBack;
        var flow = period.ModelFlows.FirstOrDefault(f => f.Model == model);
        Money[] rooms =
        [
            (period.ExtraUsageAllowed ? Money.Min(account.Cap!.Value, period.LargestCap) : Money.Zero) - period.ExtraUsed - period.ExtraHeld - change,
            account.DailyCap is { } daily ? daily - account.DayUsed - account.DayHeld - (isOfToday ? change : Money.Zero) : new Money(long.MaxValue),
            account.ModelCaps.FirstOrDefault(c => c.Model == model) is { } cap ? cap.Cap - (flow is null ? Money.Zero : flow.Used + flow.Held) - change : new Money(long.MaxValue),
        ];
        return rooms.Min().OrZero;
    }

    /// <summary>The largest that applies: a third for everything on Pro in some days of November, else a tenth for the model n.</summary>
    private static string? PromotionFor(Account account, string model, DateTimeOffset now) =>
        account.Plan == "pro" && now >= TestTerms.At("2026-11-02") && now < TestTerms.At("2026-11-12") ? "third"
        : model == "n" && now < TestTerms.At("2026-12-20") ? "ten"
        : null;
}
