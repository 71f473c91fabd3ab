using Ledger;

namespace Portal.Accounts;

/// <summary>What only the owner of an account may do. The role, the session and the ownership are looked up in the transaction that the command runs in, and an audit record says what it changed.</summary>
public abstract record OwnerCommand<TOutcome>(string Account, Actor By) : Command<TOutcome> where TOutcome : notnull
{
    internal override string Line => Account;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Add(By);
    }

    internal override TOutcome Outcome(Batch batch)
    {
        var account = batch.DemandOwner(Account, By);
        var before = Batch.Told(Audited(account));
        var outcome = Decide(account, batch.Book, batch.Now);
        if (before is not null)
        {
            batch.Audit(By, Account, GetType().Name, outcome is bool changed ? changed ? "Changed" : "Unchanged" : outcome, before, Batch.Told(Audited(account)));
        }
        return outcome;
    }

    /// <summary>What of the account the audit tells, before and after; <c>null</c> for what is no act that needs a record.</summary>
    protected virtual object? Audited(Account account) => account.Settings;

    protected abstract TOutcome Decide(Account account, PriceBook book, DateTimeOffset now);
}

/// <summary>Turn this period's monthly credit into a grant.</summary>
public sealed record ClaimCredit(string Account, Actor By) : OwnerCommand<ClaimOutcome>(Account, By)
{
    protected override ClaimOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.Claim(book, now, By.Id);
}

/// <summary>Tick or clear "claim for me every period". The outcome says whether anything changed.</summary>
public sealed record ClaimEveryPeriod(string Account, bool Every, Actor By) : OwnerCommand<bool>(Account, By)
{
    protected override bool Decide(Account account, PriceBook book, DateTimeOffset now) => account.ClaimEveryPeriod(Every, book, now, By.Id);
}

/// <summary>Turn extra usage on, with a cap and the text that the owner agreed to.</summary>
public sealed record TurnOnExtraUsage(string Account, Money Cap, string Consent, Actor By) : OwnerCommand<ExtraUsageOutcome>(Account, By)
{
    protected override ExtraUsageOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.TurnOnExtraUsage(Cap, Consent, book, now, By.Id);
}

/// <summary>Turn extra usage off.</summary>
public sealed record TurnOffExtraUsage(string Account, Actor By) : OwnerCommand<ExtraUsageOutcome>(Account, By)
{
    internal override bool MayLowerCap => true;

    protected override ExtraUsageOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.TurnOffExtraUsage(book, now, By.Id);
}

/// <summary>Change the cap of the period.</summary>
public sealed record SetCap(string Account, Money Cap, Actor By) : OwnerCommand<ExtraUsageOutcome>(Account, By)
{
    internal override bool MayLowerCap => true;

    protected override ExtraUsageOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.SetCap(Cap, book, now, By.Id);
}

/// <summary>Set the cap of a UTC day, or remove it with <c>null</c>.</summary>
public sealed record SetDailyCap(string Account, Money? Cap, Actor By) : OwnerCommand<ExtraUsageOutcome>(Account, By)
{
    protected override ExtraUsageOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.SetDailyCap(Cap, book, now, By.Id);
}

/// <summary>Set the cap of a model for a period, or remove it with <c>null</c>.</summary>
public sealed record SetModelCap(string Account, string Model, Money? Cap, Actor By) : OwnerCommand<ExtraUsageOutcome>(Account, By)
{
    protected override ExtraUsageOutcome Decide(Account account, PriceBook book, DateTimeOffset now) => account.SetModelCap(Model, Cap, book, now, By.Id);
}

/// <summary>Close the account at once and for good, because its owner leaves. The outcome says whether it was open.</summary>
public sealed record LeaveAccount(string Account, Actor By) : OwnerCommand<bool>(Account, By)
{
    internal override bool MayLowerCap => true;

    protected override bool Decide(Account account, PriceBook book, DateTimeOffset now)
    {
        now = account.AdvanceTo(now, book);
        var wasOpen = account.Status == AccountStatus.Open;
        account.Silence();
        account.Close(book, now, By.Id);
        return wasOpen;
    }
}
