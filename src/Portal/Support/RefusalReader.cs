using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Terms;

namespace Portal.Support;

/// <summary>A refusal, and what has changed since.</summary>
/// <param name="Account">The account's key.</param>
/// <param name="AskedId">The refusal that the address names.</param>
/// <param name="AskedAuthorization">The authorization that the address names.</param>
/// <param name="Refusal">The refusal; <c>null</c> if none was asked for or found.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Surface">The surface's name.</param>
/// <param name="WouldBe">Why the same request would be refused now; <c>null</c> if it would be allowed.</param>
/// <param name="Limits">Each limit, then and now.</param>
/// <param name="Since">What came, went and was changed since, newest first.</param>
/// <param name="NotRefused">What there is to say if what was asked for is no refusal.</param>
/// <param name="Latest">The latest refusals.</param>
public sealed record RefusalFigures(
    string Account, string? AskedId, string? AskedAuthorization, RefusalMoment? Refusal, string Model, string Surface, Refusal? WouldBe, IReadOnlyList<LimitThenAndNow> Limits,
    IReadOnlyList<TimelineLine> Since, string? NotRefused, IReadOnlyList<TimelineLine> Latest);

/// <summary>A refusal and when it was.</summary>
public sealed record RefusalMoment(DateTimeOffset At, string Authorization, Refusal Refusal);

/// <summary>What was and is left of a limit; <c>null</c> where it was or is not there.</summary>
public sealed record LimitThenAndNow(LimitName Name, Money? Then, Money? Now);

/// <summary>Explains a refusal: its numbers were kept with it; what they are now, and what the same request would get, is tried on a copy of the account that is not written.</summary>
public sealed class RefusalReader(IDbContextFactory<PortalDb> databases, Balances balances, PriceBooks prices, Timeline timeline, Clock clock)
{
    private const int Lines = 15;

    /// <summary>The refusal of an account; <c>null</c> if there is no such account, or it is the viewer's own.</summary>
    public async Task<RefusalFigures?> Read(string key, string? id, string? authorization, Actor viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (await balances.Account(key, cancel) is not { } account || account.Owner == viewer.UserId)
        {
            return null;
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        var latest = (await timeline.Read(key, account.Owner, TimelineQuery.Read("refusals", null, null, null), Lines, cancel)).Lines;
        var wanted = authorization?.Trim();
        var found = Guid.TryParse(id, out var number) ? await db.Set<RefusalRecord>().AsNoTracking().SingleOrDefaultAsync(r => r.Account == key && r.Id == number, cancel)
            : string.IsNullOrEmpty(wanted) ? null
            : await db.Set<RefusalRecord>().AsNoTracking().Where(r => r.Account == key && r.Authorization == wanted).OrderByDescending(r => r.At).FirstOrDefaultAsync(cancel);
        if (found is null)
        {
            return new RefusalFigures(key, id, authorization, null, "", "", null, [], [], await NotRefused(db, key, id, wanted, cancel), latest);
        }
        var book = await prices.InForce(db, cancel);
        var now = clock.Now;
        var limits = account.LimitsFor(found.Model, account.LastAt > now ? account.LastAt : now);
        var outcome = account.Authorize(new AuthorizationRequest("asked-again", found.Model, found.Surface, found.App, found.Max, AuthorizationRequest.DefaultTtlSeconds), book, now);
        var since = await timeline.Read(key, account.Owner, new TimelineQuery(null, Period.DayOf(found.At), null, null), Lines, cancel);
        return new RefusalFigures(
            key, id, authorization, new RefusalMoment(found.At, found.Authorization, found.Refusal), book.ModelName(found.Model), SurfaceNames.Of(found.Surface),
            (outcome as AuthorizeOutcome.Refused)?.Refusal, ThenAndNow(found.Refusal.Limits, limits),
            [.. since.Lines.Where(l => l.At > found.At && l.Kind is TimelineKind.Credit or TimelineKind.Setting or TimelineKind.Use)], null, latest);
    }

    private static List<LimitThenAndNow> ThenAndNow(IReadOnlyList<Limit> then, IReadOnlyList<Limit> now) =>
        [.. Enum.GetValues<LimitName>().Select(name => new LimitThenAndNow(name, then.FirstOrDefault(l => l.Name == name)?.Remaining, now.FirstOrDefault(l => l.Name == name)?.Remaining))
            .Where(l => l.Then is not null || l.Now is not null)];

    private static async Task<string?> NotRefused(PortalDb db, string key, string? id, string? authorization, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(authorization))
        {
            return string.IsNullOrEmpty(id) ? null : "This account has no such refusal.";
        }
        return await db.Set<Authorization>().AsNoTracking().SingleOrDefaultAsync(a => a.Account == key && a.Id == authorization, cancel) is { } given
            ? $"{authorization} was not refused: it was granted and is {given.Status.ToString().ToLowerInvariant()}{(given.Charge is { } charge ? $", with the charge {PublicIds.Charge(key, charge)}" : "")}."
            : $"Nothing of this account is called {authorization}. It may be another account's, or never have reached Portal.";
    }
}
