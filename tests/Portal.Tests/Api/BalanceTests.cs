using Ledger;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;

namespace Portal.Tests.Api;

/// <summary>On an application of their own: they move the clock by months.</summary>
public abstract class BalanceTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on), IClassFixture<ApiOn<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task A_new_account_is_unclaimed()
    {
        var account = await NewAccount();
        var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal((account, "pro", "unclaimed"), (balance["account"], balance["plan"], balance["state"]));
        Assert.Equal(("20", "0", "0", "0", "0", ""), (balance["credit.claimable_usd"], balance["credit.granted_usd"], balance["credit.used_usd"],
            balance["credit.held_usd"], balance["credit.remaining_usd"], balance["credit.expires_at"]));
        Assert.Equal(("False", "0", "0", "", "0", "0", "0", "0"), (balance["extra_usage.on"], balance["extra_usage.used_usd"], balance["extra_usage.held_usd"], balance["extra_usage.cap_usd"],
            balance["extra_usage.remaining_usd"], balance["extra_usage.discount_usd"], balance["extra_usage.owed_usd"], balance["extra_usage.uncollected_usd"]));
        Assert.Equal(("False", "credit_not_claimed"), (balance["next.allowed"], balance["next.code"]));
        Assert.EndsWith("/credit", balance["next.url"], StringComparison.Ordinal);
        Assert.NotEqual("", balance["next.detail"]);
    }

    [Fact]
    public async Task Use_and_holds_show()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        await Authorize(account, NewId("auth"), 2);
        await Tell(Event(account, NewId(), 19));
        var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal(("spilling", "20", "18", "2", "0"), (balance["state"], balance["credit.granted_usd"], balance["credit.used_usd"], balance["credit.held_usd"], balance["credit.remaining_usd"]));
        Assert.Equal(("True", "1", "5", "4"), (balance["extra_usage.on"], balance["extra_usage.used_usd"], balance["extra_usage.cap_usd"], balance["extra_usage.remaining_usd"]));
        Assert.Equal(("True", "", "", ""), (balance["next.allowed"], balance["next.code"], balance["next.detail"], balance["next.url"]));
    }

    [Fact]
    public async Task A_past_balance_is_what_was_shown_then()
    {
        var account = await NewAccount("max-5x");
        var owner = await OwnerOf(account);
        var seen = new List<(string At, string Balance)>();
        var first = NewId("auth");
        var long_ = NewId("auth");
        await See();
        await Tell(Event(account, NewId(), 7)); // Nobody pays it.
        await See();
        await Submit(new ClaimCredit(account, owner));
        await See();
        await Submit(new TurnOnExtraUsage(account, Money.FromDollars(30), "agreed", owner));
        await Submit(new SetDailyCap(account, Money.FromDollars(25), owner));
        await Authorize(account, first, 40, ttl: 120);
        await See();
        await Tell(Event(account, NewId(), 65)); // 60 of credit, 5 of extra.
        await See();
        await Settle(first, 30); // 10 of its credit become free, and take over extra.
        await See();
        await Authorize(account, long_, 20, ttl: 86_400);
        await See();
        await Submit(new SetCap(account, Money.FromDollars(16), owner));
        await See();
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-20x", "status": "open"}""")).IsOk();
        await See();
        Time.Leap(TimeSpan.FromHours(15)); // Another day; the long hold is of the day before.
        await See();
        await Tell(Event(account, NewId(), 150));
        await See();
        await Settle(long_, 18);
        await See();
        await Submit(new TurnOffExtraUsage(account, owner));
        await See();
        Time.Leap(TimeSpan.FromDays(31)); // The next period, which nothing has written yet.
        await See();
        await Submit(new ClaimCredit(account, owner));
        await See();
        await Tell(Event(account, NewId(), 1));
        await See();
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-20x", "status": "closed"}""")).IsOk();
        await See();
        Time.Leap(TimeSpan.FromDays(31)); // A period that begins closed.
        await See();
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-5x", "status": "open"}""")).IsOk();
        await See();
        await Submit(new ClaimCredit(account, owner));
        await Submit(new CancelPlan(account, owner));
        await See();
        Time.Leap(TimeSpan.FromDays(31)); // The cancellation has closed it, which nothing has written yet.
        await See();

        foreach (var (at, balance) in seen)
        {
            Assert.Equal(balance, Unpaced((await Get($"/v1/accounts/{account}/balance?as_of={at}")).IsOk()));
        }
        (await Get($"/v1/accounts/{account}/balance?as_of=2026-01-01T00:00:00Z")).Is(404, "not_found");

        async Task See()
        {
            var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
            seen.Add((balance["as_of"], Unpaced(balance)));
            Time.Leap(TimeSpan.FromSeconds(1));
        }

        async Task Submit<TOutcome>(Command<TOutcome> command) where TOutcome : notnull => await Door.Submit(command);
    }

    [Fact]
    public async Task The_pace_of_the_last_days_says_what_comes_of_it()
    {
        var account = await NewAccount("max-5x", claimed: true, cap: 10);
        var fresh = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal(("0", ""), (fresh["pace.days_of_data"], fresh["pace.likely"]));
        var end = DateTimeOffset.Parse(fresh["period.end"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Math.Round(100 / (end - Time.GetUtcNow()).TotalDays, 6), Math.Round(double.Parse(fresh["pace.finish_per_day_usd"], System.Globalization.CultureInfo.InvariantCulture), 6));
        for (var day = 0; day < 6; day++)
        {
            Time.Leap(TimeSpan.FromDays(1));
            await Tell(Event(account, NewId(), 12));
            (await Get($"/v1/accounts/{account}/balance")).IsOk();
        }
        var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal("6", balance["pace.days_of_data"]);
        var likely = decimal.Parse(balance["pace.likely.per_day_usd"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(likely, 11.5m, 13.5m);
        Assert.Equal(("0", "10"), (balance["pace.likely.lost_usd"], balance["pace.likely.extra_usd"]));
        // 28 of 100 dollars are left.
        var runsOut = DateTimeOffset.Parse(balance["pace.likely.runs_out_at"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((double)(28 / likely), (runsOut - Time.GetUtcNow()).TotalDays, 0.001);
        Assert.True(decimal.Parse(balance["pace.slow.per_day_usd"], System.Globalization.CultureInfo.InvariantCulture) <= likely);

        // What is worked out from what is remembered is what another instance reads at once.
        var there = await ActivatorUtilities.CreateInstance<Paces>(Portal.Services).Now(account);
        Assert.Equal(balance["pace.likely.per_day_usd"], $"{there!.Pace!.Likely!.PerDay}");

        Time.Leap(TimeSpan.FromDays(40)); // Nothing is written of it, and the next credit waits to be claimed.
        var later = (await Get($"/v1/accounts/{account}/balance")).IsOk();
        Assert.Equal(("unclaimed", "27"), (later["state"], later["pace.days_of_data"]));
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-5x", "status": "closed"}""")).IsOk();
        Assert.Equal("", (await Get($"/v1/accounts/{account}/balance")).IsOk()["pace"]);
    }

    [Fact]
    public async Task Wrong_instants_are_invalid()
    {
        var account = await NewAccount();
        foreach (var wrong in new[] { "2099-01-01T00:00:00Z", "yesterday", "2026-11-10", "2026-11-10T10:00:00" })
        {
            (await Get($"/v1/accounts/{account}/balance?as_of={wrong}")).Is(400, "invalid");
        }
        (await Get("/v1/accounts/nobody/balance")).Is(404, "not_found");
        (await Get("/v1/accounts/Upper/balance")).Is(404, "not_found");
    }
}

public sealed class BalanceOnSqlite(ApiOn<SqliteDatabase> on) : BalanceTests<SqliteDatabase>(on);

public sealed class BalanceOnPostgres(ApiOn<PostgresDatabase> on) : BalanceTests<PostgresDatabase>(on);
