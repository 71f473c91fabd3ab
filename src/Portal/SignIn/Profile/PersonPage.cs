using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.SignIn.ViewAs;

namespace Portal.SignIn.Profile;

/// <summary>
/// A page of the profile: it knows the person as the database has them now. Whose sign-in no longer counts is sent to the sign-in,
/// and the page shows and does nothing.
/// </summary>
public abstract class PersonPage : ComponentBase
{
    [Inject]
    private Viewer Viewer { get; set; } = default!;

    [Inject]
    protected UserManager<User> Users { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>The person; null when the page shows nothing.</summary>
    protected User? Person { get; private set; }

    /// <summary>Who acts, with the roles they have now.</summary>
    protected Acting? Acting { get; private set; }

    protected sealed override async Task OnInitializedAsync()
    {
        Acting = await Viewer.Who();
        if (Acting?.ViewAs is not null)
        {
            // Never comes here: the request is refused before. Should it, there is nothing to see.
            Navigation.NavigateTo(ViewableAttribute.Over, forceLoad: true);
            return;
        }

        Person = Acting?.Actor.UserId is { } id ? await Users.FindByIdAsync(id) : null;
        if (Person is null)
        {
            var here = "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
            Navigation.NavigateTo($"/sign-in?returnUrl={Uri.EscapeDataString(here)}", forceLoad: true);
            return;
        }

        await Prepare();
    }

    /// <summary>What the page needs besides the person. A form that was sent is handled after it.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;
}
