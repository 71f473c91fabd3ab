using System.Globalization;

namespace Portal.Accounts;

/// <summary>
/// Ids of what has a number within its account: "demo-pro.c17" is charge 17 of demo-pro, "demo-pro.g2" a grant, "demo-pro.e40" an entry.
/// Account keys have no dot, so an id can be taken apart again.
/// </summary>
public static class PublicIds
{
    public static string Charge(string account, long number) => Of(account, 'c', number);

    public static string Grant(string account, int number) => Of(account, 'g', number);

    public static string Entry(string account, long seq) => Of(account, 'e', seq);

    /// <summary>The account and the number of a charge's id. Each charge has one id: zeros before the number are refused. Whether such an account exists is another question.</summary>
    public static bool TryParseCharge(string? id, out string account, out long number)
    {
        (account, number) = ("", 0);
        var dot = id?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 1 || dot + 2 >= id!.Length || id[dot + 1] != 'c' || id[dot + 2] is < '1' or > '9'
            || !long.TryParse(id.AsSpan(dot + 2), NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }
        account = id[..dot];
        return true;
    }

    private static string Of(string account, char kind, long number) => string.Create(CultureInfo.InvariantCulture, $"{account}.{kind}{number}");
}
