using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Tests.SignIn.Passkeys;

/// <summary>
/// A device that keeps one passkey, and the browser in front of it: it answers what Portal asks as WebAuthn says. What it is told to do
/// wrong, it does wrong, and signs it rightly.
/// </summary>
public sealed class PasskeyDevice(Uri site) : IDisposable
{
    private const byte Present = 0x01, Verified = 0x04, HasKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string _userHandle = "";

    /// <summary>The address on which the browser is.</summary>
    public Uri Site { get; set; } = site;

    /// <summary>The name that the passkey is bound to.</summary>
    public string Domain { get; set; } = site.Host;

    /// <summary>Whether it checks its owner before it answers.</summary>
    public bool ChecksItsOwner { get; set; } = true;

    /// <summary>How often it has answered; devices that share their passkeys do not count.</summary>
    public uint? Count { get; set; }

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The answer of navigator.credentials.create.</summary>
    public string Create(string options)
    {
        var asked = JsonDocument.Parse(options).RootElement;
        _userHandle = asked.GetProperty("user").GetProperty("id").GetString()!;
        var point = _key.ExportParameters(false).Q;
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] credential = [.. new byte[16], 0, (byte)CredentialId.Length, .. CredentialId, .. publicKey];
        byte[] data = [.. Data(HasKey), .. credential];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        return Answer(new { clientDataJSON = Encode(ClientData("webauthn.create", asked)), attestationObject = Encode(attestation), transports = new[] { "internal" } });
    }

    /// <summary>The answer of navigator.credentials.get.</summary>
    public string Get(string options)
    {
        Count++;
        var clientData = ClientData("webauthn.get", JsonDocument.Parse(options).RootElement);
        var data = Data(0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { clientDataJSON = Encode(clientData), authenticatorData = Encode(data), signature = Encode(signature), userHandle = _userHandle });
    }

    public void Dispose() => _key.Dispose();

    private string Answer(object response) => JsonSerializer.Serialize(
        new { id = Encode(CredentialId), rawId = Encode(CredentialId), type = "public-key", clientExtensionResults = new { }, response });

    private byte[] ClientData(string type, JsonElement asked) => JsonSerializer.SerializeToUtf8Bytes(
        new { type, challenge = asked.GetProperty("challenge").GetString(), origin = Site.GetLeftPart(UriPartial.Authority), crossOrigin = false });

    private byte[] Data(byte flags)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(Domain), data);
        data[32] = (byte)(flags | Present | (ChecksItsOwner ? Verified : 0));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Count ?? 0);
        return data;
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static string Encode(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
