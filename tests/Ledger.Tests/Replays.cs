namespace Ledger.Tests;

/// <summary>A world's history, as whoever reads one from a database puts it together, replayed.</summary>
internal static class Replays
{
    /// <summary>The steps of everything that has happened in a world.</summary>
    public static IEnumerable<ReplayStep> Steps(World world)
    {
        world.Save();
        var opened = world.Changes[0];
        var held = world.Authorizations.Where(a => a.Charge is not null && a.EndedAt < a.ExpiresAt);
        return new ReplayStep[] { new ReplayStep.Began(World.Key, world.Account.Anchor, opened.At, opened.After, [], IsOpening: true) }
            .Concat(world.Changes.Skip(1).Select(c => new ReplayStep.Changed(c)))
            .Concat(world.Grants.OrderBy(g => g.Number).Select(g => g.Kind == GrantKind.Monthly ? new ReplayStep.Claimed(g.GrantedAt) : (ReplayStep)new ReplayStep.Given(g.GrantedAt, g.Amount, g.ExpiresAt)))
            .Concat(held.OrderBy(a => a.GivenAt).Select(a => new ReplayStep.Authorized(a.GivenAt, world.Charges.Single(c => c.Number == a.Charge))))
            .Concat(world.Charges.Select(c => new ReplayStep.Charged(c)))
            .Concat(world.Refusals)
            .OrderBy(s => s.At).ThenBy(s => s.Rank);
    }

    public static IReadOnlyList<ReplayedPeriod> Run(World world, ReplayTerms terms)
    {
        var replay = new Replay(terms);
        foreach (var step in Steps(world))
        {
            replay.Take(step);
        }
        world.Decide(a => a.AdvanceTo(world.Now, world.Book));
        return replay.End(world.Now);
    }
}
