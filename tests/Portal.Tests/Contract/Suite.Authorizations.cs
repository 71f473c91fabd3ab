using Portal.Tests.Contract.Client;

namespace Portal.Tests.Contract;

public abstract partial class ContractSuite<TDatabase>
{
    [Fact]
    public async Task A_request_is_held_settled_and_looked_at_and_every_repeat_answers_the_same()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var asked = Ask(account, 22);
        var held = await Gateway.Authorize(asked);
        Assert.Equal(201, held.Status);
        Assert.Equal(new Authorization(asked.Id, account, AuthorizationState.Held, 22, 20, 2, world.Now.AddMinutes(15), null), held.Value);
        var repeat = await Gateway.Authorize(asked with { TtlSeconds = 900 });
        Assert.Equal((200, held.Text), (repeat.Status, repeat.Text));
        Assert.Equal(held.Text, (await Gateway.GetAuthorization(asked.Id)).Text);

        var settled = await Gateway.Settle(asked.Id, Use.Dollars(21));
        Assert.Equal((200, AuthorizationState.Settled), (settled.Status, settled.Value.Status));
        Assert.Equal((21m, 20m, 1m, 0m), (settled.Value.Charge!.ListUsd, settled.Value.Charge.CreditUsd, settled.Value.Charge.ExtraUsd, settled.Value.Charge.UncollectedUsd));
        Assert.Equal(settled.Text, (await Gateway.Settle(asked.Id, Use.Dollars(21))).Text);
        Assert.Equal(settled.Text, (await Gateway.GetAuthorization(asked.Id)).Text);
        Assert.Equal((200, AuthorizationState.Settled), ((await Gateway.Authorize(asked)).Status, (await Gateway.Authorize(asked)).Value.Status)); // Shows its status now.

        (await Gateway.Settle(asked.Id, Use.Dollars(20))).Problem(409, "id_reused");
        (await Gateway.Release(asked.Id)).Problem(409, "settled");
        (await Gateway.Authorize(asked with { Max = Use.Dollars(1) })).Problem(409, "id_reused");
        (await Gateway.Authorize(asked with { Account = await NewAccount() })).Problem(409, "id_reused");
    }

    [Fact]
    public async Task A_hold_is_released_and_free_again()
    {
        var account = await NewAccount(claimed: true);
        var asked = Ask(account, 20);
        await Gateway.Authorize(asked);
        (await Gateway.Authorize(Ask(account, 1))).Problem(402, "extra_usage_off");
        Assert.Equal(AuthorizationState.Released, (await Gateway.Release(asked.Id)).Value.Status);
        Assert.Equal(AuthorizationState.Released, (await Gateway.Release(asked.Id)).Value.Status);
        (await Gateway.Settle(asked.Id, Use.Dollars(1))).Problem(409, "not_held");
        Assert.Equal(201, (await Gateway.Authorize(Ask(account, 20))).Status);
    }

    [Fact]
    public async Task A_hold_that_expired_is_settled_late_like_an_event_for_35_days()
    {
        var account = await NewAccount(claimed: true);
        var (first, second) = (Ask(account, 5, ttl: 60), Ask(account, 5, ttl: 60));
        await Gateway.Authorize(first);
        await Gateway.Authorize(second);
        world.Time.Leap(TimeSpan.FromSeconds(60));
        Assert.Equal(AuthorizationState.Expired, (await Gateway.GetAuthorization(first.Id)).Value.Status);
        Assert.Equal(AuthorizationState.Expired, (await Gateway.Release(second.Id)).Value.Status);
        Assert.Equal(0, (await Gateway.Balance(account)).Value.Credit.HeldUsd);
        var late = (await Gateway.Settle(first.Id, Use.Dollars(7))).Value;
        Assert.Equal((AuthorizationState.Settled, 7m), (late.Status, late.Charge!.CreditUsd));
        Assert.Equal(late.Charge, (await Gateway.Settle(first.Id, Use.Dollars(7))).Value.Charge);

        world.Time.Leap(TimeSpan.FromDays(35) + TimeSpan.FromSeconds(1));
        Assert.Equal(RejectedFor.TooOld, (await Gateway.Settle(second.Id, Use.Dollars(1))).Problem(422, "rejected").Reason);
        Assert.Equal(RejectedFor.InFuture, (await Gateway.Settle(await Held(), Use.Dollars(1), world.Now.AddMinutes(6))).Problem(422, "rejected").Reason);

        async Task<string> Held()
        {
            var asked = Ask(await NewAccount(claimed: true), 1);
            return (await Gateway.Authorize(asked)).Value.Id;
        }
    }

    [Fact]
    public async Task Interactive_use_holds_nothing()
    {
        var held = (await Gateway.Authorize(Ask(await NewAccount(), 5) with { Surface = "code" })).Value;
        Assert.Equal((0m, 0m, 0m), (held.HeldUsd, held.CreditUsd, held.ExtraUsd));
        Assert.True((await Gateway.Settle(held.Id, Use.Dollars(4))).Value.Charge!.Included);
    }

    [Fact]
    public async Task What_no_request_can_be_is_refused_by_field()
    {
        var account = await NewAccount(claimed: true);
        await IsInvalid("ttl_seconds", Ask(account, 1, ttl: 0));
        await IsInvalid("ttl_seconds", Ask(account, 1, ttl: 86_401));
        await IsInvalid("id", Ask(account, 1, id: new string('x', 129)));
        await IsInvalid("id", Ask(account, 1, id: "with blank"));
        await IsInvalid("model", Ask(account, 1) with { Model = "" });
        await IsInvalid("max.output_tokens", Ask(account, -1));
        await IsInvalid("max.region", Ask(account, 1) with { Max = new Use { Region = "mars" } });
        Assert.Equal(201, (await Gateway.Authorize(Ask(account, 1, ttl: 1))).Status);
        Assert.Equal(201, (await Gateway.Authorize(Ask(account, 1, ttl: 86_400, id: $"{new string('x', 118)}{Random.Shared.Next(1_000_000_000, 2_000_000_000)}"))).Status);

        (await Gateway.Authorize(Ask("nobody", 1))).Problem(404, "not_found");
        (await Gateway.Settle("nobody", Use.Dollars(1))).Problem(404, "not_found");
        (await Gateway.Release("nobody")).Problem(404, "not_found");
        (await Gateway.GetAuthorization("nobody")).Problem(404, "not_found");
        Assert.Contains("usage", (await Gateway.Call("POST /v1/authorizations/{id}/settle", ["nobody"], "{}")).Problem(400, "invalid").Errors!.Keys);
        foreach (var (operation, places) in new[] { ("POST /v1/authorizations", Array.Empty<string>()), ("POST /v1/authorizations/{id}/settle", ["nobody"]) })
        {
            (await Gateway.Call(operation, places, "{} {}")).Problem(400, "invalid");
            (await Gateway.Call(operation, places, "{}", "application/cloudevents+json")).Problem(415, "unsupported_media_type");
            (await Gateway.Call(operation, places, "{}" + new string(' ', 5 * 1024 * 1024))).Problem(413, "too_large");
        }

        async Task IsInvalid(string field, AuthorizationAsked asked) => Assert.Contains(field, (await Gateway.Authorize(asked)).Problem(400, "invalid").Errors!.Keys);
    }

    [Fact]
    public async Task Every_refusal_names_the_first_reason_all_limits_and_the_way_out()
    {
        var unclaimed = await NewAccount();
        await Refused("unknown_surface", Ask(unclaimed, 1) with { Surface = "fridge", Model = "unheard-of" });
        await Refused("unknown_model", Ask(unclaimed, 1) with { Model = "unheard-of" });
        await Refused("credit_not_claimed", Ask(unclaimed, 1));
        await Refused("extra_usage_not_allowed", Ask(await NewAccount("enterprise-standard"), 1));
        var asked = Ask(await NewAccount(claimed: true), 21);
        var credit = Assert.Single((await Refused("extra_usage_off", asked)).Limits!);
        Assert.Equal((LimitKind.Credit, 20m, 0m, 0m, 20m), (credit.Name, credit.LimitUsd, credit.UsedUsd, credit.HeldUsd, credit.RemainingUsd));
        Assert.Equal((await Gateway.Balance(asked.Account)).Value.Credit.ExpiresAt, credit.ResetsAt);

        // Credit 20, cap 5: after 22, a hold of 3.50 does not fit, one of 3 does.
        var capped = await NewAccount(claimed: true, cap: 5);
        await Charged(capped, 22);
        var cap = (await Refused("cap_reached", Ask(capped, 3.5m))).Limits!.Single(l => l.Name == LimitKind.PeriodCap);
        Assert.Equal((5m, 2m, 0m, 3m), (cap.LimitUsd, cap.UsedUsd, cap.HeldUsd, cap.RemainingUsd));
        Assert.Equal((await Gateway.Balance(capped)).Value.Period.End, cap.ResetsAt);
        await world.CapDay(capped, 3);
        await Refused("daily_cap_reached", Ask(capped, 2));
        await world.CapModel(capped, Sonnet, 3);
        var all = (await Refused("model_cap_reached", Ask(capped, 2))).Limits!;
        Assert.Equal([LimitKind.Credit, LimitKind.PeriodCap, LimitKind.DailyCap, LimitKind.ModelCap], all.Select(l => l.Name).Order());
        Assert.All(all, l => Assert.Equal(Math.Max(0, l.LimitUsd - l.UsedUsd - l.HeldUsd), l.RemainingUsd));

        // A refusal is not remembered, and holds nothing.
        Assert.Equal(201, (await Gateway.Authorize(asked with { Max = Use.Dollars(20) })).Status);

        async Task<Problem> Refused(string code, AuthorizationAsked what) => (await Gateway.Authorize(what)).Problem(402, code);
    }

    [Fact]
    public async Task While_the_programme_is_paused_requests_are_refused_and_events_uncollected()
    {
        var (host, gateway) = await world.On(new DateTimeOffset(2027, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var _ = host;
        var account = $"acc-{Guid.NewGuid():n}"[..16];
        await gateway.Put(account, new AccountWanted($"{account}@example.com", "pro"));
        (await gateway.Authorize(Ask(account, 1))).Problem(402, "programme_not_active");
        Assert.Equal(1, Assert.Single((await gateway.Tell(Usage(account))).Value.Results).Charge!.UncollectedUsd);
        var balance = (await gateway.Balance(account)).Value;
        Assert.Equal((AccountState.ProgrammeNotActive, false, "programme_not_active"), (balance.State, balance.Next.Allowed, balance.Next.Code));
    }

    [Fact]
    public async Task Callers_at_once_get_one_answer_and_one_charge()
    {
        var account = await NewAccount(claimed: true);
        var (asked, told) = (Ask(account, 5), Usage(account));
        var held = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Gateway.Authorize(asked)));
        Assert.Equal(1, held.Count(answer => answer.Status == 201));
        Assert.Single(held.Select(answer => answer.Text).Distinct());
        var settled = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Gateway.Settle(asked.Id, Use.Dollars(5))));
        Assert.Single(settled.Select(answer => answer.Value.Charge).Distinct());
        var recorded = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Told(told)));
        Assert.Equal((1, 7), (recorded.Count(r => r.Status == Fate.Recorded), recorded.Count(r => r.Status == Fate.Duplicate)));
        Assert.Single(recorded.Select(r => r.Charge).Distinct());
        Assert.Equal(6, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
    }
}
