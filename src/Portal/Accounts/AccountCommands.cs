using Ledger;

namespace Portal.Accounts;

/// <summary>What putting an account came to.</summary>
public abstract record PutAnswer
{
    private PutAnswer() { }

    /// <summary>The account as this left it, and whether it is new.</summary>
    public sealed record Done(AccountSummary Account, bool IsNew) : PutAnswer;

    /// <summary>No plan has this key.</summary>
    public sealed record UnknownPlan : PutAnswer;

    /// <summary>The anchor is in the future, or another than the account has.</summary>
    public sealed record WrongAnchor(string Why) : PutAnswer;

    /// <summary>The account has another owner.</summary>
    public sealed record OtherOwner : PutAnswer;

    /// <summary>The account would be new, and nobody has this id: its owner has just left.</summary>
    public sealed record OwnerGone : PutAnswer;
}

/// <summary>Creates an account, changes its plan from outside, closes it or opens it again: how the provider's sign-up and billing speak.</summary>
public sealed record PutAccount(string Account, string Owner, string Plan, DateTimeOffset? Anchor, AccountStatus Status, Actor By) : Command<PutAnswer>
{
    internal override string Line => Account;

    /// <summary>By another plan, or by closing.</summary>
    internal override bool MayLowerCap => true;

    internal override void Needs(Needs needs)
    {
        needs.Accounts.Add(Account);
        needs.Owners.Add(Owner);
        needs.Add(By);
    }

    internal override PutAnswer Outcome(Batch batch)
    {
        var (book, now) = (batch.Book, batch.Now);
        if (!book.HasPlan(Plan, now))
        {
            return new PutAnswer.UnknownPlan();
        }
        var isNew = !batch.Accounts.TryGetValue(Account, out var account);
        if (account is null)
        {
            if (!batch.Owners.Contains(Owner))
            {
                return new PutAnswer.OwnerGone();
            }
            if (Anchor > now)
            {
                return new PutAnswer.WrongAnchor("The anchor is in the future; periods are counted from an instant that has been.");
            }
            account = Ledger.Account.Open(Account, Owner, Plan, Anchor ?? now, book, now, By.Id, Status);
            batch.Accounts.Add(Account, account);
        }
        else if (Anchor is { } anchor && anchor != account.Anchor)
        {
            return new PutAnswer.WrongAnchor($"The account's anchor is {account.Anchor:O} and never changes.");
        }
        else if (account.Owner != Owner)
        {
            return new PutAnswer.OtherOwner();
        }
        // To name the plan that it has says nothing about the next period's: a cancellation stays its owner's to take back.
        if (!account.IsCancelled || account.Plan != Plan)
        {
            account.ChangePlan(Plan, book, now, By.Id);
        }
        if (Status == AccountStatus.Closed)
        {
            account.Close(book, now, By.Id);
        }
        else
        {
            account.Reopen(book, now, By.Id);
        }
        return new PutAnswer.Done(AccountSummary.Of(account), isNew);
    }
}

/// <summary>Whatever was due in an account happens now. Its next operation would do the same, with the same entries.</summary>
public sealed record Wake(string Account) : Command<bool>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs) => needs.Accounts.Add(Account);

    internal override bool Outcome(Batch batch)
    {
        if (!batch.Accounts.TryGetValue(Account, out var account))
        {
            return false;
        }
        account.AdvanceTo(batch.Now, batch.Book);
        return account.IsChanged;
    }
}
