using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Settings;

namespace Portal.Accounts;

/// <summary>Above which amount what staff give needs a second person.</summary>
internal sealed record StaffLimits(Money Goodwill)
{
    public static StaffLimits Of(SupportSettings settings) => new(Money.Parse(settings.GoodwillWithoutApproval));
}

/// <summary>What the commands of staff decide about and write, beside the accounts. Batches of usage ask and write nothing of it.</summary>
internal sealed class StaffBatch
{
    /// <summary>Within this time what was given without a second person counts together.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Money> _given = [];

    public StaffLimits Limits { get; init; } = StaffLimits.Of(new SupportSettings());

    public Dictionary<Guid, GoodwillRequest> Goodwill { get; } = [];

    public Dictionary<Guid, Correction> Corrections { get; } = [];

    public Dictionary<(Guid Correction, string Account, long Charge), CorrectionItem> Items { get; } = [];

    /// <summary>Those of the notes that are to be written which stand there.</summary>
    public HashSet<(string Account, Guid Id)> Notes { get; } = [];

    public List<AccountNote> NewNotes { get; } = [];

    /// <summary>The accounts whose pages show what changed here.</summary>
    public IEnumerable<string> Changed =>
        Goodwill.Values.Where(g => g.IsNew || g.IsChanged).Select(g => g.Account).Concat(NewNotes.Select(n => n.Account));

    /// <summary>What an account was given within the last day without a second person, in this batch too.</summary>
    public Money GivenLately(string account) => _given.GetValueOrDefault(account)
        + Money.Sum(Goodwill.Values.Where(g => g.Account == account && g.IsNew && g.State == GoodwillState.Granted && g.DecidedBy is null), g => g.Amount);

    public async Task Load(PortalDb db, Needs needs, DateTimeOffset now)
    {
        foreach (var (account, id) in needs.Goodwill)
        {
            if (await db.Set<GoodwillRequest>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == id) is { } request)
            {
                Goodwill[id] = request;
            }
            if (!_given.ContainsKey(account))
            {
                _given[account] = await db.Set<GoodwillRequest>().GivenLately(account, now);
            }
        }
        foreach (var (account, id) in needs.Notes)
        {
            if (await db.Set<AccountNote>().AnyAsync(n => n.Account == account && n.Id == id))
            {
                Notes.Add((account, id));
            }
        }
        foreach (var (id, account, number) in needs.CorrectionItems)
        {
            if (!Corrections.ContainsKey(id) && await db.Set<Correction>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id) is { } correction)
            {
                Corrections[id] = correction;
            }
            if (await db.Set<CorrectionItem>().AsNoTracking().SingleOrDefaultAsync(i => i.Correction == id && i.Account == account && i.Charge == number) is { } item)
            {
                Items[(id, account, number)] = item;
            }
        }
    }

    public void Save(BulkWrites writes)
    {
        writes.Insert<GoodwillRequest>([.. Goodwill.Values.Where(g => g.IsNew)]);
        writes.Update<GoodwillRequest>([.. Goodwill.Values.Where(g => !g.IsNew && g.IsChanged)]);
        writes.Update<CorrectionItem>([.. Items.Values.Where(i => i.IsChanged)]);
        writes.Insert(NewNotes);
    }
}
