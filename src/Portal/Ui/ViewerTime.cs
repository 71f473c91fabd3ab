using Microsoft.AspNetCore.Components;

namespace Portal.Ui;

/// <summary>
/// The viewer's time zone. A cookie brings it to the first, prerendered paint; it is handed on to the circuit, and the browser
/// confirms it once. Only on the very first visit, without the cookie, does UTC stand there until the browser has spoken.
/// </summary>
public sealed class ViewerTime
{
    /// <summary>The zone's IANA name; null while unknown. Public so that it is handed from the prerender to the circuit.</summary>
    [PersistentState]
    public string? ZoneId { get; set; }

    /// <summary>Fires when the zone became known or changed.</summary>
    public event Action? Changed;

    /// <summary>The zone; UTC while unknown.</summary>
    public TimeZoneInfo Zone =>
        ZoneId is not null && TimeZoneInfo.TryFindSystemTimeZoneById(ZoneId, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>Takes the zone that the browser named; a name that nobody knows is ignored.</summary>
    public void Adopt(string? zoneId)
    {
        if (string.IsNullOrEmpty(zoneId) || zoneId == ZoneId || zoneId.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out _))
        {
            return;
        }
        ZoneId = zoneId;
        Changed?.Invoke();
    }

    /// <summary>The instant on the viewer's clock.</summary>
    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <summary>"Dec 2".</summary>
    public string Day(DateTimeOffset instant) => Local(instant).ToString("MMM d", English);

    /// <summary>"Dec 2, 2026".</summary>
    public string Date(DateTimeOffset instant) => Local(instant).ToString("MMM d, yyyy", English);

    /// <summary>"Dec 2, 14:00 CET".</summary>
    public string Minute(DateTimeOffset instant) => $"{Local(instant).ToString("MMM d, HH:mm", English)} {ZoneName(instant)}";

    /// <summary>"Dec 2, 2026, 14:00:05 CET".</summary>
    public string Full(DateTimeOffset instant) => $"{Local(instant).ToString("MMM d, yyyy, HH:mm:ss", English)} {ZoneName(instant)}";

    /// <summary>"14:00:05 CET".</summary>
    public string Clock(DateTimeOffset instant) => $"{Local(instant).ToString("HH:mm:ss", English)} {ZoneName(instant)}";

    /// <summary>The instant in one of these forms.</summary>
    public string Text(DateTimeOffset instant, InstantForm form) => form switch
    {
        InstantForm.Day => Day(instant),
        InstantForm.ZonedDay => $"{Day(instant)} {ZoneName(instant)}",
        InstantForm.Date => Date(instant),
        InstantForm.ZonedDate => $"{Date(instant)} {ZoneName(instant)}",
        InstantForm.Full => Full(instant),
        InstantForm.Clock => Clock(instant),
        _ => Minute(instant),
    };

    /// <summary>What the zone is called at that instant: "CET", "CEST"; "UTC+5:45" where no name is in common use.</summary>
    public string ZoneName(DateTimeOffset instant) => ZoneNames.At(Zone, instant);

    private static readonly System.Globalization.CultureInfo English = System.Globalization.CultureInfo.InvariantCulture;
}
