namespace Portal.Accounts;

/// <summary>What somebody of support wrote down about an account, for colleagues. It is never changed; it goes when the account's owner leaves.</summary>
public sealed class AccountNote
{
    public string Account { get; init; } = "";

    /// <summary>Made by the page, so that a double click writes once.</summary>
    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    public string Author { get; init; } = "";

    public string Text { get; init; } = "";
}

/// <summary>What writing a note came to.</summary>
public enum NoteOutcome
{
    /// <summary>It stands there.</summary>
    Written,

    /// <summary>It stood there before.</summary>
    Already,

    /// <summary>It is empty, too long or not readable.</summary>
    WrongText,
}

/// <summary>Write a note about an account. The record says that there is one, never what it says.</summary>
public sealed record WriteNote(string Account, Guid Id, string Text, Actor By) : StaffCommand<NoteOutcome>(Account, By)
{
    internal override void Needs(Needs needs)
    {
        base.Needs(needs);
        needs.Notes.Add((Account, Id));
    }

    private protected override object? Audited(Batch batch) => new { Note = Id };

    private protected override NoteOutcome Decide(Batch batch, Ledger.Account account)
    {
        if (batch.Staff.Notes.Contains((Account, Id)))
        {
            return NoteOutcome.Already;
        }
        if (!StaffTexts.IsReadable(Text, StaffTexts.LongestNote, lines: true))
        {
            return NoteOutcome.WrongText;
        }
        batch.Staff.Notes.Add((Account, Id));
        batch.Staff.NewNotes.Add(new AccountNote { Account = Account, Id = Id, At = batch.Now, Author = By.Id, Text = Text.Trim() });
        return NoteOutcome.Written;
    }
}
