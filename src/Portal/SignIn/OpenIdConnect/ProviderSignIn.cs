using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Portal.Settings;
using Portal.SignIn.Sessions;
using Portal.SignIn.TwoFactor;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>What became of someone who came back from the provider.</summary>
public abstract record Arrival
{
    public sealed record SignedIn(User User) : Arrival;

    public sealed record NeedsSecondFactor : Arrival;

    /// <summary>Nobody here is linked to them.</summary>
    public sealed record Unknown : Arrival;

    /// <summary>Linked to the person who had asked for it on their profile.</summary>
    public sealed record Linked : Arrival;

    /// <summary>That link could not be: one of the two has another.</summary>
    public sealed record LinkedOtherwise : Arrival;

    public sealed record Locked : Arrival;

    /// <summary>Nobody came: too late, or not by the way that leads here.</summary>
    public sealed record Nobody : Arrival;
}

/// <summary>
/// Who of the people here came back from the provider. The rule:
/// 1. A login is issuer and subject, and nothing else. Who is linked signs in, as after a password.
/// 2. Somebody who was invited, has no way in yet, and whose address the provider says is verified, is linked: reading their mail is
///    what the invitation's link asks for, too.
/// 3. Nobody else is linked because addresses are equal: whoever runs a mailbox, or a provider that does not check, would come in as
///    them. They sign in here with what they have, second factor too, after they came from the provider, and then confirm the link.
/// </summary>
public sealed class ProviderSignIn(
    TwoFactorSignIn signIn, UserManager<User> users, Viewer viewer, SessionBook sessions, ProviderLinks links, PortalSettings settings)
{
    /// <summary>Who came from the provider in this browser; null: nobody, or too long ago.</summary>
    public async Task<ProviderPerson?> Who() =>
        settings.SignIn.OpenIdConnect.IsOn() ? ProviderPerson.Read(await signIn.Context.AuthenticateAsync(ProviderSetup.PersonScheme)) : null;

    public async Task<Arrival> Arrive()
    {
        if (await Who() is not { } person)
        {
            return new Arrival.Nobody();
        }

        if (person.LinkFor is { } asked)
        {
            return await LinkFor(asked, person);
        }

        return await users.FindByLoginAsync(person.Issuer, person.Subject) is { } linked ? await SignIn(linked, person)
            : await Invited(person) is { } invited && await TakeUp(invited, person) ? await SignIn(invited, person)
            : new Arrival.Unknown();
    }

    /// <summary>Whether nobody here is linked to them yet.</summary>
    public async Task<bool> IsUnknown(ProviderPerson person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return await users.FindByLoginAsync(person.Issuer, person.Subject) is null;
    }

    /// <summary>Who has signed in here since they came from the provider, and so has shown whose sign-in it is; an older session shows nothing.</summary>
    public async Task<(User User, Acting Acting)?> Proven(ProviderPerson person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return await viewer.Who(signIn.Context.User) is { Actor: { UserId: { } id, Session: { } session } } acting
            && await sessions.Use(session) is { } opened && opened.SignedInAt >= person.At
            && await users.FindByIdAsync(id) is { } user
            ? (user, acting)
            : null;
    }

    /// <summary>Links the two after the confirmation.</summary>
    public async Task<bool> Confirm()
    {
        if (await Who() is not { LinkFor: null } person || await Proven(person) is not var (user, acting))
        {
            return false;
        }

        await Forget();
        return await links.Link(user, person, acting.Actor);
    }

    /// <summary>Forgets who came from the provider.</summary>
    public Task Forget() => signIn.Context.SignOutAsync(ProviderSetup.PersonScheme);

    private async Task<Arrival> LinkFor(string asked, ProviderPerson person)
    {
        await Forget();
        return await viewer.Who(signIn.Context.User) is not { Actor: var actor } || actor.UserId != asked || await users.FindByIdAsync(asked) is not { } user ? new Arrival.Nobody()
            : await links.Link(user, person, actor) ? new Arrival.Linked()
            : new Arrival.LinkedOtherwise();
    }

    private async Task<User?> Invited(ProviderPerson person) =>
        person is { EmailIsVerified: true, Email: { } email } && Invitations.IsAddress(email)
        && await users.FindByEmailAsync(email) is { PasswordHash: null, EmailConfirmed: false } user
        && await links.Of(user) is null && (await users.GetPasskeysAsync(user)).Count == 0
            ? user
            : null;

    /// <summary>Takes the invitation up, which also confirms the address.</summary>
    private Task<bool> TakeUp(User user, ProviderPerson person)
    {
        user.EmailConfirmed = true;
        return links.Link(user, person);
    }

    private async Task<Arrival> SignIn(User user, ProviderPerson person)
    {
        var provider = settings.SignIn.OpenIdConnect;
        var result = await signIn.ProviderSignIn(user, provider.DisplayName, provider.TrustsItsSecondFactor && person.PassedSecondFactor);
        await Forget();
        return result.Succeeded ? new Arrival.SignedIn(user) : result.RequiresTwoFactor ? new Arrival.NeedsSecondFactor() : new Arrival.Locked();
    }
}
