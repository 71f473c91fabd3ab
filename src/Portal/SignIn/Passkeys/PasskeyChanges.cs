using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn.Forms;
using Portal.SignIn.Sessions;
using Portal.SignIn.TwoFactor;

namespace Portal.SignIn.Passkeys;

/// <summary>
/// A person's passkeys: added, named and removed, with an audit record, and a mail where it matters who can sign in. A passkey is as good as
/// password and code together, so whoever adds one proves both, if there are both.
/// </summary>
public sealed class PasskeyChanges(
    PortalDb db, UserManager<User> users, TwoFactorSignIn signIn, ProofOfPerson proof, SignInChanges changes, PasskeyUse use, SecurityMail mail, StaffDuty duty, SessionBook sessions,
    Links links, Clock clock)
{
    public const int Most = 20;

    public const int LongestName = 64;

    /// <summary>The person's passkeys, the oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> Of(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var all = await db.Set<Passkey>().AsNoTracking().Where(p => p.UserId == user.Id).ToListAsync();
        return [.. all.OrderBy(p => p.Data.CreatedAt)];
    }

    /// <summary>What the browser asks the device to make a passkey of, for who proves that they are the person. The proof lasts as long as the challenge.</summary>
    public async Task<PasskeyOutcome> Propose(User user, Actor by, string? password, string? code)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (await Refusal(user, by, password, code) is { } refusal)
        {
            return refusal;
        }

        var name = user.Email!;
        return new PasskeyOutcome.Proposed(await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = name, DisplayName = name }));
    }

    /// <summary>Adds what the device made of the challenge.</summary>
    public async Task<PasskeyOutcome> Add(User user, Actor by, string credentialJson, string? name)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (await Made(user, credentialJson) is not { } passkey)
        {
            return new PasskeyOutcome.NotAccepted();
        }

        passkey.Name = Name(name) ?? Device.Of(signIn.Context.Request.Headers.UserAgent.ToString());
        var owed = (await duty.Owed(user.Id)).Count > 0;
        await use.UseUp(credentialJson);
        try
        {
            var saved = await changes.Save(user, "AddPasskey", by, () => users.AddOrUpdatePasskeyAsync(user, passkey), after: new { passkey = Passkey.IdOf(passkey.CredentialId) });
            if (!saved.Succeeded)
            {
                return new PasskeyOutcome.NotAccepted();
            }
        }
        catch (DbUpdateException)
        {
            // The same answer came twice at once; the keys let one in.
            db.ChangeTracker.Clear();
            return new PasskeyOutcome.NotAccepted();
        }

        if (owed)
        {
            // Their device has just known them, after the password: that is the second factor that was missing.
            await signIn.StaySignedIn(user);
        }

        Tell(user, "You have a new passkey", $"The passkey \"{passkey.Name}\" was added. Whoever has its device and can unlock it signs in as you with it.");
        return new PasskeyOutcome.Done();
    }

    /// <summary>Gives it another name.</summary>
    public async Task<PasskeyOutcome> Rename(User user, Actor by, string id, string? name)
    {
        if (await Find(user, id) is not { } passkey || Name(name) is not { } wanted)
        {
            return new PasskeyOutcome.Unknown();
        }

        passkey.Name = wanted;
        var saved = await changes.Save(user, "RenamePasskey", by, () => users.AddOrUpdatePasskeyAsync(user, passkey), after: new { passkey = id });
        return saved.Succeeded ? new PasskeyOutcome.Done() : new PasskeyOutcome.Unknown();
    }

    /// <summary>Removes it and ends every other session: somebody may have come in by it.</summary>
    public async Task<PasskeyOutcome> Remove(User user, Actor by, string id, string? password)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (await Find(user, id) is not { } passkey)
        {
            return new PasskeyOutcome.Unknown();
        }

        if (await WhyItStays(user) is { } stays)
        {
            return stays;
        }

        if (!await proof.Holds(user, by.Session, password))
        {
            return new PasskeyOutcome.NotProved(ProofFields.Refused(user));
        }

        var saved = await changes.Save(user, "RemovePasskey", by, () =>
        {
            user.SecurityStamp = Guid.NewGuid().ToString();
            return users.RemovePasskeyAsync(user, passkey.CredentialId);
        }, SessionEnd.Changed, but: by.Session, after: new { passkey = id });
        if (!saved.Succeeded)
        {
            return new PasskeyOutcome.Unknown();
        }

        await signIn.RefreshSignInAsync(user);
        Tell(user, "A passkey was removed", $"The passkey \"{passkey.Name}\" was removed: it signs nobody in any more. Everyone else who was signed in as you is signed out.");
        return new PasskeyOutcome.Done();
    }

    /// <summary>Why the person's last passkey stays; null if one of theirs may go.</summary>
    public async Task<PasskeyOutcome?> WhyItStays(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if ((await users.GetPasskeysAsync(user)).Count > 1)
        {
            return null;
        }

        return !user.TwoFactorEnabled && await signIn.IsStaff(user) ? new PasskeyOutcome.LastOfStaff()
            : user.PasswordHash is null && (await users.GetLoginsAsync(user)).Count == 0 ? new PasskeyOutcome.OnlyWayIn()
            : null;
    }

    private async Task<PasskeyOutcome?> Refusal(User user, Actor by, string? password, string? code)
    {
        if (!await proof.Holds(user, by.Session, password))
        {
            return new PasskeyOutcome.NotProved(ProofFields.Refused(user));
        }

        var has = (await users.GetPasskeysAsync(user)).Count;
        if (has > 0 && await signIn.IsStaff(user) && await sessions.Use(by.Session!) is not { PassedSecondFactor: true })
        {
            return new PasskeyOutcome.NeedsPasskeySignIn();
        }

        if (has >= Most)
        {
            return new PasskeyOutcome.TooMany();
        }

        return user.TwoFactorEnabled ? await WrongCode(user, code) : null;
    }

    /// <summary>A wrong code counts like one at the sign-in.</summary>
    private async Task<PasskeyOutcome?> WrongCode(User user, string? code)
    {
        if (await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, AuthenticatorCodes.Typed(code)))
        {
            await users.ResetAccessFailedCountAsync(user);
            return null;
        }

        await users.AccessFailedAsync(user);
        return new PasskeyOutcome.WrongCode();
    }

    /// <summary>The passkey that the device made, if it is right and for this person. Identity would date it by the machine's clock.</summary>
    private async Task<UserPasskeyInfo?> Made(User user, string credentialJson)
    {
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credentialJson) is { Succeeded: true, UserEntity.Id: var id, Passkey: var made } && id == user.Id
                ? new UserPasskeyInfo(
                    made.CredentialId, made.PublicKey, clock.Now, made.SignCount, made.Transports, made.IsUserVerified, made.IsBackupEligible, made.IsBackedUp, made.AttestationObject, made.ClientDataJson)
                : null;
        }
        catch (InvalidOperationException)
        {
            // This browser has no challenge, or no longer.
            return null;
        }
    }

    private async Task<UserPasskeyInfo?> Find(User user, string id) => (await users.GetPasskeysAsync(user)).FirstOrDefault(p => Passkey.IdOf(p.CredentialId) == id);

    private static string? Name(string? typed) => typed?.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? name : null;

    private void Tell(User user, string subject, string what) => mail.Tell(user, subject, $"{what} Your passkeys are at {links.To("/profile/passkeys")}");
}
