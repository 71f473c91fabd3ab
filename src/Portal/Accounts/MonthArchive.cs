using System.Data.Common;
using System.Globalization;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Settings;

namespace Portal.Accounts;

/// <summary>
/// Takes a month that is long over out of the ledger's tables. Before, every account is folded and compared, and what it had come to at the month's end is
/// written down as its <see cref="Opening"/>, from which it is folded from then on; all in one transaction, so that either the rows are there or what they
/// came to is. The month's tables stay in the database, whole, for whoever dumps and drops them. Source: docs/scale.md, "Old months".
/// </summary>
public sealed class MonthArchive(IDbContextFactory<PortalDb> databases, LedgerCheck check, Clock clock, PortalSettings settings)
{
    private const int AtOnce = 500;

    /// <summary>Whoever reads the tables is waited for so often, a second each time: everybody else waits behind it.</summary>
    private const int Tries = 20;

    /// <summary>Detaches a month; returns why not, in a sentence, or nothing once it is done.</summary>
    public async Task<string?> Detach(DateTimeOffset month, CancellationToken cancel = default)
    {
        var end = month.AddMonths(1);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if ((await NotItsTurn(db, month, cancel) ?? await StillNeeded(db, end, db.Set<Charge>().Where(c => c.RecordedAt < end), cancel)) is { } refusal)
        {
            return refusal;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (opened, broken) = await Open(db, end, cancel);
        if (broken is not null)
        {
            return broken;
        }
        if (!await Detach(db, month, cancel))
        {
            return "Somebody reads the tables for longer than a second each time; try again when it is quieter.";
        }
        // Once more: meanwhile somebody may have objected to one of its charges.
        var left = $"SELECT * FROM {Months.Tables[0].Partition(month)}";
        if (await StillNeeded(db, end, db.Set<Charge>().FromSqlRaw(left), cancel) is { } late)
        {
            return late;
        }
        db.Add(new AuditRecord
        {
            At = clock.Now,
            Actor = Actors.Portal,
            Subject = Named(month),
            Action = "DetachMonth",
            After = string.Create(CultureInfo.InvariantCulture, $"{{\"openings\":{opened}}}"),
            Outcome = "Detached",
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    /// <summary>Folds every account and writes its opening; returns how many there are, or the first law that does not hold.</summary>
    private async Task<(long Opened, string? Broken)> Open(PortalDb db, DateTimeOffset end, CancellationToken cancel)
    {
        var opened = 0L;
        await foreach (var account in check.Accounts(end, cancel))
        {
            if (account.Broken is [var law, ..])
            {
                return (opened, $"The ledger does not add up, so no month of it may go. {law.Says}");
            }
            if (account.Opening is { } opening)
            {
                db.Add(opening);
                if (++opened % AtOnce == 0)
                {
                    await Save(db, cancel);
                }
            }
        }
        await Save(db, cancel);
        return (opened, null);
    }

    /// <summary>Why it is not this month's turn.</summary>
    private async Task<string?> NotItsTurn(PortalDb db, DateTimeOffset month, CancellationToken cancel)
    {
        if (db is not PostgresPortalDb)
        {
            return "On SQLite the ledger does not lie in months: its file holds all of it.";
        }
        var until = month.AddMonths(1 + settings.Database.KeepMonths);
        if (until > clock.Now)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Named(month)} is kept until {until:yyyy-MM-dd}: Portal:Database:KeepMonths is {settings.Database.KeepMonths}.");
        }
        var present = (await Months.Partitions(db, cancel)).Select(p => p.Table.MonthOf(p.Partition)).OfType<DateTimeOffset>().ToList();
        return !present.Contains(month) ? $"There is no month {Named(month)} in the ledger's tables."
            : present.Min() is var first && first < month ? $"{Named(first)} is older and still there; months go in their order."
            : await Months.RowsOutsideAny(db, cancel) is > 0 and var outside ? $"{outside} charges and entries lie outside any month; 'Portal.dll migrate' moves them into theirs, first."
            : null;
    }

    /// <summary>What of the month's charges is still needed, if anything is, or may still come.</summary>
    private static async Task<string?> StillNeeded(PortalDb db, DateTimeOffset end, IQueryable<Charge> charges, CancellationToken cancel)
    {
        var open = await db.Set<Account>().Where(a => a.NextDue < end || a.Periods.Any(p => p.Start < end && (!p.HasEnded || p.OpenHolds > 0)))
            .OrderBy(a => a.Key).Select(a => a.Key).FirstOrDefaultAsync(cancel);
        if (open is not null)
        {
            return $"The account {open} has a period that began in that month or before and is not final; a Portal that serves wakes it and writes what is due.";
        }
        var disputed = await db.Set<Dispute>().Where(d => d.State == DisputeState.Open || d.State == DisputeState.Taken)
            .Join(charges, d => new { d.Account, Number = d.Charge }, c => new { c.Account, c.Number }, (d, _) => new { d.Account, d.Charge }).FirstOrDefaultAsync(cancel);
        if (disputed is not null)
        {
            return $"The charge {PublicIds.Charge(disputed.Account, disputed.Charge)} is of that month, and its dispute is not decided.";
        }
        var pending = await db.Set<CorrectionItem>().Where(i => i.Result == CorrectionResult.Pending)
            .Where(i => db.Set<Correction>().Any(c => c.Id == i.Correction && (c.State == CorrectionState.Waiting || c.State == CorrectionState.Approved)))
            .Join(charges, i => new { i.Account, Number = i.Charge }, c => new { c.Account, c.Number }, (i, _) => new { i.Account, i.Charge }).FirstOrDefaultAsync(cancel);
        return pending is null ? null : $"The charge {PublicIds.Charge(pending.Account, pending.Charge)} is of that month, and a correction of it is not carried out yet.";
    }

    /// <summary>Both tables, or none.</summary>
    private static async Task<bool> Detach(PortalDb db, DateTimeOffset month, CancellationToken cancel)
    {
        for (var again = 1; again <= Tries; again++)
        {
            await db.Database.CurrentTransaction!.CreateSavepointAsync("before", cancel);
            try
            {
                await db.Database.ExecuteSqlRawAsync("SET LOCAL lock_timeout = '1s'", cancel);
                foreach (var sql in Months.Detach(month))
                {
                    await db.Database.ExecuteSqlRawAsync(sql, cancel);
                }
                return true;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // Whoever waited behind this goes first.
                await db.Database.CurrentTransaction!.RollbackToSavepointAsync("before", cancel);
                await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            }
        }
        return false;
    }

    private static async Task Save(PortalDb db, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    private static string Named(DateTimeOffset month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>`Portal.dll detach-month 2025-01`.</summary>
    public static async Task<int> Run(IServiceProvider services, string said)
    {
        if (!DateTimeOffset.TryParseExact(said, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month))
        {
            await Console.Error.WriteLineAsync("detach-month needs a month, such as: detach-month 2025-01");
            return 1;
        }
        try
        {
            if (await services.GetRequiredService<MonthArchive>().Detach(month) is { } refusal)
            {
                await Console.Error.WriteLineAsync($"{refusal} Nothing was changed.");
                return 1;
            }
        }
        catch (DbException failure)
        {
            await Console.Error.WriteLineAsync($"The database could not do it: {failure.Message} Nothing was changed.");
            return 1;
        }
        var tables = Months.Tables.Select(t => t.Partition(month)).ToList();
        Console.WriteLine($"{Named(month)} is detached: {string.Join(" and ", tables)} are tables of their own now. Dump them, keep the dump, and drop them: pg_dump --format=custom {string.Join(" ", tables.Select(t => $"--table={t}"))} ...");
        return 0;
    }
}
