using System.Text.Json;
using Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Tests.Api;

/// <summary>Statements, and what reversals show of themselves. On an application of their own: they move the clock by months.</summary>
public abstract class StatementsTests<TDatabase>(ApiOn<TDatabase> on) : ApiTests<TDatabase>(on), IClassFixture<ApiOn<TDatabase>>
    where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task They_come_newest_first_with_the_running_one_and_a_sleeping_accounts_are_what_it_will_find()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var start = Day(0);
        await Tell(Event(account, NewId(), 22));
        await Tell(Event(account, NewId(), 4));
        Time.Leap(TimeSpan.FromDays(62));
        var entries = await EntriesOf(account);

        var all = (await Get($"/v1/accounts/{account}/statements")).IsOk();

        Assert.Equal(["20 0 0 0 0 20 False", "20 0 0 0 0 20 True", "20 20 5 5 1 25 True"], all.Json.GetProperty("statements").EnumerateArray().Select(Line));
        Assert.Equal(entries, await EntriesOf(account));
        var first = (await Get($"/v1/accounts/{account}/statements/{start}")).IsOk();
        Assert.Equal(all.Json.GetProperty("statements")[2].GetRawText(), first.Json.GetRawText());
        Assert.Equal(["Pro, plan fee 20", "Extra usage, less discounts 5"], Lines(first));
        Assert.Equal((("20", "20", "0"), "True"), ((first["credit.granted_usd"], first["credit.used_usd"], first["credit.expired_usd"]), first["final"]));
        Assert.StartsWith(start, first["period.start"], StringComparison.Ordinal);

        // What was looked at is what is written then.
        await Claim(account);
        Assert.Equal(first.Text, (await Get($"/v1/accounts/{account}/statements/{start}")).IsOk().Text);
    }

    [Fact]
    public async Task An_upgrade_is_a_line_and_a_promotion_a_discount()
    {
        var account = await NewAccount("pro", claimed: true, cap: 50);
        await Tell(Event(account, NewId(), 23));
        Time.Leap(TimeSpan.FromDays(1));
        (await Put($"/v1/accounts/{account}", $$"""{"owner_email": "{{account}}@example.com", "plan": "max-20x", "status": "open"}""")).IsOk();
        var statement = (await Get($"/v1/accounts/{account}/statements")).IsOk().Json.GetProperty("statements")[0];
        var upgrade = Money.Parse(statement.GetProperty("plan_fee_usd").GetString()!) - Money.FromDollars(20);
        Assert.True(upgrade > Money.FromDollars(160) && upgrade < Money.FromDollars(180));
        var now = Time.GetUtcNow().ToString("yyyy-MM-dd", null);

        // The larger credit has taken over the extra.
        Assert.Equal(["Pro, plan fee 20", $"Upgrade to Max 20x on {now}, for the time left {upgrade}"], Lines(statement));
        Assert.Equal("[]", statement.GetProperty("discounts").GetRawText());

        await Promote("autumn", 200_000, "max-5x");
        var other = await NewAccount("max-5x", claimed: true, cap: 50);
        await Tell(Event(other, NewId(), 103));
        statement = (await Get($"/v1/accounts/{other}/statements")).IsOk().Json.GetProperty("statements")[0];
        Assert.Equal("""[{"promotion":"autumn","amount_usd":"0.6"}]""", statement.GetProperty("discounts").GetRawText());
        Assert.Equal(("3", "2.4", "102.4"), (Text(statement, "extra_used_usd"), Text(statement, "extra_owed_usd"), Text(statement, "total_due_usd")));
    }

    [Fact]
    public async Task A_reversal_after_the_end_is_a_refund_on_the_running_statement_and_the_final_one_stays()
    {
        var account = await NewAccount(claimed: true, cap: 90);
        var start = Day(0);
        await Tell(Event(account, NewId(), 20));
        await Tell(Event(account, NewId(), 60));
        Time.Leap(TimeSpan.FromDays(33));
        var final = (await Get($"/v1/accounts/{account}/statements/{start}")).IsOk();

        await Reverse(account, 2);

        Assert.Equal(final.Text, (await Get($"/v1/accounts/{account}/statements/{start}")).IsOk().Text);
        var running = (await Get($"/v1/accounts/{account}/statements")).IsOk().Json.GetProperty("statements")[0];
        Assert.Equal(["Pro, plan fee 20", $"Refund: charge {account}.c2 of the period from {start} was reversed -60"], Lines(running));
        Assert.Equal("-40", Text(running, "total_due_usd"));
    }

    [Fact]
    public async Task A_reversal_shows_in_the_entries_in_the_charge_and_in_a_past_balance()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        await Tell(Event(account, NewId(), 19));
        await Tell(Event(account, NewId(), 7));
        await Get($"/v1/charges/{account}.c2").ContinueWith(c => Assert.Equal("", c.Result["reversed"]), TaskScheduler.Default);
        var seen = new List<ApiAnswer> { await See() };
        await Reverse(account, 2);
        seen.Add(await See());
        await Tell(Event(account, NewId(), 3));
        seen.Add(await See());
        Time.Leap(TimeSpan.FromDays(35));
        seen.Add(await See());
        await Reverse(account, 1);
        await Reverse(account, 3);
        seen.Add(await See());
        await Claim(account);
        seen.Add(await See());

        foreach (var balance in seen)
        {
            Assert.Equal(Unpaced(balance), Unpaced((await Get($"/v1/accounts/{account}/balance?as_of={balance["as_of"]}")).IsOk()));
        }
        var entries = (await Get($"/v1/accounts/{account}/entries?kind=reversal")).IsOk();
        Assert.Equal(
            [$"{account}.c3 {account}.e10 null 2", $"{account}.c3 {account}.e9 credit 1", $"{account}.c1 {account}.e2 credit 19",
             $"{account}.c2 {account}.e5 null 1", $"{account}.c2 {account}.e4 extra 5", $"{account}.c2 {account}.e3 credit 1"],
            entries.Json.GetProperty("entries").EnumerateArray().Select(e => $"{Text(e, "charge")} {Text(e, "reverses")} {(e.GetProperty("pool").GetString() ?? "null")} {Text(e, "amount_usd")}"));
        var charge = (await Get($"/v1/charges/{account}.c2")).IsOk();
        Assert.Equal((seen[0]["as_of"][..10], "A mistake."), (charge["reversed.at"][..10], charge["reversed.reason"]));
        Assert.Contains("It was reversed on ", charge["why"], StringComparison.Ordinal);
        Assert.Equal(("1", "5", "1"), (charge["credit_usd"], charge["extra_usd"], charge["uncollected_usd"]));

        async Task<ApiAnswer> See()
        {
            var balance = (await Get($"/v1/accounts/{account}/balance")).IsOk();
            Time.Leap(TimeSpan.FromSeconds(1));
            return balance;
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var account = await NewAccount();
        var start = Day(0);
        (await Get($"/v1/accounts/{account}/statements/{start}")).IsOk();
        foreach (var wrong in new[] { Day(1), Day(-30), "2026-13-01", "now", "2026-1-1", $"{start}T00:00:00Z" })
        {
            (await Get($"/v1/accounts/{account}/statements/{wrong}")).Is(404, "not_found");
        }
        (await Get("/v1/accounts/nobody/statements")).Is(404, "not_found");
        (await Get($"/v1/accounts/nobody/statements/{start}")).Is(404, "not_found");
        (await Get("/v1/accounts/Upper/statements")).Is(404, "not_found");
    }

    private string Day(int days) => Time.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", null);

    private static string Line(JsonElement s) => $"{Text(s, "plan_fee_usd")} {Text(s.GetProperty("credit"), "used_usd")} {Text(s, "extra_used_usd")} {Text(s, "extra_owed_usd")} "
        + $"{Text(s, "uncollected_usd")} {Text(s, "total_due_usd")} {s.GetProperty("final")}";

    private static IEnumerable<string> Lines(ApiAnswer statement) => Lines(statement.Json);

    private static IEnumerable<string> Lines(JsonElement statement) => statement.GetProperty("lines").EnumerateArray().Select(l => $"{Text(l, "text")} {Text(l, "amount_usd")}");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task Reverse(string account, long charge) => Assert.IsType<ReversalOutcome.Reversed>(
        await Door.Submit(new ReverseCharge(account, charge, "A mistake.", Time.GetUtcNow().AddDays(50), await Support())));

    private async Task<Actor> Support()
    {
        await using var db = Database.Open();
        if (!await db.Users.AnyAsync(u => u.Id == "support"))
        {
            var role = await db.Roles.SingleAsync(r => r.Name == Roles.Support);
            db.Users.Add(new User { Id = "support", UserName = "support", NormalizedUserName = "SUPPORT", TwoFactorEnabled = true });
            db.UserRoles.Add(new IdentityUserRole<string> { RoleId = role.Id, UserId = "support" });
            await db.SaveChangesAsync();
        }
        return Actor.User("support");
    }

    /// <summary>A promotion on a plan's extra usage, for the days around now.</summary>
    private async Task Promote(string name, int millionths, string plan)
    {
        await using var db = Database.Open();
        db.Add(new Promotion(name, Time.GetUtcNow().AddDays(-1), Time.GetUtcNow().AddDays(3), millionths, [], [plan]));
        (await db.Set<TermsRevision>().SingleAsync()).Revision++;
        await db.SaveChangesAsync();
    }
}
