using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.SupportAccess;

/// <summary>What the page does: it lets support look, or forbids it.</summary>
public sealed partial class SupportAccessPage
{
    private NoticeText? result;

    [Inject]
    private SupportAccessReader Reader { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    /// <summary>Which part of the list, from the address.</summary>
    [SupplyParameterFromQuery]
    private int? Part { get; set; }

    private int Shown => Math.Clamp(Part ?? 1, 1, 1_000);

    protected override Task<SupportAccessFigures?> Read(string account) => Reader.Read(account, Shown);

    protected override object? Address => Shown;

    /// <summary>A look that began between the first paint and now was told to nobody.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && RendererInfo.IsInteractive && Figures is not null)
        {
            await ToldWhoLooks;
            await Look();
        }
    }

    private async Task Let(bool may)
    {
        result = null;
        result = await Write(may ? "We couldn't allow it." : "We couldn't forbid it.", async () => await Door.Submit(new LetSupportLook(Figures!.Account, may, Actor)) switch
        {
            false => new NoticeText(NoticeKind.Info, "It was so already."),
            true when may => new NoticeText(NoticeKind.Done, "Support may look at your pages.", Do: "Each look stands below, while it happens."),
            true => new NoticeText(NoticeKind.Done, "Support may not look at your pages any more.", "A look that went on has ended."),
        }, now => now.MayLook ? "Support may look at your pages." : "Support may not look at your pages.");
        StateHasChanged();
    }
}
