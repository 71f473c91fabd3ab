using Microsoft.EntityFrameworkCore;
using Portal.Admin.Prices;
using Portal.Data;
using Portal.Terms;

namespace Portal.Admin.Programme;

/// <summary>Reads what the pages of the programme, of surfaces and of promotions show.</summary>
public sealed class TermsReader(IDbContextFactory<PortalDb> databases, PriceBooks prices, TermsChanges changes, Clock clock)
{
    public async Task<TermsFigures> Read(string viewer, CancellationToken cancel = default)
    {
        var now = clock.Now;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var book = await prices.InForce(db, cancel);
        var unknown = await db.Set<ParkedEvent>().Where(p => db.Set<UsageEventId>().Any(e => e.Key == p.Key && e.Charge == null)).Select(p => p.Surface).Distinct().ToListAsync(cancel);
        return new TermsFigures(
            now,
            book.ProgrammeAt(now),
            [.. book.Programme.Reverse()],
            [.. book.Surfaces.GroupBy(s => s.Surface).SelectMany(s => s.Reverse())],
            [.. book.Promotions.OrderByDescending(p => p.From).ThenBy(p => p.Name, StringComparer.Ordinal)],
            await Proposals(db, viewer, cancel),
            [.. (book.RateCardAt(now)?.Models.Values ?? []).Select(m => new Named(m.Model, m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal)],
            [.. book.PlansAt(now).Select(p => new Named(p.Plan, p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal)],
            [.. unknown.Where(surface => book.PoolOf(surface, now) is null).Order(StringComparer.Ordinal)]);
    }

    /// <summary>What waits for a second administrator, what was proposed first first.</summary>
    public async Task<IReadOnlyList<WaitingChange>> Waiting(CancellationToken cancel = default)
    {
        var figures = await Read("", cancel);
        return [.. figures.Proposals.Where(line => line.Proposal.State == ProposalState.Waiting).OrderBy(line => line.Proposal.ProposedAt).Select(line => new WaitingChange(
            line.Proposal.Id, TermsWords.Of(line.Proposal.Change, figures), TermsWords.Path(line.Proposal.Change), line.Proposal.Change.From, line.Author, line.Proposal.Reason,
            line.Proposal.Impact is { } impact ? impact.After.Due - impact.Before.Due : null))];
    }

    private async Task<IReadOnlyList<ProposalLine>> Proposals(PortalDb db, string viewer, CancellationToken cancel)
    {
        var open = await changes.Open(cancel);
        var ids = open.SelectMany(p => new[] { p.Author, p.DecidedBy }).OfType<string>().Distinct().ToArray();
        var names = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Email ?? u.Id, cancel);
        return [.. open.Select(p => new ProposalLine(p, NameOf(p.Author), p.DecidedBy is { } who ? NameOf(who) : null, p.Author == viewer))];

        string NameOf(string id) => names.GetValueOrDefault(id, "somebody who has left");
    }
}
