using Ledger;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Demo;

/// <summary>
/// Plays an account's past: the very commands that pages and gateways submit, each decided at its own instant, in order. So what the demo
/// shows came about by the production rules, and its entries, charges, grants and periods agree with each other.
/// </summary>
internal sealed class DemoHistory(Batch batch, Random random)
{
    public const string Source = "demo-gateway";

    public const int Days = 90;

    private readonly List<Authorization> _open = [];

    public static Actor Gateway { get; } = Actor.Key("demo");

    /// <summary>
    /// Mails of the past are not sent any more. Of the last days they stand as sent, which is how they were; but one mailbox was full, so that it is seen what becomes of a
    /// mail that no server takes.
    /// </summary>
    public static AlertDelivery? DeliveryOf(Alert alert, DateTimeOffset now) =>
        alert is { Account: "demo-max20x", Kind: AlertKind.ExtraStarted } && alert.PeriodEnd > now ? Failed(alert, now)
        : alert.At < now.AddDays(-3) ? null
        : new AlertDelivery { Account = alert.Account, Alert = alert.Number, State = DeliveryState.Sent, Attempts = 1, NextAttemptAt = alert.At, SentAt = alert.At.AddSeconds(7) };

    private static AlertDelivery Failed(Alert alert, DateTimeOffset now)
    {
        var gaveUp = alert.At.AddHours(47);
        return new AlertDelivery
        {
            Account = alert.Account,
            Alert = alert.Number,
            State = DeliveryState.Failed,
            Attempts = 9,
            NextAttemptAt = gaveUp < now ? gaveUp : now,
            Problem = "452 4.2.2 The mailbox is full",
        };
    }

    /// <summary>Everything that happened to an account until now. The batch has then what is to be written.</summary>
    public void Play(DemoStory story, string owner, DateTimeOffset now)
    {
        var periods = story.PeriodsAt(now);
        var by = Actor.User(owner);
        batch.Owners.Add(owner);
        batch.Roles[owner] = [SignIn.Roles.Subscriber];
        Decide(story.Account, periods[0].Start, new PutAccount(story.Account, owner, story.Plan, periods[0].Start, AccountStatus.Open, Gateway));
        foreach (var (at, command) in Steps(story, by, periods, now).OrderBy(s => s.At))
        {
            Sweep(batch.Accounts[story.Account], at);
            Decide(story.Account, at, command(batch.Accounts[story.Account]));
        }
        Sweep(batch.Accounts[story.Account], now);
    }

    /// <summary>As the sweep would have: what only time makes due is told on its own day.</summary>
    private void Sweep(Account account, DateTimeOffset until)
    {
        while (account.NextDue <= until)
        {
            var at = account.NextDue;
            Bring(account, at);
            account.AdvanceTo(at, batch.Book);
        }
    }

    /// <summary>Whoever loads an account brings what is due; here that is us.</summary>
    private void Bring(Account account, DateTimeOffset at)
    {
        if (account.OpenHolds > 0)
        {
            account.Due.AddRange(_open.Where(a => a.Account == account.Key && a.ExpiresAt <= at && !account.Due.Contains(a)));
        }
    }

    private void Decide(string key, DateTimeOffset at, Command command)
    {
        batch.Now = at;
        if (batch.Accounts.TryGetValue(key, out var account))
        {
            Bring(account, at);
        }
        if (command.Decide(batch) is AuthorizeAnswer.Granted { Authorization: var granted })
        {
            _open.Add(granted);
        }
        _open.RemoveAll(a => a.Status != AuthorizationStatus.Held);
    }

    private IEnumerable<(DateTimeOffset At, Func<Account, Command> Command)> Steps(DemoStory story, Actor owner, IReadOnlyList<Period> periods, DateTimeOffset now)
    {
        foreach (var act in story.Acts)
        {
            var at = act.Period is { } period ? periods[period].Start + act.After : now - act.After;
            yield return (at, account => act.Command(story.Account, owner, account));
        }
        // Somebody who looks into the list now and then.
        yield return (now.AddHours(-20), account => new ReadAlerts(story.Account, account.LastAlert, owner));
        var number = 0;
        // The last hour is left to what the story says of it.
        foreach (var request in Requests(story, periods, now.AddDays(-Days), now.AddHours(-1)))
        {
            var id = $"{story.Account}.{++number:D5}";
            if (request.IsAuthorized)
            {
                var most = request.Usage with { OutputTokens = (request.Usage.OutputTokens / 4_096 + 1) * 4_096 };
                if (random.Next(60) == 0)
                {
                    // Called off before the model answered, and asked again.
                    yield return (request.At, _ => Ask(id + ".off"));
                    yield return (request.At, _ => new Release(id + ".off", Gateway));
                }
                yield return (request.At, _ => Ask(id));
                yield return (request.ToldAt, _ => new Settle(id, request.Usage, null, Gateway));

                Authorize Ask(string called) =>
                    new(story.Account, new AuthorizationRequest(called, request.Model, request.Surface, request.App, most, AuthorizationRequest.DefaultTtlSeconds), Gateway);
            }
            else
            {
                yield return (request.ToldAt, _ => new RecordUsage(story.Account, Source, id, request.At, request.Model, request.Surface, request.App, request.Usage, null, Gateway));
            }
        }
    }

    /// <summary>The random requests, the programmatic ones of each period made as large as the story says that the period cost.</summary>
    private List<DemoRequest> Requests(DemoStory story, IReadOnlyList<Period> periods, DateTimeOffset from, DateTimeOffset until)
    {
        var drawn = new DemoRequests(random, batch.Book).Draw(story, from, until);
        var requests = drawn.FindAll(r => r.IsInteractive);
        foreach (var (period, spend) in periods.Zip(story.Spend))
        {
            if (spend is null)
            {
                continue;
            }
            var ofPeriod = drawn.FindAll(r => !r.IsInteractive && period.Start + spend.After <= r.At && r.At < period.End);
            var share = from <= period.Start ? 1 : (period.End - from) / (period.End - period.Start);
            requests.AddRange(ToCost(ofPeriod, spend.Amount.Nanos * share));
        }
        return requests;
    }

    /// <summary>Larger requests can reach a dearer tier, so the factor is corrected until the sum is right to a tenth of a percent.</summary>
    private List<DemoRequest> ToCost(List<DemoRequest> requests, double nanos)
    {
        var scaled = requests;
        var factor = 1.0;
        for (var round = 0; round < 12; round++)
        {
            var cost = (double)Money.Sum(scaled, r => Rating.Price(batch.Book.RateCardAt(r.At)!, r.Model, r.Usage)).Nanos;
            if (cost == 0 || Math.Abs(cost - nanos) < nanos / 1_000)
            {
                break;
            }
            factor *= nanos / cost;
            scaled = requests.ConvertAll(r => DemoRequests.Scale(r, factor));
        }
        return scaled;
    }
}
