namespace Portal.Ui;

/// <summary>
/// Whether this page has dialogs, and whether they can open yet. What MudBlazor needs around a dialog, its style sheet and its script too,
/// comes only once a page has one: most have none, and it weighs more than all the rest of a first visit.
/// </summary>
public sealed class Dialogs
{
    /// <summary>Fires when they became needed, and when they can open.</summary>
    public event Action? Changed;

    /// <summary>Whether a page of this circuit has a dialog.</summary>
    public bool AreNeeded { get; private set; }

    /// <summary>Whether one can open.</summary>
    public bool CanOpen { get; private set; }

    /// <summary>A page has a dialog.</summary>
    public void Need()
    {
        if (!AreNeeded)
        {
            AreNeeded = true;
            Changed?.Invoke();
        }
    }

    /// <summary>Everything that a dialog needs stands.</summary>
    public void Stand()
    {
        CanOpen = true;
        Changed?.Invoke();
    }
}
