using System.Reflection;
using System.Text.RegularExpressions;
using Ledger;

namespace Portal.Tests.Architecture;

/// <summary>The rules of money touch nothing: no package, no clock, no I/O, no randomness, no static state, no fraction that rounds by itself.</summary>
public sealed partial class LedgerIsPure
{
    [Fact]
    public void It_references_the_base_class_library_only()
    {
        Assert.All(typeof(Money).Assembly.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
        var project = Source.All.Single(file => file.Path == "src/Ledger/Ledger.csproj");
        Assert.DoesNotContain("Reference Include", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_reads_no_clock_and_rolls_no_dice() => Rule.HasNoOffender(Source.Ledger.SelectMany(file => file.Find(ClockOrDice())));

    [Fact]
    public void It_reads_and_writes_nothing_outside_memory() => Rule.HasNoOffender(Source.Ledger.SelectMany(file => file.Find(OutsideMemory())));

    [Fact]
    public void It_counts_in_whole_numbers() => Rule.HasNoOffender(Source.Ledger.SelectMany(file => file.Find(Fraction())));

    [Fact]
    public void It_keeps_no_static_state()
    {
        var mutable =
            from type in typeof(Money).Assembly.GetTypes()
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.Name.Contains('<', StringComparison.Ordinal) || field.Name.Contains("k__BackingField", StringComparison.Ordinal)
            where !type.Name.Contains('<', StringComparison.Ordinal)
            where !(field.IsLiteral || field.IsInitOnly) || IsMutable(field.FieldType)
            select $"{type.Name}.{field.Name}";
        Rule.HasNoOffender(mutable);
    }

    private static bool IsMutable(Type type) =>
        type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(List<>) || generic == typeof(Dictionary<,>) || generic == typeof(HashSet<>)));

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(Now|UtcNow|Today)\b|\bTimeProvider\b|\bStopwatch\b|\bTickCount|\bRandom\b|\bRandomNumberGenerator\b|\bGuid\.(NewGuid|CreateVersion7\(\))")]
    private static partial Regex ClockOrDice();

    [GeneratedRegex(@"\bSystem\.(IO|Net|Diagnostics\.Process)\b|\b(File|Directory|Console|Environment|HttpClient|Thread|Task)\.")]
    private static partial Regex OutsideMemory();

    [GeneratedRegex(@"\b(float|double|decimal|Single|Double|Decimal|Half)\b")]
    private static partial Regex Fraction();
}
