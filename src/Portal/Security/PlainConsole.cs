using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Portal.Security;

/// <summary>
/// Log lines that nobody outside can forge. Paths, headers and names of callers stand in messages and in exceptions; a line break or an
/// escape sequence in one would begin a line of its own, or move the terminal's cursor. Only what the logger itself begins stands at a
/// line's start: everything after it is indented, and control characters are written as what they are.
/// </summary>
public sealed class PlainConsole() : ConsoleFormatter(FormatName)
{
    public const string FormatName = "plain";

    private const string Indent = "      ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var text = new StringBuilder().Append(Level(logEntry.LogLevel)).Append(": ").Append(Visible(logEntry.Category)).Append('[').Append(logEntry.EventId.Id).Append(']').Append(Request()).Append('\n')
            .Append(Indent).Append(Visible(logEntry.Formatter(logEntry.State, logEntry.Exception))).Append('\n');
        if (logEntry.Exception is { } failure)
        {
            // Its own lines stay lines, each indented: a stack trace is read by people.
            foreach (var line in failure.ToString().Split('\n'))
            {
                text.Append(Indent).Append(Visible(line.TrimEnd('\r'))).Append('\n');
            }
        }
        textWriter.Write(text);
    }

    /// <summary>The id of the request that it belongs to: the one in the API's errors, on the error page, in the audit and in traces. Formatted where the line is logged.</summary>
    private static string Request() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } request ? $" {request.TraceId}" : "";

    /// <summary>Control characters, and the separators that some viewers break lines at, as \uXXXX.</summary>
    private static string Visible(string text)
    {
        if (!text.Any(MustEscape))
        {
            return text;
        }
        var visible = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (MustEscape(letter))
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                visible.Append(letter);
            }
        }
        return visible.ToString();
    }

    private static bool MustEscape(char letter) =>
        char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
