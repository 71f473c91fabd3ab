using Microsoft.AspNetCore.Components;
using Portal.SignIn;
using Portal.Ui;

namespace Portal.Admin.People;

/// <summary>What the page does: each change asks for a reason first, and says what became of it.</summary>
public sealed partial class PeoplePage
{
    private const string Nothing = "Nothing was changed.";

    private StaffAsk? asked;
    private bool asking;
    private string reason = "";
    private NoticeText? result;

    [Inject]
    private PeopleReader Reader { get; set; } = default!;

    [Inject]
    private StaffChanges Changes { get; set; } = default!;

    /// <summary>Sessions come and go by themselves.</summary>
    protected override TimeSpan? LooksEvery => TimeSpan.FromSeconds(30);

    protected override async Task<PeopleFigures?> Read() => await Reader.Read();

    private static string Sentence(PeopleFigures figures)
    {
        var without = figures.Staff.Count(member => !member.Counts);
        var people = figures.Staff.Count == 1 ? "One person has" : $"{figures.Staff.Count} people have";
        return $"{people} a role of staff; " + without switch
        {
            0 => "all of them have a second factor.",
            1 => "one has no second factor yet, so their role does not count.",
            _ => $"{without} have no second factor yet, so their roles do not count.",
        };
    }

    private void Ask(StaffAsk ask)
    {
        (asked, asking, reason, result) = (ask, true, "", null);
        StateHasChanged();
    }

    /// <summary>Whether it was done, so that the form is emptied.</summary>
    private async Task<bool> Invite(string email, string role, string why)
    {
        var couldNot = $"We couldn't make {email} {role}.";
        result = await Write(couldNot, async () => await Changes.Invite(email, role, why, Actor) switch
        {
            StaffOutcome.Done => new NoticeText(NoticeKind.Done, $"{email} is {role} now.", Do: "A mail tells them, with a link if they have no password yet. The role counts once they have a second factor and sign in with it."),
            var refused => Refused(couldNot, refused),
        }, Counting);
        StateHasChanged();
        return result.Kind == NoticeKind.Done;
    }

    /// <summary>Null closes the dialog, and the page says what was done; words stay inside it.</summary>
    private async Task<NoticeText?> Confirm()
    {
        var ask = asked!;
        var couldNot = $"We couldn't {char.ToLowerInvariant(ask.Action[0])}{ask.Action[1..]}.";
        var answer = await Write(couldNot, async () => await Do(ask) switch
        {
            StaffOutcome.Done => new NoticeText(NoticeKind.Done, ask.Done),
            var refused => Refused(couldNot, refused),
        }, Counting);
        if (answer.Kind is NoticeKind.Refused or NoticeKind.Failed)
        {
            return answer;
        }
        result = answer;
        return null;
    }

    private Task<StaffOutcome> Do(StaffAsk ask) => ask.Kind switch
    {
        StaffAskKind.Give => Changes.Invite(ask.Member.Email, ask.Role, reason, Actor),
        StaffAskKind.Take => Changes.Take(ask.Member.Id, ask.Role, reason, Actor),
        StaffAskKind.EndSessions => Changes.EndSessions(ask.Member.Id, reason, Actor),
        _ => throw new InvalidOperationException($"{ask.Kind} is nothing to do."),
    };

    private static NoticeText Refused(string couldNot, StaffOutcome outcome) => outcome switch
    {
        StaffOutcome.WasSo => new(NoticeKind.Info, "It was so before.", Money: Nothing),
        StaffOutcome.NoReason => new(NoticeKind.Refused, couldNot, $"A reason has {StaffChanges.ShortestReason} to {StaffChanges.LongestReason} characters.", Nothing, "Say why, for whoever reads the audit later."),
        StaffOutcome.WrongAddress => new(NoticeKind.Refused, couldNot, "No mail can be sent to this address.", Nothing, "Write it as someone@example.com."),
        StaffOutcome.Unknown => new(NoticeKind.Refused, couldNot, "This person is gone, or no longer staff.", Nothing),
        StaffOutcome.Oneself => new(NoticeKind.Refused, couldNot, "Nobody gives a role to themselves.", Nothing, "Ask another administrator."),
        StaffOutcome.LastAdmin => new(NoticeKind.Refused, couldNot, "Nobody else could administer Portal then: an administrator counts only with a second factor.", Nothing, "Make somebody else an administrator first, and let them sign in."),
        _ => throw new InvalidOperationException($"{outcome} is no refusal."),
    };

    private static string Counting(PeopleFigures now) => $"{now.Staff.Count} people have a role of staff now.";
}
