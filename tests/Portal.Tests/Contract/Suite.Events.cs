using Portal.Tests.Contract.Client;

namespace Portal.Tests.Contract;

public abstract partial class ContractSuite<TDatabase>
{
    [Fact]
    public async Task An_event_is_told_in_three_modes_at_two_addresses_and_charged_once()
    {
        var account = await NewAccount(claimed: true);
        var told = Usage(account, 0.5m) with { App = "zed", Time = world.Now.AddMinutes(-1) };
        var first = await Told(told);
        Assert.Equal((Source, told.Id, Fate.Recorded), (first.Source, first.Id, first.Status));
        foreach (var toOpenMeter in new[] { false, true })
        {
            foreach (var answer in new[] { await Gateway.Tell(told, toOpenMeter), await Gateway.TellBinary(told, toOpenMeter), await Gateway.TellAll([told], toOpenMeter) })
            {
                var again = Assert.Single(answer.Value.Results);
                Assert.Equal((Fate.Duplicate, first.Charge), (again.Status, again.Charge));
            }
        }
        Assert.Equal(0.5m, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
    }

    [Fact]
    public async Task A_charge_is_split_into_credit_extra_and_uncollected()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var all = new[] { await Charged(account, 19), await Charged(account, 3), await Charged(account, 7) };
        Assert.Equal([(19m, 19m, 0m, 0m), (3m, 1m, 2m, 0m), (7m, 0m, 3m, 4m)], all.Select(c => (c.ListUsd, c.CreditUsd, c.ExtraUsd, c.UncollectedUsd)));
        Assert.All(all, c => Assert.Equal((account, PoolKind.Programmatic, false, false, world.Now), (c.Account, c.Pool, c.Included, c.Late, c.RecordedAt)));
        Assert.Equal((await Gateway.Rates()).Value.Version, all[0].RateCardVersion);
    }

    [Fact]
    public async Task Interactive_use_is_included_at_what_it_would_have_cost()
    {
        var account = await NewAccount();
        foreach (var surface in new[] { "chat", "cowork", "code" })
        {
            var charge = (await Told(Usage(account, 2) with { Surface = surface })).Charge!;
            Assert.Equal((PoolKind.Interactive, true, 2m, 0m, 0m, 0m), (charge.Pool, charge.Included, charge.ListUsd, charge.CreditUsd, charge.ExtraUsd, charge.UncollectedUsd));
        }
    }

    [Fact]
    public async Task A_batch_answers_each_in_order_and_one_bad_event_spoils_nothing()
    {
        var account = await NewAccount(claimed: true);
        var (first, unknown) = (Usage(account), Usage(account) with { Model = "unheard-of" });
        var results = (await Gateway.TellAll(
        [
            first, first, first with { Use = Use.Dollars(2) }, unknown, unknown, Usage("nobody"), Usage(account) with { Time = world.Now.AddDays(-36) },
            Usage(account) with { Time = world.Now.AddMinutes(6) }, Usage(account) with { Authorization = "unknown" }, Usage(account) with { Model = "" }, Usage(account) with { Surface = "fridge" }, Usage(account),
        ])).Value.Results;
        Assert.Equal(
            ["Recorded", "Duplicate", "Conflict", "Parked", "Parked", "Rejected UnknownAccount", "Rejected TooOld", "Rejected InFuture", "Rejected WrongAuthorization", "Rejected Invalid", "Parked", "Recorded"],
            results.Select(r => $"{r.Status} {r.Reason}".Trim()));
        Assert.All(results, r => Assert.Equal(r.Status is Fate.Recorded or Fate.Duplicate, r.Charge is not null));
        Assert.Equal(results[0].Charge, results[1].Charge);
        Assert.Empty((await Gateway.TellAll([])).Value.Results);
        Assert.Equal(2, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
    }

    [Fact]
    public async Task A_single_event_answers_conflict_as_409_and_rejected_as_422_and_a_rejected_id_is_free()
    {
        var account = await NewAccount(claimed: true);
        var told = Usage(account);
        await Told(told);
        foreach (var other in new[] { told with { Use = Use.Dollars(2) }, told with { Subject = await NewAccount() }, told with { App = "other" }, told with { Surface = "ci_action" } })
        {
            (await Gateway.Tell(other)).Problem(409, "conflict");
            (await Gateway.TellBinary(other, toOpenMeter: true)).Problem(409, "conflict");
        }
        Assert.Equal(Fate.Duplicate, (await Told(told with { Time = world.Now.AddDays(-1) })).Status); // The time aside.
        Assert.Equal(Fate.Recorded, (await Told(told with { Source = "gateway/eu-2" })).Status);

        var old = Usage(account) with { Time = world.Now.AddDays(-36) };
        Assert.Equal(RejectedFor.TooOld, (await Gateway.Tell(old)).Problem(422, "rejected").Reason);
        Assert.Equal(RejectedFor.TooOld, (await Gateway.Tell(old, toOpenMeter: true)).Problem(422, "rejected").Reason);
        Assert.Equal(Fate.Recorded, (await Told(old with { Time = world.Now.AddDays(-34) })).Status);
        Assert.Equal(RejectedFor.Invalid, (await Gateway.Tell(Usage(account) with { Use = new Use { InputTokens = 1_000_000_001 } })).Problem(422, "rejected").Reason);
    }

    [Fact]
    public async Task An_event_settles_the_authorization_that_it_names()
    {
        var account = await NewAccount(claimed: true);
        var asked = Ask(account, 5);
        await Gateway.Authorize(asked);
        var settled = await Told(Usage(account, 2) with { Authorization = asked.Id });
        Assert.Equal(Fate.Recorded, settled.Status);
        Assert.Equal(settled.Charge, (await Gateway.GetAuthorization(asked.Id)).Value.Charge);
        var repeat = (await Gateway.Settle(asked.Id, Use.Dollars(2))).Value;
        Assert.Equal((AuthorizationState.Settled, settled.Charge), (repeat.Status, repeat.Charge));
        // Another event for it: it has its charge.
        var again = await Told(Usage(account, 3) with { Authorization = asked.Id });
        Assert.Equal((Fate.Duplicate, settled.Charge), (again.Status, again.Charge));

        var other = Ask(account, 1);
        await Gateway.Authorize(other);
        foreach (var wrong in new[] { Usage(await NewAccount()), Usage(account) with { Model = "claude-opus-5-5" }, Usage(account) with { Surface = "ci_action" } })
        {
            Assert.Equal(RejectedFor.WrongAuthorization, (await Gateway.Tell(wrong with { Authorization = other.Id })).Problem(422, "rejected").Reason);
        }
        Assert.Equal(AuthorizationState.Held, (await Gateway.GetAuthorization(other.Id)).Value.Status);
    }

    [Fact]
    public async Task What_is_no_batch_of_events_is_refused_whole()
    {
        var account = await NewAccount(claimed: true);
        foreach (var events in new[] { "POST /v1/events", "POST /api/v1/events" })
        {
            (await Gateway.Call(events, [], "{", "application/cloudevents+json")).Problem(400, "invalid");
            (await Gateway.Call(events, [], "{}", "application/cloudevents-batch+json")).Problem(400, "invalid");
            (await Gateway.Call(events, [], "{}")).Problem(400, "invalid"); // Binary, without its headers.
            (await Gateway.Call(events, [], $$"""{"data": {{Deep(500)}} }""", "application/cloudevents+json")).Problem(400, "invalid");
            (await Gateway.Call(events, [], "{}", "text/xml")).Problem(415, "unsupported_media_type");
            (await Gateway.TellAll(Enumerable.Range(0, 1_001).Select(_ => Usage(account)), events.Contains("api", StringComparison.Ordinal))).Problem(413, "too_large");
            (await Gateway.Call(events, [], new string(' ', (4 * 1024 * 1024) + 1), "application/cloudevents-batch+json")).Problem(413, "too_large");
        }
        Assert.Equal(0, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
        Assert.Equal(1_000, (await Gateway.TellAll(Enumerable.Range(0, 1_000).Select(_ => Usage(account, 0.001m)))).Value.Results.Count(r => r.Status == Fate.Recorded));
        Assert.Equal(1, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
    }

    [Fact]
    public async Task An_event_of_an_earlier_period_is_late_and_counts_in_this_one()
    {
        var account = $"acc-{Guid.NewGuid():n}"[..16];
        await Gateway.Put(account, new AccountWanted($"{account}@example.com", "pro") { Anchor = world.Now.AddDays(-2) });
        await world.Claim(account);
        var charge = (await Told(Usage(account) with { Time = world.Now.AddDays(-3) })).Charge!;
        Assert.Equal((true, 1m), (charge.Late, charge.CreditUsd));
        Assert.Equal(1, (await Gateway.Balance(account)).Value.Credit.UsedUsd);
    }
}
