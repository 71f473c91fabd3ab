using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Admin.Health;

/// <summary>Has mails of alerts that were given up tried once more, all tries anew. Whoever turned such mails off meanwhile still gets none.</summary>
public sealed class MailRetry(StaffDesk desk)
{
    /// <summary>Returns how many are tried again.</summary>
    /// <param name="only">One of them; <c>null</c> for all.</param>
    /// <param name="by">Who asks for it.</param>
    /// <exception cref="NotAllowedException">The actor is no administrator.</exception>
    public Task<int> Retry((string Account, int Alert)? only, Actor by) => desk.Do(by, Roles.Admin, async work =>
    {
        var failed = work.Db.Set<AlertDelivery>().Where(d => d.State == DeliveryState.Failed);
        if (only is var (account, alert))
        {
            failed = failed.Where(d => d.Account == account && d.Alert == alert);
        }
        var now = work.Now;
        var count = await failed.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Pending).SetProperty(d => d.Attempts, 0).SetProperty(d => d.NextAttemptAt, now));
        work.Audit("RetryAlertMail", only?.Account ?? "alerts", "Done", after: new { mails = count });
        return count;
    });
}
