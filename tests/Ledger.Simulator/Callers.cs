namespace Ledger.Simulator;

/// <summary>Everybody who asks something of accounts, at random.</summary>
internal sealed class Callers(Random random, IReadOnlyList<string> accounts)
{
    private readonly Dictionary<string, List<Ask>> _asked = accounts.ToDictionary(a => a, _ => new List<Ask>());
    private readonly Dictionary<string, List<string>> _told = accounts.ToDictionary(a => a, _ => new List<string>());
    private int _ids;

    public Call Next(DateTimeOffset now, Func<string, long> chargesOf)
    {
        var account = accounts[random.Next(accounts.Count)];
        return random.Next(100) switch
        {
            < 24 => Asks(account),
            < 44 => Settles(account, now),
            < 47 => new Release(account, Asked(account)?.Request.Id ?? "none"),
            < 64 => Tells(account, now),
            < 65 => new Replay(account, Told(account)),
            < 68 => new Claim(account),
            < 74 => new TurnOn(account, Dollars(1, 40)),
            < 75 => new TurnOff(account),
            < 79 => new SetCap(account, random.Next(8) == 0 ? new Money(random.Next(3)) : Dollars(0, 40)),
            < 81 => new SetDailyCap(account, random.Next(2) == 0 ? null : Dollars(1, 9)),
            < 83 => new SetModelCap(account, RandomTerms.Models[random.Next(2)], random.Next(2) == 0 ? null : Dollars(1, 12)),
            < 84 => new ClaimAlways(account, random.Next(2) > 0),
            < 86 => new Give(account, $"gift-{++_ids}", Dollars(0, 4) + Money.Smallest, TimeSpan.FromMinutes(random.Next(1, random.Next(2) == 0 ? 300 : 90_000))),
            < 89 => new Choose(account, RandomTerms.Plans[Math.Min(random.Next(12), RandomTerms.Plans.Length - 1)], random.Next(4) == 0),
            < 90 => random.Next(3) == 0 ? new Cancel(account) : new Keep(account),
            < 92 => random.Next(12) == 0 ? new Close(account) : new Reopen(account),
            < 97 => Reverses(account, chargesOf(account)),
            _ => new Wake(account),
        };
    }

    /// <summary>A cap under which the next request fits to the nano-dollar, or is one too many; and that request.</summary>
    public IEnumerable<Call> ToTheNano(Account account, PriceBook book, DateTimeOffset now)
    {
        var ask = Asks(account.Key);
        if (book.RateCardAt(now) is { } card && card.Models.ContainsKey(ask.Request.Model))
        {
            var room = Prices.Of(card, ask.Request.Model, ask.Request.Max) - Money.Sum(account.Grants, g => g.Free);
            yield return new SetCap(account.Key, account.Current.ExtraUsed + account.Current.ExtraHeld + room - new Money(random.Next(2)));
        }
        yield return ask;
    }

    private Ask Asks(string account)
    {
        int[] lives = [60, 900, 900, 3600, 86_400];
        var request = new AuthorizationRequest(
            $"req-{++_ids}", Model(), Surface(), null, Use(), lives[random.Next(lives.Length)]);
        var ask = new Ask(account, request);
        _asked[account].Add(ask);
        return ask;
    }

    private Call Settles(string account, DateTimeOffset now)
    {
        if (Asked(account) is not { } ask)
        {
            return Asks(account);
        }
        var use = random.Next(4) switch
        {
            0 => Use(),
            1 => ask.Request.Max,
            _ => Part(ask.Request.Max),
        };
        return new Settle(account, ask.Request.Id, use, random.Next(6) == 0 ? now.AddMinutes(-random.Next(0, 300)) : null);
    }

    private Tell Tells(string account, DateTimeOffset now)
    {
        var age = random.Next(12) switch
        {
            0 => TimeSpan.FromMinutes(random.Next(0, 60 * 24 * 36)),
            1 or 2 => TimeSpan.FromMinutes(random.Next(0, 300)),
            3 => TimeSpan.FromMinutes(-random.Next(0, 7)),
            _ => TimeSpan.Zero,
        };
        var id = random.Next(30) == 0 ? Told(account) : $"{account}/use-{++_ids}";
        _told[account].Add(id);
        return new Tell(account, new UsageEvent("gateway", id, now - age, Model(), Surface(), null, Use()));
    }

    private Call Reverses(string account, long charges) => charges == 0 ? new Wake(account) : new Reverse(
        account, charges - random.NextInt64(Math.Min(charges, 15)), random.Next(4) == 0 ? null : TimeSpan.FromMinutes(random.Next(1, 60_000)));

    private Ask? Asked(string account) => _asked[account] is { Count: > 0 } asked ? asked[^(1 + random.Next(Math.Min(6, asked.Count)))] : null;

    private string Told(string account) => _told[account] is { Count: > 0 } told ? told[^(1 + random.Next(Math.Min(9, told.Count)))] : $"{account}/use-0";

    private string Model() => random.Next(24) == 0 ? "late" : RandomTerms.Models[random.Next(2)];

    private string Surface() => random.Next(24) switch { 0 => "bot", 1 => "chat", < 12 => "headless", _ => "agent_sdk" };

    private Money Dollars(int least, int most) => new(random.NextInt64(least * Money.NanosPerDollar, most * Money.NanosPerDollar));

    /// <summary>Mostly up to some dollars; now and then almost nothing.</summary>
    private Usage Use()
    {
        var scale = random.Next(6) == 0 ? 40 : 800_000;
        long Tokens(int part) => random.Next(3) == 0 ? random.Next(scale / part + 1) : 0;
        return new Usage
        {
            InputTokens = random.Next(scale),
            CacheWrite5mTokens = Tokens(4),
            CacheWrite1hTokens = Tokens(9),
            CacheReadTokens = Tokens(1),
            OutputTokens = Tokens(2),
            WebSearches = random.Next(8) == 0 ? random.Next(4) : 0,
            Batch = random.Next(5) == 0,
            Region = random.Next(4) == 0 ? Region.Us : Region.Global,
        };
    }

    private Usage Part(Usage most) => most with
    {
        InputTokens = random.NextInt64(most.InputTokens + 1),
        CacheReadTokens = random.NextInt64(most.CacheReadTokens + 1),
        OutputTokens = random.NextInt64(most.OutputTokens + 1),
    };
}
