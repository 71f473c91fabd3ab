using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ledger.Tests.Simulator;

/// <summary>Compiles src/Ledger with one text changed, and loads it with a simulator of its own beside the real one.</summary>
internal static class MutantCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);
    private static readonly ConcurrentDictionary<string, SyntaxTree> Trees = [];
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "netstandard.dll")
            .Select(path => MetadataReference.CreateFromFile(path))]);

    private static string Sources { get; } = Find();

    /// <summary>The sources' text; of one file with the rule broken.</summary>
    /// <exception cref="InvalidOperationException">The text stands there no more, or more than once.</exception>
    public static byte[] Compile(BrokenRule? rule)
    {
        var trees = Directory.EnumerateFiles(Sources, "*.cs").Select(path => rule is not null && Path.GetFileName(path) == rule.File
            ? CSharpSyntaxTree.ParseText(Break(File.ReadAllText(path), rule), Parsing, path)
            : Trees.GetOrAdd(path, p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), Parsing, p)));
        var compilation = CSharpCompilation.Create(
            "Ledger", [CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing), .. trees], References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, checkOverflow: true, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        return result.Success ? assembly.ToArray()
            : throw new InvalidOperationException($"'{rule?.Name}' does not compile: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
    }

    /// <summary>The file with the rule broken.</summary>
    /// <exception cref="InvalidOperationException">The text stands there no more, or more than once.</exception>
    public static string Changed(BrokenRule rule) => Break(File.ReadAllText(Path.Combine(Sources, rule.File)), rule);

    /// <summary>Runs seeds against a compiled Ledger until one fails, and tells what failed; <c>null</c> if none does.</summary>
    public static string? FirstFailure(byte[] ledger, int seeds, int commands)
    {
        var world = new World(ledger);
        try
        {
            // Loaded once more, so that it binds to the changed Ledger and not to the real one.
            var simulator = world.LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(Ledger.Simulator.Simulation).Assembly.Location)));
            var run = simulator.GetType(typeof(Ledger.Simulator.Simulation).FullName!)!.GetMethod(nameof(Ledger.Simulator.Simulation.Run))!;
            for (var seed = 1; seed <= seeds; seed++)
            {
                var result = run.Invoke(null, [seed, commands])!;
                if (result.GetType().GetProperty(nameof(Ledger.Simulator.SimulationResult.Failure))!.GetValue(result) is string failure)
                {
                    return failure;
                }
            }
            return null;
        }
        finally
        {
            world.Unload();
        }
    }

    /// <summary>Whoever asks for Ledger in here gets the changed one.</summary>
    private sealed class World(byte[] ledger) : AssemblyLoadContext("mutant", isCollectible: true)
    {
        private Assembly? _ledger;

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Ledger" ? _ledger ??= LoadFromStream(new MemoryStream(ledger)) : null;
    }

    private static string Break(string source, BrokenRule rule)
    {
        var at = source.IndexOf(rule.Text, StringComparison.Ordinal);
        return at >= 0 && source.IndexOf(rule.Text, at + 1, StringComparison.Ordinal) < 0
            ? string.Concat(source.AsSpan(0, at), rule.Broken, source.AsSpan(at + rule.Text.Length))
            : throw new InvalidOperationException($"'{rule.Name}' breaks a text that stands in {rule.File} not once: {rule.Text}");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
            {
                return Path.Combine(folder.FullName, "src", "Ledger");
            }
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Portal.sln.");
    }
}
