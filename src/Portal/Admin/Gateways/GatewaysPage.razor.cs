using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Api.Keys;
using Portal.Ui;

namespace Portal.Admin.Gateways;

/// <summary>What the page does. The secret of a key that was just made is held by this page alone, until it is hidden or left.</summary>
public sealed partial class GatewaysPage
{
    private const string NotMade = "We couldn't make the key.";
    private const string NotChanged = "We couldn't change what the key may do.";
    private const string NotRevoked = "We couldn't revoke the key.";
    private const string Unchanged = "No key was changed.";

    private string name = "";
    private string rate = "";
    private KeyScopes scopes = KeyScopes.Usage | KeyScopes.Authorize;
    private KeyScopes newScopes;
    private MakeKeyOutcome.Made? made;
    private KeyLine? asked;
    private bool asking;
    private bool changing;
    private NoticeText? result;

    [Inject]
    private GatewayDesk Keys { get; set; } = default!;

    protected override async Task<GatewayFigures?> Read() => await Keys.Read();

    private async Task Make()
    {
        int? perSecond = null;
        if (!string.IsNullOrWhiteSpace(rate))
        {
            perSecond = int.TryParse(rate.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }
        await Show(() => Keys.Make(name, scopes, perSecond, Actor));
        if (made is not null)
        {
            (name, rate) = ("", "");
        }
    }

    private Task Rotate(KeyLine key) => Show(() => Keys.Rotate(key.Prefix, Actor));

    private async Task Show(Func<Task<MakeKeyOutcome>> make)
    {
        made = null;
        result = await Write(NotMade, async () =>
        {
            switch (await make())
            {
                case MakeKeyOutcome.Made done:
                    made = done;
                    return new NoticeText(NoticeKind.Done, $"The key “{done.Key.Name}” is made.", Do: "Copy its secret below now: it is shown once.");
                case MakeKeyOutcome.WrongName:
                    return new NoticeText(NoticeKind.Refused, NotMade, $"A name has 1 to {GatewayDesk.LongestName} characters.", Unchanged);
                case MakeKeyOutcome.NoScope:
                    return new NoticeText(NoticeKind.Refused, NotMade, "Without a scope it could do nothing.", Unchanged, "Tick what it may do.");
                case MakeKeyOutcome.WrongRate:
                    return new NoticeText(NoticeKind.Refused, NotMade, "A rate is a whole number of requests a second, at least 1.", Unchanged);
                case MakeKeyOutcome.NothingToReplace:
                    return new NoticeText(NoticeKind.Refused, NotMade, "The key was revoked meanwhile, or has its successor already.", Unchanged);
                default:
                    throw new InvalidOperationException("Making a key has five outcomes.");
            }
        }, _ => "A key whose secret you did not see is of no use: revoke it.");
        StateHasChanged();
    }

    private void Ask(KeyLine key, KeyScopes? now)
    {
        (asked, result, asking, changing, newScopes) = (key, null, now is null, now is not null, now ?? default);
        StateHasChanged();
    }

    private Task<NoticeText?> Revoke() => Close(NotRevoked, () => Keys.Revoke(asked!.Prefix, Actor), $"“{asked!.Name}” is revoked.");

    private Task<NoticeText?> SaveScopes() => Close(NotChanged, () => Keys.SetScopes(asked!.Prefix, newScopes, Actor), $"“{asked!.Name}” may now: {ScopeTicks.Text(newScopes)}.");

    /// <summary>Null closes the dialog, and the page says what was done; words stay inside it.</summary>
    private async Task<NoticeText?> Close(string couldNot, Func<Task<KeyOutcome>> write, string done)
    {
        var answer = await Write(couldNot, async () => await write() switch
        {
            KeyOutcome.Done => new NoticeText(NoticeKind.Done, done, "On other instances it counts within seconds."),
            KeyOutcome.Unchanged => new NoticeText(NoticeKind.Info, "It was so before. Nothing was changed."),
            KeyOutcome.HadEnded => new NoticeText(NoticeKind.Info, $"“{asked!.Name}” had been revoked before."),
            KeyOutcome.NoScope => new NoticeText(NoticeKind.Refused, couldNot, "Without a scope it could do nothing.", Unchanged, "Revoke it instead."),
            _ => throw new InvalidOperationException("Changing a key has four outcomes."),
        }, _ => "See below what is true now.");
        if (answer.Kind is NoticeKind.Refused or NoticeKind.Failed)
        {
            return answer;
        }
        result = answer;
        StateHasChanged();
        return null;
    }
}
