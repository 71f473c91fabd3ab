using System.Globalization;

namespace Ledger.Simulator;

/// <summary>What one seed came to.</summary>
/// <param name="Seed">The seed: it alone decides everything.</param>
/// <param name="Commands">How many commands were decided and committed.</param>
/// <param name="Faults">How many faults were survived: crashes, lost answers, repeats, jumps of the clock.</param>
/// <param name="Entries">How many lines the ledgers have.</param>
/// <param name="Seen">How often each kind of answer, entry and charge was seen.</param>
/// <param name="Failure">What broke, and the last steps before; <c>null</c> if all held.</param>
public sealed record SimulationResult(int Seed, int Commands, int Faults, int Entries, IReadOnlyDictionary<string, int> Seen, string? Failure);

/// <summary>
/// Some accounts, two doors and everybody who calls, in one thread. Doors forget everything before or after a commit, answers get lost, callers repeat in
/// any order, the clock jumps; after every command every law is looked at. Beside each account stands a twin that nothing ever happens to and that
/// a sweep wakes at every boundary: both must be the same, line by line.
/// </summary>
public sealed class Simulation
{
    private const int LastSteps = 40;
    private static readonly DateTimeOffset Start = new(2027, 12, 18, 9, 30, 0, TimeSpan.Zero);

    private readonly int _seed;
    private readonly Random _random;
    private readonly RandomTerms _terms;
    private readonly Callers _callers;
    private readonly Dictionary<string, AccountRows> _rows = [];
    private readonly Dictionary<string, Twin> _twins = [];
    private readonly Dictionary<string, Account>[] _memories = [[], []];
    private readonly List<Call> _waiting = [];
    private readonly Dictionary<Call, string> _answered = [];
    private readonly Queue<string> _steps = [];
    private readonly Dictionary<string, int> _seen = [];
    private readonly TimeSpan _pause;
    private DateTimeOffset _now = Start;
    private DateTimeOffset _latest = Start;
    private int _commands;
    private int _faults;

    private Simulation(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _terms = new RandomTerms(_random, Start);
        string[] accounts = [.. Enumerable.Range(1, 1 + _random.Next(3)).Select(n => $"a{n}")];
        _callers = new Callers(_random, accounts);
        _pause = TimeSpan.FromMinutes(_random.Next(3) switch { 0 => 20, 1 => 240, _ => 1_200 });
        foreach (var account in accounts)
        {
            Open(account);
        }
    }

    /// <summary>Runs a seed until so many commands were decided, or a law breaks.</summary>
    public static SimulationResult Run(int seed, int commands)
    {
        var simulation = new Simulation(seed);
        string? failure = null;
        try
        {
            while (simulation._commands < commands)
            {
                simulation.Step();
            }
            simulation.End();
        }
        catch (Exception broken) when (broken is BrokenLawException or LedgerBrokenException or InvalidOperationException or ArgumentException or OverflowException or KeyNotFoundException or NullReferenceException)
        {
            failure = $"Seed {seed}, after {simulation._commands} commands: {broken.Message}\n{string.Join('\n', simulation._steps)}";
            if (broken is not (BrokenLawException or LedgerBrokenException))
            {
                failure += $"\n{broken}";
            }
        }
        return new SimulationResult(seed, simulation._commands, simulation._faults, simulation._rows.Values.Sum(r => r.Entries.Count), simulation.Seen(), failure);
    }

    private void Open(string key)
    {
        var months = _random.Next(0, 9);
        var day = _random.Next(2) == 0 ? _random.Next(28, 32) : _random.Next(1, 29);
        var month = Start.AddMonths(-1 - months);
        var anchor = new DateTimeOffset(month.Year, month.Month, Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)), _random.Next(24), _random.Next(60), 0, TimeSpan.Zero);
        var plan = _random.Next(12) switch { 0 or 1 => "max", 2 => "none", 3 => "seat", _ => "pro" };
        Account Opened() => Account.Open(key, "user:owner", plan, anchor, _terms.Book, _now, "key:provider");
        foreach (var rows in (AccountRows[])[_rows[key] = new AccountRows(key), (_twins[key] = new Twin(key)).Rows])
        {
            rows.Commit(new Desk(rows, Opened(), _terms.Book, _now));
        }
    }

    private void Step()
    {
        PassTime();
        if (_random.Next(60) == 0)
        {
            Note(_terms.News(_latest.AddMinutes(1 + _random.Next(6_000))));
        }
        for (var calls = _random.Next(4); calls > 0; calls--)
        {
            _waiting.Add(_callers.Next(_now, account => _rows[account].Charges.Count));
        }
        if (_answered.Count > 0 && _random.Next(6) == 0)
        {
            // Somebody asks again what was answered long ago.
            _waiting.Add(_answered.Keys.ElementAt(_random.Next(_answered.Count)));
            _faults++;
        }
        if (_random.Next(12) == 0)
        {
            Transact([.. _callers.ToTheNano(_rows.Values.ElementAt(_random.Next(_rows.Count)).FromRows(), _terms.Book, _now)]);
        }
        if (_waiting.Count > 0)
        {
            Transact(Taken());
        }
    }

    private void PassTime()
    {
        var pause = _random.Next(3) == 0 ? TimeSpan.Zero : new TimeSpan(_random.NextInt64(_pause.Ticks));
        switch (_random.Next(150))
        {
            case 0:
                pause = TimeSpan.FromHours(_random.Next(24, 24 * 45));
                _faults++;
                break;
            case 1 or 2:
                pause = -TimeSpan.FromMinutes(_random.Next(1, _random.Next(2) == 0 ? 90 : 4_000));
                _faults++;
                break;
            case 3:
                // The last instant of a period, its first, or the one between two days.
                var end = _rows.Values.ElementAt(_random.Next(_rows.Count)).Periods.Max(p => p.End);
                pause = end.AddMicroseconds(_random.Next(-1, 2)) - _now;
                break;
            case 4:
                pause = new DateTimeOffset(_now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero).AddMicroseconds(_random.Next(-1, 1)) - _now;
                break;
            default:
                break;
        }
        _now = Period.ToMicrosecond(_now + pause);
        _latest = _latest > _now ? _latest : _now;
    }

    /// <summary>Some of what waits, in any order.</summary>
    private List<Call> Taken()
    {
        var batch = new List<Call>();
        for (var left = 1 + _random.Next(Math.Min(6, _waiting.Count)); left > 0; left--)
        {
            var at = _random.Next(_waiting.Count);
            batch.Add(_waiting[at]);
            _waiting.RemoveAt(at);
        }
        return batch;
    }

    /// <summary>One transaction of one of the two doors, with whatever goes wrong.</summary>
    private void Transact(List<Call> batch)
    {
        var fault = _random.Next(100);
        if (fault < 6 && batch.Count > 1)
        {
            // The batch is cut in two: of the rest nobody hears.
            var cut = 1 + _random.Next(batch.Count - 1);
            _waiting.AddRange(batch[cut..]);
            batch = batch[..cut];
        }
        var door = _random.Next(2);
        var memory = _memories[door];
        var book = _terms.Book;
        var desks = batch.GroupBy(c => c.Account).ToDictionary(g => g.Key, g =>
        {
            memory.Remove(g.Key, out var remembered);
            return _rows[g.Key].Load(remembered, [.. g], book, _now, TimeSpan.FromMinutes(_random.Next(3)));
        });
        Note($"{_now:O} door {door}");
        var answers = new List<(string Words, bool IsDecided)>();
        foreach (var call in batch)
        {
            Note($"  {call}");
            var words = Watch.Decide(call, desks[call.Account]);
            answers.Add((words, desks[call.Account].IsDecided));
            Note($"    {words}");
        }
        if (fault is >= 6 and < 14)
        {
            Note("  nothing was committed");
            Lose(batch, memory, isCrash: fault < 10);
            return;
        }
        foreach (var desk in desks.Values)
        {
            desk.Rows.Commit(desk);
            memory[desk.Account.Key] = desk.Account;
        }
        _commands += batch.Count;
        foreach (var (call, answer) in batch.Zip(answers))
        {
            Count($"{call.GetType().Name}: {Kind(answer.Words)}");
            _twins[call.Account].Follow(call, answer.Words, answer.IsDecided, book, _now);
        }
        foreach (var key in desks.Keys)
        {
            _twins[key].IsTwinOf(_rows[key]);
        }
        if (fault is >= 14 and < 19)
        {
            Note("  committed, and then the door crashed");
            Lose(batch, memory, isCrash: true);
            return;
        }
        foreach (var (call, answer) in batch.Zip(answers))
        {
            Answer(call, answer.Words);
        }
    }

    /// <summary>Nobody got an answer; everybody asks again.</summary>
    private void Lose(List<Call> batch, Dictionary<string, Account> memory, bool isCrash)
    {
        _faults++;
        _waiting.AddRange(batch);
        if (isCrash)
        {
            memory.Clear();
        }
    }

    private void Answer(Call call, string answer)
    {
        if (_random.Next(20) == 0)
        {
            _faults++;
            _waiting.Add(call);
            return;
        }
        if (!call.IsForGood(answer))
        {
            return;
        }
        if (_answered.TryGetValue(call, out var earlier))
        {
            BrokenLawException.Unless(earlier == answer, () => $"{call} was answered '{earlier}', and now '{answer}'");
            return;
        }
        _answered[call] = answer;
    }

    /// <summary>Everything that waits is answered, all holds end and all credit is used or lost; and whoever was answered is answered so again.</summary>
    private void End()
    {
        while (_waiting.Count > 0)
        {
            Transact(Taken());
        }
        _now = _latest.AddMonths(4);
        foreach (var rows in _rows.Values)
        {
            Transact([new ClaimAlways(rows.Key, false)]);
            _now = _now.AddMonths(4);
            Transact([new Wake(rows.Key)]);
        }
        while (_waiting.Count > 0)
        {
            Transact(Taken());
        }
        foreach (var call in _answered.Keys.ToList())
        {
            var desk = _rows[call.Account].Load(null, [call], _terms.Book, _now, TimeSpan.Zero);
            Answer(call, call.Decide(desk));
        }
    }

    private Dictionary<string, int> Seen()
    {
        foreach (var rows in _rows.Values)
        {
            rows.Entries.ForEach(e => Count($"entry: {e.Kind} {e.Pool}{(e.Promotion is null ? "" : ", promotion")}{(e.Period < rows.Periods.Count && e.Kind == EntryKind.Reversal && rows.Charges[(int)e.Charge!.Value - 1].Period != e.Period ? ", late" : "")}"));
            rows.Charges.ForEach(c => Count($"charge: {c.Reason}{(c.IsLate ? ", late" : "")}"));
        }
        return _seen;
    }

    private void Count(string what) => _seen[what] = _seen.GetValueOrDefault(what) + 1;

    /// <summary>An answer without its numbers.</summary>
    private static string Kind(string answer) => answer.StartsWith("refused", StringComparison.Ordinal) || answer.StartsWith("rejected", StringComparison.Ordinal) ? answer : answer.Split(' ', ':')[0];

    private void Note(string step)
    {
        _steps.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{step}"));
        if (_steps.Count > LastSteps)
        {
            _steps.Dequeue();
        }
    }
}
