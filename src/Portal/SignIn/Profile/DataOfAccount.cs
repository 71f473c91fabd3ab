using Ledger;
using Portal.Accounts;
using Portal.Api;
using Portal.Data;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn.Profile;

/// <summary>What a person's data file says about one account, as the API would say it where the API says it.</summary>
public sealed class DataOfAccount(Balances balances, AccountStatements statements)
{
    public async Task Write(DataJson json, string key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (await balances.Account(key, cancel) is not { } account)
        {
            return;
        }
        json.Open();
        json.Value("account", key);
        json.Value("anchor", account.Anchor);
        json.Value("settings", account.Settings);
        json.Value("statements", (await statements.Of(key, cancel))!.Select(StatementAnswer.Of).ToList());
        await json.Rows("changes", 0, (db, last) => db.Set<AccountChange>().Where(c => c.Account == key && c.Number > last).OrderBy(c => c.Number), c => c.Number,
            c => new { c.At, c.Kind, Actor = json.Who(c.Actor), c.Model, c.Consent, c.RateCardVersion, c.After });
        await json.Rows("grants", 0, (db, last) => db.Set<Grant>().Where(g => g.Account == key && g.Number > last).OrderBy(g => g.Number), g => g.Number, Grant);
        await json.Rows("authorizations_open", "", (db, last) => db.Set<Authorization>()
            .Where(a => a.Account == key && a.Status == AuthorizationStatus.Held && a.Id.CompareTo(last) > 0).OrderBy(a => a.Id), a => a.Id, Held);
        await json.Rows("kept_in_the_archive", DateTimeOffset.MinValue, (db, last) => db.Set<Opening>().Where(o => o.Account == key && o.Until > last).OrderBy(o => o.Until), o => o.Until,
            o => new { Before = o.Until, ChargesThrough = o.Charge, EntriesThrough = o.Seq, CreditLeftUsd = o.State.Credit });
        await json.Rows("charges", 0L, (db, last) => db.Set<Charge>().Where(c => c.Account == key && c.Number > last).OrderBy(c => c.Number), c => c.Number, Charge);
        await json.Rows("entries", 0L, (db, last) => db.Set<Entry>().Where(e => e.Account == key && e.Seq > last).OrderBy(e => e.Seq), e => e.Seq,
            e => EntryAnswer.Of(e) with { Actor = json.Who(e.Actor) });
        await json.Rows("refusals", Guid.Empty, (db, last) => db.Set<RefusalRecord>().Where(r => r.Account == key && r.Id > last).OrderBy(r => r.Id), r => r.Id, Refused);
        json.Value("alert_choices", account.AlertChoices);
        await json.Rows("alerts", 0, (db, last) => db.Set<Alert>().Where(a => a.Account == key && a.Number > last).OrderBy(a => a.Number), a => a.Number, a => Told(a, json));
        await json.Rows("alert_mails", 0, (db, last) => db.Set<AlertDelivery>().Where(d => d.Account == key && d.Alert > last).OrderBy(d => d.Alert), d => d.Alert,
            d => new { d.Alert, d.State, d.Attempts, d.SentAt });
        await json.Rows("disputes", 0L, (db, last) => db.Set<Dispute>().Where(d => d.Account == key && d.Charge > last).OrderBy(d => d.Charge), d => d.Charge,
            d => new { Charge = PublicIds.Charge(d.Account, d.Charge), d.State, d.Text, d.OpenedAt, d.ChangedAt, d.Answer });
        await json.Rows("support_notes", Guid.Empty, (db, last) => db.Set<AccountNote>().Where(n => n.Account == key && n.Id > last).OrderBy(n => n.Id), n => n.Id, n => new { n.At, Who = json.Who(n.Author), n.Text });
        json.Value("support_may_look", !account.ForbidsSupport);
        await json.Rows("support_looks", DateTimeOffset.MinValue, (db, last) => db.Set<ViewAsSession>().Where(v => v.Account == key && v.StartedAt > last).OrderBy(v => v.StartedAt), v => v.StartedAt,
            v => new { v.Id, Who = StaffName.Of(v.Staff), v.StartedAt, v.EndsAt, v.EndedAt, v.EndedBy, v.Reason, v.Ticket });
        await json.Rows("support_looked_at", 0L, (db, last) => db.Set<ViewAsPage>().Where(p => p.Id > last && db.Set<ViewAsSession>().Any(v => v.Id == p.ViewAs && v.Account == key)).OrderBy(p => p.Id), p => p.Id,
            p => new { SupportLook = p.ViewAs, p.At, p.Path });
        await json.Rows("events_not_yet_priced", "", (db, last) => db.Set<ParkedEvent>()
            .Where(p => p.Account == key && p.Key.CompareTo(last) > 0 && db.Set<UsageEventId>().Any(e => e.Key == p.Key && e.Charge == null)).OrderBy(p => p.Key), p => p.Key, Parked);
        json.Close();
    }

    private static object Grant(Grant grant) => new
    {
        Id = PublicIds.Grant(grant.Account, grant.Number),
        grant.Kind,
        AmountUsd = grant.Amount,
        UsedUsd = grant.Used,
        HeldUsd = grant.Held,
        ExpiredUsd = grant.Expired,
        grant.GrantedAt,
        grant.ExpiresAt,
    };

    private static object Held(Authorization held) => new
    {
        held.Id,
        held.Model,
        held.Surface,
        held.App,
        Max = UsageBody.Of(held.Max),
        held.GivenAt,
        held.ExpiresAt,
        CreditUsd = held.CreditHeld,
        ExtraUsd = held.Extra,
    };

    private static object Charge(Charge charge) => new
    {
        Event = new ChargedEvent(charge.Source, charge.EventId, charge.Time, charge.Model, charge.Surface, charge.App, charge.Authorization, UsageBody.Of(charge.Usage)),
        Charge = ChargeAnswer.Of(charge),
        Why = ChargeExplanation.Why(charge),
    };

    private static object Refused(RefusalRecord refused) => new
    {
        refused.At,
        refused.Authorization,
        refused.Model,
        refused.Surface,
        refused.App,
        Max = UsageBody.Of(refused.Max),
        refused.Refusal,
    };

    private static object Told(Alert alert, DataJson json) => new
    {
        alert.Number,
        alert.At,
        alert.Kind,
        alert.PeriodStart,
        alert.Step,
        AmountUsd = alert.Amount,
        OfUsd = alert.Of,
        UnclaimedUsd = alert.Unclaimed,
        alert.Reason,
        alert.Detail,
        alert.Change,
        alert.Model,
        Actor = alert.Actor is { } actor ? json.Who(actor) : null,
    };

    private static object Parked(ParkedEvent parked) => new
    {
        parked.Source,
        parked.Id,
        parked.Time,
        parked.ReceivedAt,
        parked.Model,
        parked.Surface,
        parked.App,
        Usage = UsageBody.Of(parked.Usage),
        parked.Why,
    };
}
