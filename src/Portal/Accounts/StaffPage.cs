using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>
/// A page of staff. It is read once for the first paint, handed on to the circuit, and read again after every write, or every so often if it
/// says so. The role is asked of the database with every look; what is done is asked once more where it is done (see <see cref="StaffDesk"/>).
/// </summary>
public abstract class StaffPage<TFigures> : ComponentBase, IDisposable where TFigures : class
{
    private ITimer? _looking;
    private IDisposable? _following;

    private readonly ViewerNumbers _numbers = ViewerNumbers.Now;

    [Inject]
    private Viewer Viewer { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private Following Following { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    /// <summary>What is shown; public so that it is handed from the prerender to the circuit.</summary>
    [PersistentState]
    public TFigures? Figures { get; set; }

    /// <summary>The role that the page is for.</summary>
    protected abstract string Role { get; }

    /// <summary>How often an open page looks again by itself; <c>null</c> if it need not.</summary>
    protected virtual TimeSpan? LooksEvery => null;

    /// <summary>The account that an open page follows, and the instant that it shows; <c>null</c> if it follows none.</summary>
    protected virtual (string Account, DateTimeOffset AsOf)? Follows => null;

    /// <summary>Who looks, if the page is for them.</summary>
    protected Acting? Acting { get; private set; }

    /// <summary>Whether it is known who looks.</summary>
    protected bool IsKnown { get; private set; }

    /// <summary>Whether the database did not answer the last look: the figures stand still.</summary>
    protected bool StandsStill { get; private set; }

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
        Acting = await Whoever();
        Figures = Acting is null ? null : Figures ?? await Read();
        IsKnown = true;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (_looking is null && LooksEvery is { } pause && IsKnown && Acting is not null)
        {
            _looking = Time.CreateTimer(_ => _ = LookAgain(), null, pause, pause);
        }
        if (_following is null && IsKnown && Acting is not null && Follows is var (account, asOf))
        {
            _following = Following.Follow(account, asOf, LookAgain);
        }
    }

    /// <summary>Looks again, and draws.</summary>
    protected async Task Look()
    {
        Acting = await Whoever();
        Figures = Acting is null ? null : await Read();
        StandsStill = false;
        StateHasChanged();
    }

    /// <summary>Does a write. <paramref name="couldNot"/> is what the page says if it failed, <paramref name="now"/> says what is true after it.</summary>
    protected async Task<NoticeText> Write(string couldNot, Func<Task<NoticeText>> write, Func<TFigures, string> now)
    {
        NoticeText answer;
        try
        {
            answer = await write();
        }
        catch (NotAllowedException)
        {
            answer = new NoticeText(NoticeKind.Refused, couldNot, $"This needs the role {Role}, and your sign-in does not have it, or no longer.", "Nothing was changed.", "Sign in again, or ask an administrator.");
        }
        catch (DoorBusyException busy)
        {
            return await Failed(couldNot, busy, now);
        }
        await Look();
        return answer;
    }

    public void Dispose()
    {
        _looking?.Dispose();
        _following?.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<Acting?> Whoever() => await Viewer.Who() is { } acting && acting.Is(Role) ? acting : null;

    private async Task<NoticeText> Failed(string couldNot, DoorBusyException busy, Func<TFigures, string> now)
    {
        var reference = Reference.New();
        Log.LogWarning(busy, "A write was not taken: {What}. Reference {Reference}", couldNot, reference);
        try
        {
            await Look();
            return new NoticeText(NoticeKind.Failed, couldNot, "Portal has too much to do, or its database does not answer.", Figures is null ? null : now(Figures), "Try again.", reference);
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            StandsStill = true;
            return new NoticeText(NoticeKind.Failed, couldNot, "Portal's database does not answer.",
                "It was saved whole or not at all; we cannot see which until the database answers.", "Load the page again in a minute.", reference);
        }
    }

    private Task LookAgain() => InvokeAsync(async () =>
    {
        ViewerNumbers.Now = _numbers;
        try
        {
            await Look();
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            Log.LogWarning(away, "An open page could not look again; its figures stand still");
            StandsStill = true;
            StateHasChanged();
        }
        catch (Exception failure)
        {
            // A bug: the page's boundary logs it and shows what happened.
            await DispatchExceptionAsync(failure);
        }
    });

    private ILogger Log => Loggers.CreateLogger(GetType());
}
