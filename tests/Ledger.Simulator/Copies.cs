using System.Runtime.CompilerServices;

namespace Ledger.Simulator;

/// <summary>Copies of rows, as a database gives them: what is done to the object afterwards does not reach the row.</summary>
internal static class Copies
{
    /// <summary>The account with copies of all that it has loaded.</summary>
    public static Account Whole(Account account) => Copy(account);

    /// <summary>The account's own row: no grants, no periods.</summary>
    public static Account Row(Account account)
    {
        var row = Copy(account);
        row.Grants.Clear();
        row.Periods.Clear();
        row.Due.Clear();
        row.Past.Clear();
        return row;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Copy")]
    private static extern Account Copy(Account account);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Copy")]
    public static extern Grant Of(Grant grant);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Copy")]
    public static extern AccountPeriod Of(AccountPeriod period);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Copy")]
    public static extern Authorization Of(Authorization authorization);
}
