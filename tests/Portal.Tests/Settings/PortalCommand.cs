using System.Diagnostics;

namespace Portal.Tests.Settings;

/// <summary>Portal started as an operator starts it, with what it wrote and how it ended.</summary>
public sealed record PortalCommand(int Code, string Output)
{
    public static Task<PortalCommand> Run(params string[] arguments) => RunWith("", arguments);

    public static async Task<PortalCommand> RunWith(string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return new PortalCommand(process.ExitCode, await output + await errors);
    }
}
