using System.Globalization;
using Ledger;

namespace Portal.Statements;

/// <summary>What a statement is called in addresses and file names, as in the API: the UTC day on which its period began.</summary>
public static class StatementAddress
{
    private const string Form = "yyyy-MM-dd";

    public static string Of(Period period) => Period.DayOf(period.Start).ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The page of a statement.</summary>
    public static string Page(Period period) => $"/statements/{Of(period)}";

    /// <summary>The day; <c>null</c> if it is none.</summary>
    public static DateOnly? Day(string address) => DateOnly.TryParseExact(address, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
