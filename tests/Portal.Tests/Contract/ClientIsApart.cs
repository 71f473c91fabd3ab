using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Tests.Contract.Client;

namespace Portal.Tests.Contract;

/// <summary>The client of the contract is written from the contract's text: a type of the application in it would prove the application by itself.</summary>
public sealed partial class ClientIsApart
{
    [Fact]
    public void Its_files_name_no_room_of_the_application()
    {
        foreach (var file in Directory.GetFiles(Repository.At("tests", "Portal.Tests", "Contract", "Client"), "*.cs"))
        {
            Assert.Empty(Foreign().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
        }
    }

    [Fact]
    public void Its_types_are_made_of_its_own_and_the_frameworks()
    {
        var mine = typeof(ContractClient).Assembly.GetTypes().Where(type => type.Namespace == typeof(ContractClient).Namespace).ToList();
        Assert.Contains(typeof(BalanceShown), mine);
        var used = mine.SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(member => member switch
            {
                PropertyInfo property => [property.PropertyType],
                FieldInfo field => [field.FieldType],
                MethodBase method => method.GetParameters().Select(p => p.ParameterType),
                _ => Enumerable.Empty<Type>(),
            }).SelectMany(Parts).Distinct();
        Assert.All(used, type => Assert.DoesNotContain(type.Assembly, new[] { typeof(Program).Assembly, typeof(Ledger.Money).Assembly }));
    }

    private static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Append(type.HasElementType ? type.GetElementType()! : type);

    [GeneratedRegex(@"\bLedger\b|\bPortal\.(?!Tests\.Contract\.Client\b)\w+")]
    private static partial Regex Foreign();
}
