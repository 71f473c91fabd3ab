using Portal.SignIn;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>What a page shows about one account, and as of when.</summary>
public abstract record AccountFigures(string Account, DateTimeOffset AsOf);

/// <summary>A page about the viewer's own account. It is read again whenever the account changed.</summary>
public abstract class AccountPage<TFigures> : LivePage<TFigures> where TFigures : AccountFigures
{
    /// <summary>Whether what is shown can change, so that the page follows the account.</summary>
    protected virtual bool Moves => true;

    /// <summary>Who gives commands from this page.</summary>
    protected Actor Actor => Acting?.Actor ?? throw new NotAllowedException("Nobody is signed in. Nothing was changed.");

    /// <summary>Reads what is shown; <c>null</c> if there is nothing of this account at this address.</summary>
    protected abstract Task<TFigures?> Read(string account);

    /// <summary>The same when all pages of the account look again: what is equal for several of them is read once.</summary>
    protected virtual Task<TFigures?> Read(string account, Turn turn) => Read(account);

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await FindOut();
        if (Acting?.Account is not { } account)
        {
            Figures = null;
        }
        else if (Figures?.Account != account)
        {
            Figures = await OfTheAddress(() => Read(account));
        }
        IsKnown = true;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (Followed is null && Moves && IsKnown && Figures is not null)
        {
            Followed = Following.Follow(Figures.Account, Figures.AsOf, turn => LookAgain(() => Look(turn)));
        }
    }

    private async Task FindOut()
    {
        var acting = await Viewer.Who();
        Acting = acting is not null && acting.Is(Roles.Subscriber) ? acting : acting is null ? null : acting with { Account = null };
    }

    /// <summary>Whoever views as may have to stop at any moment: then nothing new is shown, and what was shown goes.</summary>
    private protected sealed override async Task LookNow(Turn? turn)
    {
        if (Acting?.ViewAs is { } viewAs)
        {
            await FindOut();
            if (Acting?.ViewAs?.Id != viewAs.Id)
            {
                (Acting, Figures) = (null, null);
            }
        }
        if (Acting?.Account is { } account)
        {
            Figures = await OfTheAddress(() => turn is null ? Read(account) : Read(account, turn));
            StandsStill = false;
        }
        StateHasChanged();
    }

    private protected sealed override NoticeText NotAllowed(string couldNot) => Acting?.ViewAs is not null
        ? new(NoticeKind.Refused, couldNot, "You look with the subscriber's eyes, and only they can change this.", "Nothing was changed.")
        : new(NoticeKind.Refused, couldNot, "Only the account's owner may change it, and your sign-in no longer says that you are.", "Nothing was changed.", "Sign in again.");
}
