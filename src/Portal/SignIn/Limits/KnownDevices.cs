using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.Limits;

/// <summary>
/// Browsers in which someone has signed in before, by a cookie that only we can make. Without it a stranger could shut a person out for as
/// long as they like, by sending wrong passwords for their address: in such a browser strangers' tries do not count. The cookie opens
/// nothing; it holds a number and no address.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, ILookupNormalizer normalizer, IHostEnvironment environment)
{
    /// <summary>A browser is shared by few people; the one who has not signed in for longest is forgotten.</summary>
    private const int MostPeople = 5;

    private readonly IDataProtector protector = protection.CreateProtector("Portal.KnownDevice");

    private string Cookie => environment.IsDevelopment() ? "portal-device" : "__Host-portal-device";

    /// <summary>The browser's number, if this person has signed in in it before.</summary>
    public string? Of(HttpContext context, string email)
    {
        var known = Read(context);
        return known.People.Contains(Mark(known.Device, email)) ? known.Device : null;
    }

    /// <summary>From now on the browser is known to be this person's.</summary>
    public void Remember(HttpContext context, User user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        var (device, people) = Read(context);
        var mark = Mark(device, user.Email!);
        var value = protector.Protect(string.Join(' ', [device, mark, .. people.Where(other => other != mark).Take(MostPeople - 1)]));
        context.Response.Cookies.Append(Cookie, value, new CookieOptions
        {
            HttpOnly = true,
            Secure = !environment.IsDevelopment(),
            SameSite = SameSiteMode.Lax,
            MaxAge = TimeSpan.FromDays(365),
            IsEssential = true,
        });
    }

    private (string Device, IReadOnlyList<string> People) Read(HttpContext context)
    {
        try
        {
            if (context.Request.Cookies[Cookie] is { Length: > 0 } value && protector.Unprotect(value).Split(' ') is [var device, .. var people])
            {
                return (device, people);
            }
        }
        catch (CryptographicException)
        {
            // Not of our making, or of keys that are gone: a browser like any other.
        }

        return (RandomNumberGenerator.GetHexString(32, lowercase: true), []);
    }

    private string Mark(string device, string email) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{device} {normalizer.NormalizeEmail(email)}")));
}
