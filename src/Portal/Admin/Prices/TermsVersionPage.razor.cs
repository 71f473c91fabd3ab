using System.Globalization;
using Ledger;
using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Terms;
using Portal.Ui;

namespace Portal.Admin.Prices;

/// <summary>What the page does. What is written on it stays on it until it is saved: somebody else's change is refused at the save, never mixed in.</summary>
public sealed partial class TermsVersionPage
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss";

    private List<string[]> rows = [];
    private string[] facts = [];
    private HashSet<string> ticked = [];
    private string from = "";
    private string keep = "";
    private string reason = "";
    private IReadOnlyList<CellIssue> issues = [];
    private int written = -1;
    private int edits;
    private (TermsKind, int) taken;
    private bool isUnsaved;
    private bool isBehind;
    private NoticeText? result;

    [Parameter]
    public int Number { get; set; }

    [Inject]
    private PriceReader Prices { get; set; } = default!;

    [Inject]
    private TermsVersions Versions { get; set; } = default!;

    [Inject]
    private Impacts Impacts { get; set; } = default!;

    [Inject]
    private AccountDoor Door { get; set; } = default!;

    [Inject]
    private NavigationManager Nav { get; set; } = default!;

    [Inject]
    private ViewerTime ViewerTime { get; set; } = default!;

    private TermsKind kind => PriceWords.KindAt(Nav.Uri);

    private string title => PriceWords.Name(kind, Number);

    private int open => SheetChecks.Open(issues, ticked).Count();

    private string? whyNotSend => isUnsaved ? "Save it before you send it."
        : Figures?.State == TermsState.Waiting ? "It waits already."
        : open == 1 ? "One cell has to be mended or ticked." : open > 1 ? $"{open} cells have to be mended or ticked." : null;

    protected override async Task<TermsVersionFigures?> Read()
    {
        var figures = await Prices.Read(kind, Number);
        if (figures is not null && !isUnsaved)
        {
            if (figures.Revision == written && taken == (kind, Number))
            {
                // It stands here already; drawn anew, a field would lose the focus and what is half typed in it.
                Check(figures);
            }
            else
            {
                Take(figures);
            }
        }
        return figures;
    }

    protected override object? Address => (kind, Number);

    protected override void OnParametersSet()
    {
        if (Figures is { } handed && written < 0)
        {
            // Handed on from the first paint, so nobody read it here.
            Take(handed);
        }
    }

    protected override Task LookAnew()
    {
        (isUnsaved, isBehind, result) = (false, false, null);
        return base.LookAnew();
    }

    private bool IsThis(TermsVersionFigures figures) => figures.Kind == kind && figures.Number == Number;

    private void Take(TermsVersionFigures figures)
    {
        var draft = figures.Draft;
        rows = [.. draft.Sheet.Rows.Select(row => row.ToArray())];
        facts = [.. draft.Sheet.Facts];
        ticked = [.. draft.Ticked];
        (from, keep, reason) = (Text(draft.EffectiveFrom), draft.KeepUntil is { } until ? Text(until) : "", draft.Reason);
        (written, taken, isUnsaved, isBehind) = (figures.Revision, (figures.Kind, figures.Number), false, false);
        Check(figures);
    }

    private void Check(TermsVersionFigures figures) => issues = figures.IsOpen ? SheetChecks.Of(figures.Shape(), Sheet(), figures.Before, figures.InUse) : [];

    private TermsSheet Sheet() => new([.. rows.Select(row => (IReadOnlyList<string>)[.. row])], [.. facts]);

    private void Written()
    {
        edits++;
        isUnsaved = true;
        Check(Figures!);
        StateHasChanged();
    }

    private void Pasted(TermsSheet sheet)
    {
        rows = [.. sheet.Rows.Select(row => row.ToArray())];
        facts = [.. sheet.Facts];
        Written();
    }

    private async Task Save()
    {
        if (Instant(from) is not { } at || (keep.Length > 0 && Instant(keep) is null))
        {
            result = new NoticeText(NoticeKind.Refused, "We couldn't save the draft.", "A date is missing, or is none.", "Nothing was changed.");
            return;
        }
        var saving = edits;
        await Act("We couldn't save the draft.", async () =>
        {
            var outcome = await Versions.Save(kind, Number, written, new TermsDraft(Sheet(), at, Instant(keep), reason, [.. issues.Select(i => i.Confirm).OfType<string>().Where(ticked.Contains)]), Actor);
            if (outcome is TermsOutcome.Saved(var revision))
            {
                // What was written while it was being saved is still to be saved.
                (written, taken, isUnsaved) = (revision, default, edits != saving);
            }
            else
            {
                isUnsaved = true;
            }
            isBehind = outcome is TermsOutcome.ChangedMeanwhile or TermsOutcome.NotNow;
            return outcome;
        });
    }

    private async Task LoadSaved()
    {
        (isUnsaved, taken, result) = (false, default, null);
        await Look();
    }

    private Task Send() => Act("We couldn't send it.", () => Versions.Send(kind, Number, written, Actor));

    private Task StartImpact(int days) => Act("We couldn't work out the impact.", () => Impacts.Start(kind, Number, Figures!.Revision, days, Actor));

    private Task ImpactDone()
    {
        // That it is being worked out is no longer true.
        result = null;
        return Look();
    }

    private Task Approve() => Act("We couldn't approve it.", () => Versions.Approve(kind, Number, Figures!.Revision, Figures.Replaces, Actor));

    private Task SendBack(string why) => Act("We couldn't send it back.", () => Versions.SendBack(kind, Number, why, Actor));

    private Task Withdraw(string why) => Act("We couldn't withdraw it.", () => Versions.Withdraw(kind, Number, why, Actor));

    /// <summary>Rolls back: a draft with these terms, on a page of its own.</summary>
    private async Task BringBack()
    {
        var made = 0;
        await Act("We couldn't make the draft.", async () =>
        {
            var outcome = await Versions.Draft(kind, Number, Actor);
            made = outcome is TermsOutcome.Drafted(var number) ? number : 0;
            return outcome;
        });
        if (made > 0)
        {
            Nav.NavigateTo(PriceWords.Path(kind, made));
        }
    }

    /// <summary>Pins an account to this version, or unpins it.</summary>
    private async Task Pin(string account, bool isPinned, string why)
    {
        result = await Write("We couldn't pin the account.", async () =>
        {
            try
            {
                return await Door.Submit(new PinPlanTerms(account, isPinned ? Figures!.Draft.EffectiveFrom : null, why, Actor)) switch
                {
                    PinOutcome.FromNextPeriod next => new NoticeText(NoticeKind.Done, isPinned ? $"{account} is pinned to these terms." : $"{account} is no longer pinned.", Money: $"It counts from {ViewerTime.Full(next.At)}, the account's next period."),
                    PinOutcome.Unchanged => new NoticeText(NoticeKind.Info, "It was so before.", Money: "Nothing was changed."),
                    PinOutcome.UnknownTerms => new NoticeText(NoticeKind.Refused, "The account's plan has no terms in this version.", "The version says nothing new of that plan, or has not begun.", "Nothing was changed.", "Pin it to the version that its terms are of."),
                    _ => throw new InvalidOperationException("Pinning has three outcomes."),
                };
            }
            catch (NotAllowedException refused)
            {
                // Also for an account that there is not: which of both it is, is said by the sentence.
                return new NoticeText(NoticeKind.Refused, "We couldn't pin the account.", refused.Message);
            }
        }, _ => "Nothing was changed.");
        StateHasChanged();
    }

    private async Task Act(string couldNot, Func<Task<TermsOutcome>> act)
    {
        result = await Write(couldNot, async () => PriceWords.Say(await act(), ViewerTime), now => $"The version is {PriceWords.State(now.State).ToLowerInvariant()}, as revision {now.Revision}.");
        StateHasChanged();
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
