using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Testing;

namespace Portal.Bench.Proofs;

/// <summary>Tests that are a proof already: run as a process of their own, with the number of times that they are to try.</summary>
internal static partial class TestRuns
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly HashSet<string> _built = [];

    /// <summary>The tests of a project that a filter of <c>dotnet test</c> chooses.</summary>
    /// <param name="project">Its folder in tests.</param>
    /// <param name="times">How often each is tried, for those that can be tried more often.</param>
    /// <param name="filter">As after <c>dotnet test</c>.</param>
    public static async Task<Finding> Run(string project, int? times, params string[] filter)
    {
        var folder = Repository.At("tests", project);
        if (_built.Add(project) && await Start(["build", folder, "-c", Configuration, "--verbosity", "quiet"], null) is { Code: not 0 } broken)
        {
            throw new InvalidOperationException($"{project} does not build: {broken.Output}");
        }
        var clock = Stopwatch.StartNew();
        var (code, output) = await Start(["test", "--project", folder, "-c", Configuration, "--no-build", "--no-progress", .. filter], times);
        var (passed, failed, skipped) = (Count(output, "succeeded"), Count(output, "failed"), Count(output, "skipped"));
        if (code != 0)
        {
            Console.WriteLine(output);
        }
        var seen = $"{passed} tests of {project} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}, {clock.Elapsed:hh\\:mm\\:ss}";
        var verdict = code != 0 || passed == 0 ? Verdict.Failed : skipped > 0 ? Verdict.NotRun : Verdict.Holds;
        return new Finding(times is null ? "all" : $"{times:N0} times", seen, verdict);
    }

    private static async Task<(int Code, string Output)> Start(string[] arguments, int? times)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment.Remove(Proof.Variable);
        if (times is not null)
        {
            start.Environment[Proof.Variable] = times.Value.ToString(CultureInfo.InvariantCulture);
        }
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static int Count(string output, string what) =>
        Counts().Matches(output).LastOrDefault(match => match.Groups[1].Value == what) is { } last ? int.Parse(last.Groups[2].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^ *(succeeded|failed|skipped): *(\d+) *\r?$", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
