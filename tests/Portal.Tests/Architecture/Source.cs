using System.Text.RegularExpressions;

namespace Portal.Tests.Architecture;

/// <summary>One file of the repository, as text.</summary>
/// <param name="Path">Below the repository's top folder, with slashes.</param>
public sealed partial record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary>The lines without comments and without what strings say, so that a rule about code does not trip over prose.</summary>
    public IEnumerable<(int Number, string Code)> Code =>
        Lines.Select((line, index) => (index + 1, Comment().Replace(Quoted().Replace(line, "\"\""), "")));

    /// <summary>Where the code matches, as a list that a person can click through.</summary>
    public IEnumerable<string> Find(Regex pattern) =>
        from line in Code
        where pattern.IsMatch(line.Code)
        select $"{Path}:{line.Number}: {line.Code.Trim()}";

    /// <summary>The same in the whole text, comments and strings too.</summary>
    public IEnumerable<string> FindInText(Regex pattern) =>
        from line in Lines.Select((text, index) => (Number: index + 1, Text: text))
        where pattern.IsMatch(line.Text)
        select $"{Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"//.*$|@\*.*?\*@|<!--.*?-->")]
    private static partial Regex Comment();
}

/// <summary>The repository as the architecture's tests read it: what is written by hand, not what is built or generated.</summary>
public static class Source
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".vs", ".vscode", ".idea", "TestResults", "artifacts", "data", "node_modules"];
    private static readonly string[] Binary = [".png", ".jpg", ".woff2", ".ico", ".db"];

    public static IReadOnlyList<SourceFile> All { get; } = [.. Read(new DirectoryInfo(Repository.Root))];

    public static IEnumerable<SourceFile> Ledger => CodeIn("src/Ledger/");

    public static IEnumerable<SourceFile> Portal => CodeIn("src/Portal/");

    /// <summary>C# and Razor below a folder.</summary>
    public static IEnumerable<SourceFile> CodeIn(string folder) =>
        All.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && (file.Path.EndsWith(".cs", StringComparison.Ordinal) || file.Path.EndsWith(".razor", StringComparison.Ordinal)));

    private static IEnumerable<SourceFile> Read(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(IsOurs).Select(Read)
            .Concat(folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name) && inner.Name is not ("Migrations" or "Compiled")).SelectMany(Read));

    private static bool IsOurs(FileInfo file) => !Binary.Contains(file.Extension) && file.Name is not (".git" or "packages.lock.json" or "package-lock.json");

    private static SourceFile Read(FileInfo file) =>
        new(System.IO.Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));
}
