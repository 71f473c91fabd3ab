using System.Security.Cryptography;

namespace Portal.Ui;

/// <summary>The short id that a person reads to support, and that finds the log line.</summary>
public static class Reference
{
    /// <summary>A new one, such as "7f3a09c1".</summary>
    public static string New() => RandomNumberGenerator.GetHexString(8, lowercase: true);
}
