namespace Ledger.Tests.Laws;

/// <summary>
/// How often a law is tried. <c>PORTAL_LAWS=long</c> in the environment asks for the long form, and a number for that many times. A law that fails prints its
/// seed; <c>CsCheck_Seed</c> in the environment replays it.
/// </summary>
internal static class Law
{
    public static long Times(long shortForm, long longForm) => Environment.GetEnvironmentVariable("PORTAL_LAWS") switch
    {
        null or "" or "short" => shortForm,
        "long" => longForm,
        var times => long.Parse(times, System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Fails with what is broken.</summary>
    public static void Require(bool holds, string broken)
    {
        if (!holds)
        {
            throw new InvalidOperationException(broken);
        }
    }
}
