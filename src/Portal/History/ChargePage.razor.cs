using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.History;

/// <summary>What the page of a charge does.</summary>
public sealed partial class ChargePage
{
    private const string NotDisputed = "We couldn't take your dispute.";
    private const string NotWithdrawn = "We couldn't withdraw your dispute.";
    private const string NothingChanged = "Nothing was changed.";

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    /// <summary>The charge's public id.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>A charge never changes; it can be reversed, once, and until then be disputed.</summary>
    protected override bool Moves => Figures is { IsIncluded: false, Reversal: null };

    private string? archived;

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await LeaveIfNotFound();
    }

    protected override object? Address => Id;

    protected override async Task LookAnew()
    {
        await base.LookAnew();
        await LeaveIfNotFound();
    }

    protected override Task<ChargeFigures?> Read(string account) => Reader.Read(account, Id);

    private Task<NoticeText> Dispute(string text) => Write(NotDisputed, async () => await Door.Submit(new DisputeCharge(Figures!.Account, Number, text, Actor)) switch
    {
        DisputeOutcome.Disputed => new NoticeText(NoticeKind.Done, "Support has your dispute.", Money: "The charge stays as it is until it is decided.", Do: "You see each step here."),
        DisputeOutcome.AlreadyDisputed => new NoticeText(NoticeKind.Info, "This charge is disputed already.", Money: NothingChanged),
        DisputeOutcome.AlreadyReversed => new NoticeText(NoticeKind.Info, "This charge was reversed meanwhile.", Money: "What it took came back."),
        DisputeOutcome.WrongText => new NoticeText(NoticeKind.Refused, NotDisputed, $"The text has {DisputeCharge.ShortestText} to {DisputeCharge.LongestText} characters, all of them readable.", NothingChanged, "Change it and send it again."),
        DisputeOutcome.CostNothing or DisputeOutcome.UnknownCharge or DisputeOutcome.Withdrawn or DisputeOutcome.NotDisputed => throw new InvalidOperationException("The page offers a dispute only of what was charged."),
        _ => throw new InvalidOperationException("A dispute has no other outcome."),
    }, Standing);

    private Task<NoticeText> Withdraw() => Write(NotWithdrawn, async () => await Door.Submit(new WithdrawDispute(Figures!.Account, Number, Actor)) switch
    {
        DisputeOutcome.Withdrawn => new NoticeText(NoticeKind.Done, "You took the dispute back.", Money: "The charge stays as it is."),
        _ => new NoticeText(NoticeKind.Info, "It was decided before you took it back.", Money: NothingChanged),
    }, Standing);

    private static string Standing(ChargeFigures now) =>
        now.Reversal is not null ? "The charge was reversed." : now.Dispute is { State: DisputeState.Open or DisputeState.Taken } ? "The charge is disputed." : "The charge is not disputed.";

    private long Number => PublicIds.TryParseCharge(Figures!.Id, out _, out var number) ? number : throw new InvalidOperationException($"{Figures.Id} is no charge.");

    /// <summary>Another's charge is not told from one that does not exist; one that was here is kept somewhere.</summary>
    private async Task LeaveIfNotFound()
    {
        archived = Figures is null && Acting?.Account is { } account ? await Reader.Archived(account, Id) : null;
        if (Figures is null && archived is null && Acting?.Account is not null)
        {
            Nav.NotFound();
        }
    }
}
