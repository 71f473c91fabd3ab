using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Settings;
using Portal.Ui;

namespace Portal.Keys;

/// <summary>What the page does. The secret of a token that was just made is held by this page alone, until it is hidden or left.</summary>
public sealed partial class KeysPage
{
    private const string NotMade = "We couldn't make the token.";
    private const string NotRevoked = "We couldn't revoke the token.";

    private MakeTokenOutcome.Made? made;
    private TokenLine? asked;
    private bool asking;
    private NoticeText? result;

    [Inject]
    private PersonalTokens Tokens { get; set; } = default!;

    [Inject]
    private NavigationManager Nav { get; set; } = default!;

    [Inject]
    private PortalSettings Settings { get; set; } = default!;

    protected override async Task<KeysFigures?> Read(string account) => await Tokens.Read(account);

    /// <summary>Where scripts call: the configured address, else the one that this page was opened at.</summary>
    private string address => Settings.PublicUrl == "" ? Nav.BaseUri.TrimEnd('/') : Settings.PublicUrl.TrimEnd('/');

    /// <summary>Whether it was made, so that the form is emptied.</summary>
    private async Task<bool> Make(string name, int days)
    {
        made = null;
        result = await Write(NotMade, async () =>
        {
            switch (await Tokens.Make(Figures!.Account, name, days, Actor))
            {
                case MakeTokenOutcome.Made done:
                    made = done;
                    return new NoticeText(NoticeKind.Done, $"The token “{done.Token.Name}” is made.", Do: "Copy it below now: it is shown once. A mail tells you of it too.");
                case MakeTokenOutcome.TooMany(var most):
                    return new NoticeText(NoticeKind.Refused, NotMade, $"An account has at most {most} tokens, and yours has as many.", "Nothing was changed.", "Revoke one that you no longer need, then make this one.");
                case MakeTokenOutcome.WrongName:
                    return new NoticeText(NoticeKind.Refused, NotMade, $"A name has 1 to {PersonalTokens.LongestName} characters.", "Nothing was changed.");
                case MakeTokenOutcome.WrongDays(var longest):
                    return new NoticeText(NoticeKind.Refused, NotMade, $"A token counts for 1 to {longest} days.", "Nothing was changed.");
                default:
                    throw new InvalidOperationException("Making a token has four outcomes.");
            }
        }, now => $"{Counting(now)} A token whose secret you did not see is of no use: revoke it.");
        StateHasChanged();
        return made is not null;
    }

    private void AskToRevoke(TokenLine token)
    {
        (asked, asking, result) = (token, true, null);
        StateHasChanged();
    }

    /// <summary>Null closes the dialog, and the page says what was done; words stay inside it.</summary>
    private async Task<NoticeText?> Revoke()
    {
        var token = asked!;
        var answer = await Write(NotRevoked, async () => await Tokens.Revoke(Figures!.Account, token.Prefix, Actor) switch
        {
            RevokeTokenOutcome.Revoked => new NoticeText(NoticeKind.Done, $"“{token.Name}” is revoked.", Do: "Scripts that use it are refused from now on."),
            RevokeTokenOutcome.HadEnded => new NoticeText(NoticeKind.Info, $"“{token.Name}” had ended before."),
            _ => throw new InvalidOperationException("Revoking a token has two outcomes."),
        }, Counting);
        if (answer.Kind is NoticeKind.Refused or NoticeKind.Failed)
        {
            return answer;
        }
        result = answer;
        if (made?.Token.Prefix == token.Prefix)
        {
            made = null;
        }
        return null;
    }

    private void Hide()
    {
        (made, result) = (null, null);
        StateHasChanged();
    }

    private static string Counting(KeysFigures now) => now.Tokens.Count(t => t.CountsAt(now.AsOf)) switch
    {
        0 => "No token counts now.",
        1 => "One token counts now.",
        var many => $"{many} tokens count now.",
    };
}
