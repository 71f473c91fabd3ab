namespace Portal.Settings;

/// <summary>
/// Finds what the framework's binder would pass over in silence or report by stack trace:
/// a misspelt name, and text where a number is due.
/// </summary>
public static class SettingsShape
{
    public static void Check(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperties().FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new WrongSettingException($"{child.Path} is not a setting of Portal; those of {section.Path} are {Names(type)}.");
            CheckValue(child, property.PropertyType);
        }
    }

    private static void CheckValue(IConfigurationSection setting, Type type)
    {
        if (type == typeof(int) && !int.TryParse(setting.Value, out _))
        {
            throw new WrongSettingException($"{setting.Path} is '{setting.Value}'; it must be a whole number.");
        }

        if (type == typeof(bool) && !bool.TryParse(setting.Value, out _))
        {
            throw new WrongSettingException($"{setting.Path} is '{setting.Value}'; it must be 'true' or 'false'.");
        }

        if (type.Namespace == typeof(PortalSettings).Namespace)
        {
            Check(setting, type);
        }
    }

    private static string Names(Type type) => string.Join(", ", type.GetProperties().Select(p => p.Name));
}
