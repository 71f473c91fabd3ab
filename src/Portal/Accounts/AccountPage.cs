using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>What a page shows about one account, and as of when.</summary>
public abstract record AccountFigures(string Account, DateTimeOffset AsOf);

/// <summary>
/// A page about the viewer's own account. It is read once for the first paint, handed on to the circuit, and read again whenever the
/// account changed. A write says what became of it; after a failure the page looks again and says what is true now.
/// </summary>
public abstract class AccountPage<TFigures> : ComponentBase, IDisposable where TFigures : AccountFigures
{
    private readonly ViewerNumbers _numbers = ViewerNumbers.Now;
    private IDisposable? _following;

    [Inject]
    private Viewer Viewer { get; set; } = default!;

    [Inject]
    private Following Following { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    /// <summary>What is shown; public so that it is handed from the prerender to the circuit.</summary>
    [PersistentState]
    public TFigures? Figures { get; set; }

    /// <summary>Who looks, and at whose account.</summary>
    protected Acting? Acting { get; private set; }

    /// <summary>Whether it is known who looks.</summary>
    protected bool IsKnown { get; private set; }

    /// <summary>Whether the database did not answer the last look: the figures stand still.</summary>
    protected bool StandsStill { get; private set; }

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
        await FindOut();
        if (Acting?.Account is not { } account)
        {
            Figures = null;
        }
        else if (Figures?.Account != account)
        {
            Figures = await Read(account);
        }
        IsKnown = true;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (_following is null && Moves && IsKnown && Figures is not null)
        {
            _following = Following.Follow(Figures.Account, Figures.AsOf, LookAgain);
        }
    }

    private async Task FindOut()
    {
        var acting = await Viewer.Who();
        Acting = acting is not null && acting.Is(Roles.Subscriber) ? acting : acting is null ? null : acting with { Account = null };
    }

    /// <summary>Looks again, and draws. Whoever views as may have to stop at any moment: then nothing new is shown, and what was shown goes.</summary>
    protected Task Look() => Look(null);

    private async Task Look(Turn? turn)
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
            Figures = await (turn is null ? Read(account) : Read(account, turn));
            StandsStill = false;
        }
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
        catch (NotAllowedException) when (Acting?.ViewAs is not null)
        {
            answer = new NoticeText(NoticeKind.Refused, couldNot, "You look with the subscriber's eyes, and only they can change this.", "Nothing was changed.");
        }
        catch (NotAllowedException)
        {
            answer = new NoticeText(NoticeKind.Refused, couldNot, "Only the account's owner may change it, and your sign-in no longer says that you are.", "Nothing was changed.", "Sign in again.");
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
        _following?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The door did not take it, or the database went away over it; so what is true is not what was asked or remembered, but what a new look finds.</summary>
    private async Task<NoticeText> Failed(string couldNot, DoorBusyException busy, Func<TFigures, string> now)
    {
        var reference = Reference.New();
        Log.LogWarning(busy, "A write was not taken: {What}. Reference {Reference}", couldNot, reference);
        try
        {
            await Look();
            return new NoticeText(NoticeKind.Failed, couldNot, "Portal has too much to do, or its database does not answer.",
                Figures is null ? null : now(Figures), "Try again.", reference);
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            StandsStill = true;
            return new NoticeText(NoticeKind.Failed, couldNot, "Portal's database does not answer.",
                "It was saved whole or not at all; we cannot see which until the database answers.", "Load the page again in a minute.", reference);
        }
    }

    private Task LookAgain(Turn turn) => InvokeAsync(async () =>
    {
        // This comes from the door, not from the viewer's circuit.
        ViewerNumbers.Now = _numbers;
        try
        {
            await Look(turn);
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
