using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Portal;

/// <summary>What a Development start prints once it serves: the address, and the lines that rooms (the demo) added.</summary>
public sealed class StartBanner
{
    private readonly List<string> lines = [];

    public void Add(string line) => lines.Add(line);

    public static void Print(WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            Console.WriteLine();
            Console.WriteLine($"  Portal is at {string.Join(", ", addresses)}; its mails at {addresses.FirstOrDefault()}/dev/mail");
            foreach (var line in app.Services.GetRequiredService<StartBanner>().lines)
            {
                Console.WriteLine("  " + line);
            }

            Console.WriteLine();
        });
    }
}
