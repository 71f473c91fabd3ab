namespace Portal.Settings;

/// <summary>Settings of the framework that stand in our appsettings.json too, and which it would refuse with a stack trace.</summary>
public static class FrameworkSettings
{
    public static void Check(IConfiguration configuration)
    {
        foreach (var address in (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsAddress(address.Trim()))
            {
                throw new WrongSettingException($"Urls is '{configuration["Urls"]}'; it must list addresses to listen on, like 'http://localhost:5210' or 'https://*:443'.");
            }
        }

        foreach (var level in configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            {
                throw new WrongSettingException($"{level.Path} is '{level.Value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }

    private static bool IsAddress(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            var isHttp = parsed.Scheme is "http" or "https";
            // "localhost" is two addresses, and a free port of both cannot be asked for.
            return isHttp && parsed.Port <= 65535 && !(parsed.Port == 0 && parsed.Host == "localhost");
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
