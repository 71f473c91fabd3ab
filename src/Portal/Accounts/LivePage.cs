using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Accounts;

/// <summary>
/// A page that is read once for the first paint, handed on to the circuit, and read again while it is open. A write says what became of it;
/// after a failure the page looks again and says what is true now.
/// </summary>
public abstract class LivePage<TFigures> : ComponentBase, IDisposable where TFigures : class
{
    private readonly ViewerNumbers _numbers = ViewerNumbers.Now;
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _look = Task.CompletedTask;
    private Task? _next;
    private object? _shown;

    [Inject]
    private protected Viewer Viewer { get; set; } = default!;

    [Inject]
    private protected Following Following { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    /// <summary>What is shown; public so that it is handed from the prerender to the circuit.</summary>
    [PersistentState]
    public TFigures? Figures { get; set; }

    /// <summary>Who looks, if the page is for them.</summary>
    protected Acting? Acting
    {
        get;
        private protected set
        {
            field = value;
            _told.TrySetResult();
        }
    }

    /// <summary>
    /// Ends when the database has said who looks. A circuit draws what the first paint handed it before that, so a press may come earlier;
    /// it waits instead of being refused.
    /// </summary>
    protected Task ToldWhoLooks => _told.Task;

    /// <summary>Whether it is known who looks.</summary>
    protected bool IsKnown { get; private protected set; }

    /// <summary>Whether the database did not answer the last look: the figures stand still.</summary>
    protected bool StandsStill { get; private protected set; }

    /// <summary>What an open page follows.</summary>
    private protected IDisposable? Followed { get; set; }

    /// <summary>What of the page's address says what is shown; once it is another, the page looks anew.</summary>
    protected virtual object? Address => null;

    /// <summary>Looks again, and draws. Looks come one after the other, so that an older one cannot end last; whoever asks while one waits shares it.</summary>
    protected Task Look() => Look(null);

    /// <summary>Looks at what the address names now.</summary>
    protected virtual Task LookAnew() => Look();

    protected override Task OnInitializedAsync()
    {
        // Figures that were handed on are of the address that the circuit began at.
        _shown = Address;
        return Task.CompletedTask;
    }

    protected override Task OnParametersSetAsync() => IsKnown && !Equals(_shown, Address) ? LookAnew() : Task.CompletedTask;

    /// <summary>The same as one of several pages; a look that had to wait reads by itself, because what the others read may be older than what it waited for.</summary>
    private protected Task Look(Turn? turn) => _next ?? (_look.IsCompleted ? _look = LookNow(turn) : _next = LookNext());

    /// <summary>Who looks, what there is, and draws.</summary>
    private protected abstract Task LookNow(Turn? turn);

    /// <summary>Reads once more if the address was changed meanwhile.</summary>
    private protected async Task<TFigures?> OfTheAddress(Func<Task<TFigures?>> read)
    {
        while (true)
        {
            var asked = _shown = Address;
            var figures = await read();
            if (Equals(asked, Address))
            {
                return figures;
            }
        }
    }

    /// <summary>What whoever may not write is told.</summary>
    private protected abstract NoticeText NotAllowed(string couldNot);

    /// <summary>Does a write, as soon as it is known who looks: commands are made in it, not before it. <paramref name="couldNot"/> is what the page says if it failed, <paramref name="now"/> says what is true after it.</summary>
    protected async Task<NoticeText> Write(string couldNot, Func<Task<NoticeText>> write, Func<TFigures, string> now)
    {
        NoticeText answer;
        await ToldWhoLooks;
        try
        {
            answer = await write();
        }
        catch (NotAllowedException)
        {
            answer = NotAllowed(couldNot);
        }
        catch (DoorBusyException busy)
        {
            return await Failed(couldNot, busy, now);
        }
        try
        {
            await Look();
        }
        catch (Exception away) when (away.IsDatabaseAway())
        {
            // What was done is done, and is said; only the figures stand still.
            Log.LogWarning(away, "The page could not look again after a write; its figures stand still");
            StandsStill = true;
            StateHasChanged();
        }
        return answer;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool isDisposing) => Followed?.Dispose();

    /// <summary>The door did not take it, or the database went away over it; so what is true is not what was asked or remembered, but what a new look finds.</summary>
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

    /// <summary>A look that the viewer's circuit did not begin, but the door or the clock.</summary>
    private protected Task LookAgain(Func<Task> look) => InvokeAsync(async () =>
    {
        ViewerNumbers.Now = _numbers;
        try
        {
            await look();
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

    private async Task LookNext()
    {
        await _look.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _next = null;
        await (_look = LookNow(null));
    }

    private ILogger Log => Loggers.CreateLogger(GetType());
}
