using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;

namespace Portal.Tests.Data;

/// <summary>A database's model as code: what stands in the repository, and what `dotnet ef dbcontext optimize` would write now.</summary>
internal static partial class CompiledModel
{
    private const string Command = "src/Portal/Data/compile-models";

    /// <summary>Fails with the command that puts it right, unless both are the same to the letter.</summary>
    public static void DemandNoDrift(PortalDb db)
    {
        var name = db.GetType().Name.Replace("PortalDb", "", StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        Write(db, name, folder.Path);
        var (now, kept) = (Files(folder.Path), Files(Repository.At("src", "Portal", "Data", "Compiled", name)));
        var other = now.Keys.Union(kept.Keys).Where(file => now.GetValueOrDefault(file) != kept.GetValueOrDefault(file)).Order(StringComparer.Ordinal).ToList();
        Assert.True(other.Count == 0, $"The compiled model of {db.GetType().Name} is not the one that the code makes now ({string.Join(", ", other)}). Run: {Command}");
    }

    private static void Write(PortalDb db, string name, string folder)
    {
        var provider = Assembly.Load(db.GetService<IDatabaseProvider>().Name);
        var services = new ServiceCollection();
        var own = provider.GetType(provider.GetCustomAttribute<DesignTimeProviderServicesAttribute>()!.TypeName, throwOnError: true)!;
        ((IDesignTimeServices)Activator.CreateInstance(own)!).ConfigureDesignTimeServices(services);
        services.AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(db);
        using var built = services.BuildServiceProvider();
        built.GetRequiredService<ICompiledModelScaffolder>().ScaffoldModel(db.GetService<IDesignTimeModel>().Model, folder, new CompiledModelCodeGenerationOptions
        {
            ContextType = db.GetType(),
            ModelNamespace = $"Portal.Data.Compiled.{name}",
            Language = "C#",
            UseNullableReferenceTypes = true,
        });
    }

    private static Dictionary<string, string> Files(string folder) => !Directory.Exists(folder) ? [] :
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), file => ModelId().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), ""));

    /// <summary>Each run makes another.</summary>
    [GeneratedRegex("new Guid\\(\"[^\"]+\"\\)")]
    private static partial Regex ModelId();
}
