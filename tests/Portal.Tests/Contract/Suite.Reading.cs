using System.Globalization;
using System.Text.Json;
using Portal.Tests.Contract.Client;

namespace Portal.Tests.Contract;

public abstract partial class ContractSuite<TDatabase>
{
    [Fact]
    public async Task A_balance_goes_through_its_states_and_past_ones_are_shown_as_they_were()
    {
        var account = await NewAccount();
        var seen = new List<Answer<BalanceShown>>();
        var fresh = await See(AccountState.Unclaimed);
        Assert.Equal(new CreditFigures(20, 0, 0, 0, 0, null), fresh.Credit);
        Assert.Equal(new ExtraFigures(false, 0, 0, null, 0, 0, 0, 0), fresh.ExtraUsage);
        Assert.Equal((account, "pro", false, "credit_not_claimed"), (fresh.Account, fresh.Plan, fresh.Next.Allowed, fresh.Next.Code));
        Assert.True(fresh.Next is { Detail.Length: > 0, Url.Length: > 0 });
        await world.Claim(account);
        await Gateway.Authorize(Ask(account, 5));
        var active = await See(AccountState.Active);
        Assert.Equal(new CreditFigures(0, 20, 0, 5, 15, active.Period.End), active.Credit);
        Assert.Equal(new Next(true, null, null, null), active.Next);
        await Charged(account, 16);
        Assert.Equal((AccountState.Stopped, 1m), ((await See(AccountState.Stopped)).State, (await Gateway.Balance(account)).Value.ExtraUsage.UncollectedUsd));
        await world.TurnOnExtraUsage(account, 2);
        await Charged(account, 1);
        var spilling = await See(AccountState.Spilling);
        Assert.Equal((true, 1m, 2m, 1m, 1m), (spilling.ExtraUsage.On, spilling.ExtraUsage.UsedUsd, spilling.ExtraUsage.CapUsd, spilling.ExtraUsage.RemainingUsd, spilling.ExtraUsage.OwedUsd));
        await Charged(account, 1);
        Assert.Equal("cap_reached", (await See(AccountState.Stopped)).Next.Code);
        await Gateway.Put(account, new AccountWanted($"{account}@example.com", "pro", "closed"));
        Assert.Equal("account_closed", (await See(AccountState.Closed)).Next.Code);
        Assert.Equal(AccountState.NoCredit, (await Gateway.Balance(await NewAccount("enterprise-standard"))).Value.State);

        foreach (var then in seen)
        {
            Assert.Equal(then.Value with { Pace = null }, (await Gateway.Balance(account, then.Value.AsOf)).Value with { Pace = null });
        }
        (await Gateway.Balance(account, world.Now.AddMinutes(1))).Problem(400, "invalid");
        (await Gateway.Balance(account, world.Now.AddYears(-1))).Problem(404, "not_found");
        (await Gateway.Balance("nobody")).Problem(404, "not_found");

        async Task<BalanceShown> See(AccountState state)
        {
            var answer = await Gateway.Balance(account);
            Assert.Equal(state, answer.Value.State);
            seen.Add(answer);
            world.Time.Leap(TimeSpan.FromSeconds(1));
            return answer.Value;
        }
    }

    [Fact]
    public async Task A_discount_is_taken_off_what_is_owed_and_caps_ignore_it()
    {
        // The clock may have moved past the promotion's month; its own day is asked for.
        var (host, gateway) = await world.On(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
        await using var _ = host;
        var account = $"acc-{Guid.NewGuid():n}"[..16];
        await gateway.Put(account, new AccountWanted($"{account}@example.com", "max-20x"));
        await world.ClaimOn(host, account, cap: 3);
        var charge = Assert.Single((await gateway.Tell(Usage(account, 203))).Value.Results).Charge!;
        Assert.Equal((200m, 3m, "November: 20 % off Sonnet"), (charge.CreditUsd, charge.ExtraUsd, charge.Promotion));
        var extra = (await gateway.Balance(account)).Value.ExtraUsage;
        Assert.Equal((3m, 0.6m, 2.4m, 0m), (extra.UsedUsd, extra.DiscountUsd, extra.OwedUsd, extra.RemainingUsd));
        (await gateway.Authorize(Ask(account, 0.1m))).Problem(402, "cap_reached");
    }

    [Fact]
    public async Task Entries_add_up_to_the_balance_page_by_page()
    {
        var account = await NewAccount(cap: 50);
        await Charged(account, 3); // Extra, because nothing was claimed; the claim moves it to credit.
        await world.Claim(account);
        world.Time.Leap(TimeSpan.FromMinutes(1));
        var between = world.Now;
        await Gateway.TellAll(Enumerable.Range(0, 12).Select(_ => Usage(account, 0.5m) with { App = "zed" }));
        await Told(Usage(account, 30) with { Model = "claude-opus-5-5" });

        var all = (await Gateway.Entries(account, "limit=1000")).Value.Entries;
        Assert.Equal(Enumerable.Range(1, all.Count).Reverse().Select(i => (long)i), all.Select(e => e.Seq));
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.At >= pair.Second.At));
        Assert.Equal((3m, 1), (all.Single(e => e.Kind == EntryKind.Reallocation).AmountUsd, all.Count(e => e.Kind == EntryKind.Grant)));
        var balance = (await Gateway.Balance(account)).Value;
        Assert.Equal((balance.Credit.RemainingUsd, balance.ExtraUsage.UsedUsd), (all[0].CreditAfterUsd, all[0].ExtraAfterUsd));
        Assert.Equal(balance.Credit.UsedUsd, Sum(all, EntryKind.Charge, EntryPool.Credit) + Sum(all, EntryKind.Reallocation, null));
        Assert.Equal(balance.ExtraUsage.UsedUsd, Sum(all, EntryKind.Charge, EntryPool.Extra) - Sum(all, EntryKind.Reallocation, null));

        var paged = new List<EntryLine>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await Gateway.Entries(account, $"limit=5{(cursor == "" ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Value;
            paged.AddRange(page.Entries);
            cursor = page.NextCursor;
            await Charged(account, 0.01m); // What comes meanwhile does not shift the pages.
        }
        Assert.Equal(all, paged);

        var at = Uri.EscapeDataString(between.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        await Gateway.Put(account, new AccountWanted($"{account}@example.com", "max-20x"));
        await world.Reverse(account, 2);
        world.Time.Leap(TimeSpan.FromDays(35));
        await Charged(account, 0.01m);
        all = (await Gateway.Entries(account, "limit=1000")).Value.Entries;
        await Finds($"to={at}", e => e.At < between);
        await Finds($"from={at}", e => e.At >= between);
        await Finds("model=claude-opus-5-5", e => e.Model == "claude-opus-5-5");
        foreach (var kind in Enum.GetValues<EntryKind>())
        {
            await Finds($"kind={kind.ToString().ToLowerInvariant()}", e => e.Kind == kind);
        }
        (await Gateway.Entries(account, "limit=1001")).Problem(400, "invalid");
        (await Gateway.Entries(account, "kind=gift")).Problem(400, "invalid");
        (await Gateway.Entries("nobody")).Problem(404, "not_found");

        async Task Finds(string filter, Func<EntryLine, bool> which)
        {
            var found = (await Gateway.Entries(account, $"{filter}&limit=1000")).Value.Entries;
            Assert.NotEmpty(found);
            Assert.Equal(all.Where(which), found);
        }

        static decimal Sum(IEnumerable<EntryLine> entries, EntryKind kind, EntryPool? pool) => entries.Where(e => e.Kind == kind && (pool is null || e.Pool == pool)).Sum(e => e.AmountUsd);
    }

    [Fact]
    public async Task Entries_come_as_a_table_too_the_whole_range_at_once()
    {
        var account = await NewAccount(claimed: true);
        await Gateway.TellAll(Enumerable.Range(0, 150).Select(_ => Usage(account, 0.01m)));
        await Told(Usage(account) with { App = "=HYPERLINK(1)" });
        var csv = await Gateway.Entries(account, "limit=1&cursor=3", accept: "text/csv");
        Assert.Equal((200, "text/csv"), (csv.Status, csv.MediaType));
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,seq,at,kind,amount_usd,pool,grant,charge,model,surface,app,actor,reason,credit_after_usd,extra_after_usd,reverses", lines[0]);
        Assert.Equal(153, lines.Length);
        Assert.Contains(",'=HYPERLINK(1),", lines[1], StringComparison.Ordinal);
        Assert.Equal(152, (await Gateway.Entries(account, "kind=charge", accept: "text/csv")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_charge_explains_itself_to_the_last_token()
    {
        var account = await NewAccount(claimed: true, cap: 1);
        await Charged(account, 19.9m);
        var use = new Use { InputTokens = 12_000, CacheWrite5mTokens = 5_000, CacheReadTokens = 40_000, OutputTokens = 2_500, WebSearches = 2 };
        var told = new UsageTold(Source, NewId("evt"), account, use) { Surface = "agent_sdk", App = "zed" };
        Assert.Equal(0.0855m, (await Told(told)).Charge!.ListUsd);
        var halved = (await Told(told with { Id = NewId("evt"), Use = told.Use with { Batch = true, Region = "us" } })).Charge!;
        await Charged(account, 3);
        await Told(Usage(account, 1) with { Surface = "chat" });
        foreach (var number in Enumerable.Range(1, 5))
        {
            var charge = (await Gateway.Charge($"{account}.c{number}")).Value;
            Assert.Equal(charge.ListUsd, charge.Lines.Sum(l => l.AmountUsd));
            Assert.Equal(charge.Included ? 0 : charge.ListUsd, charge.Splits.Sum(s => s.AmountUsd));
            Assert.Equal((charge.CreditUsd, charge.ExtraUsd, charge.UncollectedUsd), (Part(PaidBy.Credit), Part(PaidBy.Extra), Part(PaidBy.Uncollected)));
            Assert.All(charge.Splits, s => Assert.Equal(s.Pool == PaidBy.Credit, s.Grant is not null));
            Assert.All(charge.Lines, line => Assert.True(line.RateUsdPerMillion is null != line.FeeUsd is null));
            Assert.All(charge.Lines, line => Assert.Equal(line.AmountUsd, Math.Round(
                line.Quantity * (line.FeeUsd ?? line.RateUsdPerMillion!.Value / 1_000_000m) * line.Multipliers.Aggregate(1m, (all, m) => all * decimal.Parse(m.By, CultureInfo.InvariantCulture)), 9, MidpointRounding.ToEven)));
            Assert.NotEqual("", charge.Why);
            Assert.NotEqual(JsonValueKind.Undefined, charge.Event.ValueKind);
            Assert.Subset(new HashSet<string> { "reversed" }, (charge.More?.Keys ?? Enumerable.Empty<string>()).ToHashSet());

            decimal Part(PaidBy pool) => charge.Splits.Where(s => s.Pool == pool).Sum(s => s.AmountUsd);
        }
        var explained = (await Gateway.Charge(halved.Id)).Value;
        Assert.All(explained.Lines.Where(l => l.FeeUsd is null), line => Assert.Equal(["0.5", "1.1"], line.Multipliers.Select(m => m.By).Order()));
        Assert.Empty(explained.Lines.Single(l => l.FeeUsd is not null).Multipliers);
        (await Gateway.Charge($"{account}.c99")).Problem(404, "not_found");
        (await Gateway.Charge("nonsense")).Problem(404, "not_found");
    }

    [Fact]
    public async Task A_period_closes_into_a_statement_that_equals_its_entries_and_stays()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var period = (await Gateway.Balance(account)).Value.Period;
        await Charged(account, 23);
        await Charged(account, 4);
        var running = (await Gateway.Statements(account)).Value.All[0];
        Assert.Equal((period, false), (running.Period, running.Final));
        world.Time.Leap(period.End - world.Now + TimeSpan.FromDays(2));

        var all = (await Gateway.Statements(account)).Value.All;
        Assert.Equal((2, false, true), (all.Count, all[0].Final, all[1].Final));
        var answer = await Gateway.Statement(account, period.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var closed = answer.Value;
        Assert.Equal(JsonSerializer.Serialize(all[1]), JsonSerializer.Serialize(closed));
        Assert.Equal((20m, 5m, 5m, 2m, 25m), (closed.PlanFeeUsd, closed.ExtraUsedUsd, closed.ExtraOwedUsd, closed.UncollectedUsd, closed.TotalDueUsd));
        Assert.Equal(new StatementCredit(20, 20, 0), closed.Credit);
        Assert.Equal(closed.TotalDueUsd, closed.Lines.Sum(l => l.AmountUsd));
        Assert.Equal(closed.ExtraOwedUsd, closed.ExtraUsedUsd - closed.Discounts.Sum(d => d.AmountUsd));
        var from = Uri.EscapeDataString(Json.Text(period.Start));
        var to = Uri.EscapeDataString(Json.Text(period.End));
        var entries = (await Gateway.Entries(account, $"from={from}&to={to}")).Value.Entries;
        Assert.Equal(closed.ExtraUsedUsd, entries.Where(e => e is { Kind: EntryKind.Charge, Pool: EntryPool.Extra }).Sum(e => e.AmountUsd));
        Assert.Equal(closed.Credit.UsedUsd, entries.Where(e => e is { Kind: EntryKind.Charge, Pool: EntryPool.Credit }).Sum(e => e.AmountUsd));
        await Charged(account, 1);
        Assert.Equal(answer.Text, (await Gateway.Statement(account, period.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).Text);
        Assert.Equal(AccountState.Unclaimed, (await Gateway.Balance(account)).Value.State);
        (await Gateway.Statement(account, "1999-01-01")).Problem(404, "not_found");
        (await Gateway.Statement(account, "yesterday")).Problem(404, "not_found");
        (await Gateway.Statements("nobody")).Problem(404, "not_found");
    }

    [Fact]
    public async Task Credit_that_is_not_used_expires_with_its_period()
    {
        var account = await NewAccount(claimed: true);
        var period = (await Gateway.Balance(account)).Value.Period;
        await Charged(account, 8);
        world.Time.Leap(period.End - world.Now);
        await Charged(account, 1); // Nothing is claimed now.
        var expiry = Assert.Single((await Gateway.Entries(account, "kind=expiry")).Value.Entries);
        Assert.Equal((12m, period.End, EntryPool.Credit, 0m), (expiry.AmountUsd, expiry.At, expiry.Pool, expiry.CreditAfterUsd));
        Assert.Equal(new StatementCredit(20, 8, 12), (await Gateway.Statement(account, period.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).Value.Credit);
    }
}
