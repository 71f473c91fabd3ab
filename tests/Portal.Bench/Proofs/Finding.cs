using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>What became of a promise that was tried.</summary>
internal enum Verdict
{
    /// <summary>It was kept.</summary>
    Holds,

    /// <summary>Something that is needed is missing on this machine.</summary>
    NotRun,

    /// <summary>It was broken.</summary>
    Failed,
}

/// <summary>What one proof did and saw.</summary>
/// <param name="Done">How much was tried.</param>
/// <param name="Seen">In figures.</param>
/// <param name="Verdict">Whether the promise was kept.</param>
internal sealed record Finding(string Done, string Seen, Verdict Verdict)
{
    /// <summary>What a process ends with.</summary>
    public int Code => Verdict == Verdict.Holds ? 0 : 1;

    public static Finding Of(string done, string seen, bool holds) => new(done, seen, holds ? Verdict.Holds : Verdict.Failed);

    public static Finding NotRun(string why) => new("nothing", why, Verdict.NotRun);

    /// <summary>Several findings as one: the worst verdict is its verdict.</summary>
    public static Finding All(params IReadOnlyCollection<Finding> findings) => new(
        string.Join("; ", findings.Select(f => f.Done).Distinct()), string.Join("; ", findings.Select(f => f.Seen)), findings.Max(f => f.Verdict));

    /// <summary>The same proof on each database.</summary>
    public static async Task<Finding> OnEachDatabase(Func<TestDatabase, Task<Finding>> proof)
    {
        var findings = new List<Finding>();
        foreach (var database in (TestDatabase[])[new SqliteDatabase(), new OwnPostgresDatabase()])
        {
            if (database.Missing is { } why)
            {
                Console.WriteLine(why);
                findings.Add(NotRun(why));
                continue;
            }
            await using (database)
            {
                await database.Create();
                findings.Add(await proof(database));
            }
        }
        return All(findings);
    }
}
