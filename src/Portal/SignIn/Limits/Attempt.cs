using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.Limits;

/// <summary>
/// A form that was sent to a limited page: from which network address, and about whom. Whether we know that person makes no difference,
/// and every page counts for itself.
/// </summary>
public sealed record Attempt(string Address, string? Person)
{
    public static bool IsLimited(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<LimitedAttribute>() is not null;
    }

    /// <summary>
    /// Reads it off the request. A person on a browser in which they have signed in before is counted apart: what strangers send about
    /// them does not use up their own tries.
    /// </summary>
    public static async Task<Attempt> Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var page = context.Request.Path.Value!.ToUpperInvariant();
        var person = await PersonOf(context);
        var device = person is null ? null : context.RequestServices.GetRequiredService<KnownDevices>().Of(context, person);
        return new Attempt($"{page} {Network(context.Connection.RemoteIpAddress)}", person is null ? null : $"{page} {person} {device}");
    }

    /// <summary>The address that was typed, or whose link it is, or who is signed in, or has given a password and is asked for more.</summary>
    private static async Task<string?> PersonOf(HttpContext context)
    {
        if (await TypedAddress(context) is { Length: > 0 } typed)
        {
            return context.RequestServices.GetRequiredService<ILookupNormalizer>().NormalizeEmail(typed.Trim());
        }

        if (context.Request.Query["user"] is [{ Length: > 0 and <= 64 } owner])
        {
            return owner;
        }

        return context.User.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? (await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Principal?.FindFirstValue(ClaimTypes.Name);
    }

    private static async Task<string?> TypedAddress(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted))["Input.Email"] is [{ Length: <= 256 } typed] ? typed : null;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // No form that can be read, so nobody's; whoever handles the request refuses it.
            return null;
        }
    }

    /// <summary>A household or a company has one IPv4 address, and billions of IPv6 addresses that begin alike.</summary>
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
