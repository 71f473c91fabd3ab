using Microsoft.Extensions.Configuration;
using Portal.Settings;

namespace Portal.Tests.Settings;

/// <summary>appsettings.json is the operator's list: every setting stands in it, with the default that the code has.</summary>
public sealed class DefaultSettings
{
    private static readonly IConfiguration File = new ConfigurationBuilder().AddJsonFile(Repository.At("appsettings.json")).Build();

    [Fact]
    public void Every_setting_stands_in_the_file_with_its_default() => Compare(File.GetSection("Portal"), new PortalSettings());

    [Fact]
    public void The_file_alone_starts_portal_on_port_5210() => Assert.Equal("http://localhost:5210", File["Urls"]);

    private static void Compare(IConfigurationSection section, object defaults)
    {
        foreach (var property in defaults.GetType().GetProperties())
        {
            var inFile = section.GetSection(property.Name);
            var value = property.GetValue(defaults)!;
            if (property.PropertyType.Namespace == typeof(PortalSettings).Namespace)
            {
                Compare(inFile, value);
            }
            else if (value is string[] list)
            {
                Assert.Equal(list, inFile.Get<string[]>() ?? []);
            }
            else
            {
                Assert.True(string.Equals($"{value}", inFile.Value, StringComparison.OrdinalIgnoreCase), $"{inFile.Path} is '{inFile.Value}' in appsettings.json, and '{value}' in {defaults.GetType().Name}.");
            }
        }
    }
}
