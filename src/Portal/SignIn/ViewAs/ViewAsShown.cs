namespace Portal.SignIn.ViewAs;

/// <summary>What of a view-as stands above every page.</summary>
public sealed record ViewAsShown(string Id, string Account, string Reason, string Ticket, DateTimeOffset EndsAt)
{
    public static ViewAsShown Of(ViewAsSession view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new ViewAsShown(view.Id, view.Account, view.Reason, view.Ticket, view.EndsAt);
    }
}
