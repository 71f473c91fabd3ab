namespace Portal.Ui;

/// <summary>
/// The short names that people use for their zones. .NET knows only long ones, and their initials mislead: "Central European
/// Standard Time" would become CEST, which is summer time. A zone that is not listed is named by its distance from UTC.
/// </summary>
internal static class ZoneNames
{
    private static readonly Dictionary<string, (string Standard, string Daylight)> names = Build(
        ("CET", "CEST", "Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome Europe/Amsterdam Europe/Brussels Europe/Vienna Europe/Zurich Europe/Prague Europe/Warsaw Europe/Budapest Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Belgrade Europe/Zagreb Europe/Ljubljana Europe/Bratislava Europe/Luxembourg Europe/Malta Europe/Sarajevo Europe/Skopje Europe/Tirane Europe/Podgorica Europe/Monaco Europe/Andorra Europe/Vaduz Europe/San_Marino Europe/Vatican Africa/Ceuta Arctic/Longyearbyen"),
        ("EET", "EEST", "Europe/Athens Europe/Helsinki Europe/Bucharest Europe/Sofia Europe/Kyiv Europe/Kiev Europe/Riga Europe/Tallinn Europe/Vilnius Europe/Chisinau Asia/Nicosia Asia/Beirut Africa/Cairo"),
        ("GMT", "BST", "Europe/London Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle_of_Man"),
        ("WET", "WEST", "Europe/Lisbon Atlantic/Madeira Atlantic/Canary Atlantic/Faroe"),
        ("MSK", "MSK", "Europe/Moscow"),
        ("EST", "EDT", "America/New_York America/Detroit America/Toronto America/Montreal America/Kentucky/Louisville America/Indiana/Indianapolis America/Nassau"),
        ("CST", "CDT", "America/Chicago America/Winnipeg America/Menominee America/Indiana/Knox"),
        ("MST", "MDT", "America/Denver America/Boise America/Edmonton"),
        ("MST", "MST", "America/Phoenix"),
        ("PST", "PDT", "America/Los_Angeles America/Vancouver America/Tijuana"),
        ("AKST", "AKDT", "America/Anchorage America/Juneau"),
        ("HST", "HST", "Pacific/Honolulu"),
        ("AST", "ADT", "America/Halifax Atlantic/Bermuda"),
        ("NST", "NDT", "America/St_Johns"),
        ("IST", "IST", "Asia/Kolkata Asia/Calcutta"),
        ("JST", "JST", "Asia/Tokyo"),
        ("KST", "KST", "Asia/Seoul"),
        ("HKT", "HKT", "Asia/Hong_Kong"),
        ("PKT", "PKT", "Asia/Karachi"),
        ("WIB", "WIB", "Asia/Jakarta"),
        ("SAST", "SAST", "Africa/Johannesburg"),
        ("EAT", "EAT", "Africa/Nairobi"),
        ("WAT", "WAT", "Africa/Lagos"),
        ("AEST", "AEDT", "Australia/Sydney Australia/Melbourne Australia/Hobart Australia/Canberra"),
        ("AEST", "AEST", "Australia/Brisbane"),
        ("ACST", "ACDT", "Australia/Adelaide"),
        ("AWST", "AWST", "Australia/Perth"),
        ("NZST", "NZDT", "Pacific/Auckland"),
        ("UTC", "UTC", "UTC Etc/UTC Etc/GMT GMT"));

    public static string At(TimeZoneInfo zone, DateTimeOffset instant)
    {
        if (names.TryGetValue(zone.Id, out var name))
        {
            return zone.IsDaylightSavingTime(instant) ? name.Daylight : name.Standard;
        }
        var offset = zone.GetUtcOffset(instant);
        if (offset == TimeSpan.Zero)
        {
            return "UTC";
        }
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        offset = offset.Duration();
        return offset.Minutes == 0 ? $"UTC{sign}{offset.Hours}" : $"UTC{sign}{offset.Hours}:{offset.Minutes:00}";
    }

    private static Dictionary<string, (string Standard, string Daylight)> Build(params (string Standard, string Daylight, string Zones)[] groups) =>
        groups.SelectMany(group => group.Zones.Split(' ').Select(zone => (zone, (group.Standard, group.Daylight)))).ToDictionary();
}
