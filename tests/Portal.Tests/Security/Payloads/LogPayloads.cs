using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Security;

namespace Portal.Tests.Security.Payloads;

/// <summary>What callers send stands in the log, and never begins a line of it.</summary>
public sealed class LogPayloads
{
    private const string Forged = "info: Forged[0]";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\v")]
    [InlineData("\f")]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u001b[2J\u001b[H")]
    [InlineData("\b\b\b\b")]
    [InlineData("\u202e")]
    [InlineData("\0")]
    public void A_line_break_or_an_escape_in_a_message_or_an_exception_is_only_text(string payload)
    {
        var hostile = $"/v1/{payload}{Forged}";
        var failure = new InvalidOperationException(hostile);
        var text = new StringWriter();
        new PlainConsole().Write(
            new LogEntry<string>(LogLevel.Warning, "Portal.Test", 7, $"Refused {hostile}", failure, (state, _) => state), null, text);

        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("warn: Portal.Test[7]", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith("      ", line, StringComparison.Ordinal));
        Assert.DoesNotContain(text.ToString(), letter => letter != '\n' && (char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u202e'));
        Assert.Contains(Forged, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_request_begins_a_line_of_the_log_of_a_running_Portal()
    {
        await using var database = new SqliteDatabase();
        await database.Create();
        await using var portal = await PortalProcess.Start(database);
        using var client = portal.NewClient();
        foreach (var (method, path) in new[] { ("POST", "/v1/events%0A"), ("GET", $"/v1/accounts/x%0D%0A{Forged}/balance"), ("POST", $"/sign-in%0A{Forged}"), ("GET", $"/v1/charges/%1B%5B2J%0A{Forged}") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer a-key-that-nobody-made");
            request.Headers.TryAddWithoutValidation("Origin", $"https://evil.example\t{Forged}");
            using var answer = await client.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
        // What was refused is in the log, behind its indentation.
        const string visible = "\\u0009" + Forged;
        await Eventually.Holds(() => portal.Output.Contains(visible, StringComparison.Ordinal));
        Assert.DoesNotContain(portal.Output.Split('\n'), line => line.StartsWith(Forged, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', portal.Output);
    }
}
