using Microsoft.AspNetCore.Components;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>
/// A page of staff. It is read again after every write, or every so often if it says so. The role is asked of the database with every look;
/// what is done is asked once more where it is done (see <see cref="StaffDesk"/>).
/// </summary>
public abstract class StaffPage<TFigures> : LivePage<TFigures> where TFigures : class
{
    private ITimer? _looking;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <summary>The role that the page is for.</summary>
    protected abstract string Role { get; }

    /// <summary>How often an open page looks again by itself; <c>null</c> if it need not.</summary>
    protected virtual TimeSpan? LooksEvery => null;

    /// <summary>The account that an open page follows, and the instant that it shows; <c>null</c> if it follows none.</summary>
    protected virtual (string Account, DateTimeOffset AsOf)? Follows => null;

    /// <summary>Who gives commands from this page.</summary>
    protected Actor Actor => Acting?.Actor ?? throw new NotAllowedException("Your sign-in does not include this. Nothing was changed.");

    /// <summary>
    /// Who looks, as records name them; nobody as long as that is not known. For markup: a circuit draws what the first paint handed it before the database has said who looks.
    /// </summary>
    protected string Me => Acting?.Actor.Id ?? "";

    /// <summary>Reads what is shown; <c>null</c> if there is nothing at this address.</summary>
    protected abstract Task<TFigures?> Read();

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        Acting = await Whoever();
        Figures = Acting is null ? null : Figures ?? await OfTheAddress(Read);
        IsKnown = true;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (_looking is null && LooksEvery is { } pause && IsKnown && Acting is not null)
        {
            _looking = Time.CreateTimer(_ => _ = LookAgain(Look), null, pause, pause);
        }
        if (Followed is null && IsKnown && Acting is not null && Follows is var (account, asOf))
        {
            Followed = Following.Follow(account, asOf, () => LookAgain(Look));
        }
    }

    private protected sealed override async Task LookNow(Turn? turn)
    {
        Acting = await Whoever();
        Figures = Acting is null ? null : await OfTheAddress(Read);
        StandsStill = false;
        StateHasChanged();
    }

    private protected sealed override NoticeText NotAllowed(string couldNot) => new(
        NoticeKind.Refused, couldNot, $"This needs the role {Role}, and your sign-in does not have it, or no longer.", "Nothing was changed.", "Sign in again, or ask an administrator.");

    private protected sealed override void Dispose(bool isDisposing)
    {
        _looking?.Dispose();
        base.Dispose(isDisposing);
    }

    private async Task<Acting?> Whoever() => await Viewer.Who() is { } acting && acting.Is(Role) ? acting : null;
}
