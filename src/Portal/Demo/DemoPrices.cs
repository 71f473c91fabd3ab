using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Terms;

namespace Portal.Demo;

/// <summary>Versions worth looking at: a rate card that two administrators have scheduled far ahead, and a draft of dearer plans. Nothing of it counts within the weeks that the demo is looked at.</summary>
internal static class DemoPrices
{
    public static async Task Add(PortalDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var staff = await db.UserRoles.Where(has => db.Roles.Any(role => role.Id == has.RoleId && role.Name == Roles.Admin)).Select(has => has.UserId)
            .Join(db.Users, id => id, user => user.Id, (_, user) => new { user.Id, user.Email }).OrderBy(user => user.Email).Select(user => Actor.User(user.Id).Id).ToListAsync(cancel);
        var (author, approver) = (new Actor(staff[0]), new Actor(staff[1]));
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);

        var rates = await TermsBasis.Of(db, TermsKind.Rates, month.AddMonths(4), now, cancel);
        var scheduled = TermsVersion.Drafted(
            TermsKind.Rates, await db.Set<TermsVersion>().Where(v => v.Kind == TermsKind.Rates).MaxAsync(v => v.Number, cancel) + 1,
            new TermsDraft(Cheaper(rates.Sheet), month.AddMonths(4), null, "Sonnet 5.5 becomes a tenth cheaper with the new hardware.", []), author, now.AddDays(-6));
        scheduled.Send(author, now.AddDays(-6).AddMinutes(20));
        scheduled.Approve(approver, now);
        db.Add(scheduled);
        TermsVersions.Publish(db, scheduled);

        var plans = await TermsBasis.Of(db, TermsKind.Plans, month.AddMonths(3), now, cancel);
        db.Add(TermsVersion.Drafted(
            TermsKind.Plans, await db.Set<TermsVersion>().Where(v => v.Kind == TermsKind.Plans).MaxAsync(v => v.Number, cancel) + 1,
            new TermsDraft(Dearer(plans.Sheet), month.AddMonths(3), month.AddMonths(6), "Pro follows the costs of its credit.", []), approver, now.AddHours(-30)));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>What needs the accounts' past: the impact of what is scheduled, and a promotion that one administrator proposes and the other one can approve.</summary>
    public static async Task AddImpacts(IServiceProvider services, CancellationToken cancel = default)
    {
        var (impacts, changes, now) = (services.GetRequiredService<Impacts>(), services.GetRequiredService<TermsChanges>(), services.GetRequiredService<Clock>().Now);
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(cancel);
        var scheduled = await db.Set<TermsVersion>().Where(v => v.Kind == TermsKind.Rates && v.Stage == TermsStage.Approved).OrderByDescending(v => v.Number).FirstAsync(cancel);
        scheduled.Keep(await impacts.WorkOut(scheduled, Impacts.UsualDays, null, cancel));
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var winter = new NewPromotion(month.AddMonths(2), "Quiet weeks", month.AddMonths(2).AddDays(14), 150_000, [], []);
        var proposal = new TermsProposal
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Change = winter,
            Preview = await services.GetRequiredService<TermsPreviews>().Of(winter, now, cancel),
            Reason = "Our machines stand idle for two weeks.",
            Author = await db.Users.Where(u => u.Email == "admin@example.com").Select(u => u.Id).SingleAsync(cancel),
            ProposedAt = now,
        };
        db.Add(proposal);
        await db.SaveChangesAsync(cancel);
        proposal.Impact = await impacts.WorkOut(await changes.Compared(proposal.Id, cancel), Impacts.UsualDays, null, cancel);
        await db.SaveChangesAsync(cancel);
    }

    private static TermsSheet Cheaper(TermsSheet sheet) => sheet with
    {
        Rows = [.. sheet.Rows.Select(row => row[1] == "Sonnet 5.5" ? [row[0], row[1], row[2], .. row.Skip(3).Select(cell => $"{new Money(Money.Parse(cell).Nanos / 10 * 9)}")] : row)],
    };

    private static TermsSheet Dearer(TermsSheet sheet) => sheet with { Rows = [.. sheet.Rows.Select(row => row[0] == "pro" ? [row[0], row[1], "22", "22", .. row.Skip(4)] : row)] };
}
