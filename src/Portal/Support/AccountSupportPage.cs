using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Support;

/// <summary>A page of support about one account. To open it is to look at somebody's account, and that is recorded before anything is shown.</summary>
public abstract class AccountSupportPage<TFigures> : SupportPage<TFigures> where TFigures : class
{
    [Inject]
    protected AccountDoor Door { get; set; } = default!;

    [Inject]
    protected NavigationManager Nav { get; set; } = default!;

    /// <summary>The account's key.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    /// <summary>That what the address names is kept in the archive, if it is.</summary>
    protected string? Archived { get; private set; }

    /// <summary>Reads what is shown of the account; <c>null</c> if there is nothing at this address.</summary>
    protected abstract Task<TFigures?> ReadAccount();

    /// <summary>Whether it is the account of whoever looks, and may be shown all the same.</summary>
    protected virtual bool IsOwn(TFigures figures) => false;

    private string _looksAt = "";

    protected override async Task OnInitializedAsync()
    {
        _looksAt = Key;
        await base.OnInitializedAsync();
        await LeaveIfNotFound();
    }

    /// <summary>At another account it is a new look, and nothing of the former is shown or followed any more.</summary>
    protected override async Task LookAnew()
    {
        if (_looksAt != Key)
        {
            (_looksAt, Figures) = (Key, null);
            Followed?.Dispose();
            Followed = null;
        }
        await base.LookAnew();
        await LeaveIfNotFound();
    }

    protected sealed override async Task<TFigures?> Read()
    {
        if (await OfTheAddress(ReadAccount) is not { } read)
        {
            return null;
        }
        if (Figures is null && !IsOwn(read))
        {
            try
            {
                await Door.Submit(new LookAtAccount(Key, Actor));
            }
            catch (NotAllowedException)
            {
                // Their own account: what support sees of it is a colleague's to look at.
                return null;
            }
        }
        return read;
    }

    /// <summary>That what the address names is kept in the archive, in a sentence; <c>null</c> if there never was such a thing.</summary>
    protected virtual Task<string?> WhyGone() => Task.FromResult<string?>(null);

    private async Task LeaveIfNotFound()
    {
        Archived = Figures is null && Acting is not null ? await WhyGone() : null;
        if (Figures is null && Archived is null && Acting is not null)
        {
            Nav.NotFound();
        }
    }
}
