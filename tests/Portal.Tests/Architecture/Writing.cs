using System.Text.RegularExpressions;

namespace Portal.Tests.Architecture;

/// <summary>How the code is written, as far as a machine can tell.</summary>
public sealed partial class Writing
{
    /// <summary>Longer than this is a smell.</summary>
    private const int LongFile = 300;

    /// <summary>Files of src that are longer, and how long they may be. The list only shrinks, and so does each number.</summary>
    private static readonly Dictionary<string, int> KnownLongFiles = [];

    private static IEnumerable<SourceFile> Code => Source.CodeIn("src/").Concat(Source.CodeIn("tests/"));

    [Fact]
    public void Classes_are_named_for_their_work() => Rule.HasNoOffender(Code.SelectMany(file => file.Find(EmptyName())));

    [Fact]
    public void No_interface_has_a_single_implementation()
    {
        Type[] types = [.. typeof(Program).Assembly.GetTypes(), .. typeof(Ledger.Money).Assembly.GetTypes()];
        var lonely =
            from type in types
            where type.IsInterface
            where types.Count(other => other.IsClass && !other.IsAbstract && type.IsAssignableFrom(other)) < 2
            select type.FullName!;
        Rule.HasNoOffender(lonely);
    }

    [Fact]
    public void Every_catch_names_what_it_catches() => Rule.HasNoOffender(Code.SelectMany(file => file.Find(CatchAll())));

    [Fact]
    public void Whoever_catches_everything_or_does_nothing_says_why()
    {
        var silent =
            from file in Code
            from Match found in Catch().Matches(file.Text)
            let everything = found.Groups["type"].Value is "Exception" && !found.Groups["when"].Success
            let nothing = string.IsNullOrWhiteSpace(WithoutComments().Replace(found.Groups["body"].Value, ""))
            where (everything || nothing) && !found.Groups["body"].Value.Contains("//", StringComparison.Ordinal)
            select $"{file.Path}: {found.Value.Split('\n')[0].Trim()}";
        Rule.HasNoOffender(silent);
    }

    [Fact]
    public void A_silenced_warning_or_test_says_why() =>
        Rule.HasNoOffender(Code.Where(NotThisFile).SelectMany(file => file.FindInText(SilencedWithoutReason())));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Rule.HasNoOffender(Source.All.Where(NotThisFile).SelectMany(file => file.FindInText(Later())));

    [Fact]
    public void No_file_names_the_machine_it_was_written_on() =>
        Rule.HasNoOffender(Source.All.Where(NotThisFile).SelectMany(file => file.FindInText(MachinePlace())));

    [Fact]
    public void Long_files_only_get_fewer_and_shorter()
    {
        var files = Source.CodeIn("src/").ToDictionary(file => file.Path, file => file.Lines.Length);
        Rule.HasNoOffender(
            from file in files
            where file.Value > Math.Max(LongFile, KnownLongFiles.GetValueOrDefault(file.Key))
            select $"{file.Key} has {file.Value} lines: split it by meaning.");
        Rule.HasNoOffender(
            from known in KnownLongFiles
            where files.GetValueOrDefault(known.Key) < known.Value
            select $"{known.Key} has {files.GetValueOrDefault(known.Key)} lines now: write that in the list, or take it off.");
    }

    private static bool NotThisFile(SourceFile file) => !file.Path.EndsWith("Architecture/Writing.cs", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Service|Manager|Helper|Helpers|Util|Utils|Utility)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\bcatch\s*($|\{)")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bcatch\s*\((?<type>[\w.]+)[^)]*\)(?<when>\s*when\b[^\n]*)?\s*\{(?<body>[^{}]*)")]
    private static partial Regex Catch();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex WithoutComments();

    [GeneratedRegex(@"#pragma warning disable(?!.*//\s*\w)|//\s*ReSharper\b(?!.*:\s*\w)|\bSkip\s*=\s*""\s*""|\bSuppressMessage\((?!.*Justification)")]
    private static partial Regex SilencedWithoutReason();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"(?<![\w.$}])/(tmp|home|root|work|Users)/|[A-Z]:\\|\bapi\.nuget\.org|\bregistry\.npmjs\.org|\.\./shared/|(?<![\w/])shared/")]
    private static partial Regex MachinePlace();
}
