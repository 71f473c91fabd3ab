using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.SignIn;
using Portal.SignIn.ViewAs;

namespace Portal.SupportAccess;

/// <summary>Reads who of support looked at an account with its owner's eyes, and what at.</summary>
public sealed class SupportAccessReader(IDbContextFactory<PortalDb> databases, Clock clock)
{
    private const int AtOnce = 20;

    /// <summary>A look lasts minutes; whoever opens more than this is shown by the first ones well enough.</summary>
    private const int MostPages = 1_000;

    /// <summary>A part of the list, from 1; null for an account that is not there.</summary>
    public async Task<SupportAccessFigures?> Read(string account, int part, CancellationToken cancel = default)
    {
        part = Math.Clamp(part, 1, 1_000);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.Now;
        if (await db.Set<Account>().Where(a => a.Key == account).Select(a => (bool?)a.ForbidsSupport).SingleOrDefaultAsync(cancel) is not { } forbids)
        {
            return null;
        }
        var looks = await db.Set<ViewAsSession>().AsNoTracking().Where(v => v.Account == account)
            .OrderByDescending(v => v.StartedAt).ThenByDescending(v => v.Id).Skip((part - 1) * AtOnce).Take(AtOnce + 1).ToListAsync(cancel);
        var ids = looks.Take(AtOnce).Select(v => v.Id).ToArray();
        var pages = (await db.Set<ViewAsPage>().AsNoTracking().Where(p => ids.Contains(p.ViewAs)).OrderBy(p => p.Id).Take(MostPages).ToListAsync(cancel)).ToLookup(p => p.ViewAs);
        return new SupportAccessFigures(account, now, !forbids, [.. looks.Take(AtOnce).Select(v => Line(v, pages[v.Id], now))], part, looks.Count > AtOnce);
    }

    /// <summary>One whose time is over has ended, whether or not that is written down by now.</summary>
    private static LookLine Line(ViewAsSession view, IEnumerable<ViewAsPage> pages, DateTimeOffset now)
    {
        var (endedAt, endedBy) = view.EndedAt is null && view.EndsAt <= now ? (view.EndsAt, ViewAsEnd.TimeOver) : (view.EndedAt, view.EndedBy);
        return new LookLine(view.Id, StaffName.Of(view.Staff), view.StartedAt, view.EndsAt, endedAt, endedBy, view.Reason, view.Ticket, [.. pages.Select(p => new LookedAtPage(p.At, p.Path))]);
    }
}
