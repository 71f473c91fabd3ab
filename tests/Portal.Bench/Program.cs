using System.Globalization;
using Portal.Bench;
using Portal.Bench.Pages;

switch (args)
{
    case [ParseOnlyServer.Command, var port]:
        await ParseOnlyServer.Run(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["speed"]:
        await Speed.Run(events: 1_000_000, requests: 30_000, rounds: 5);
        return 0;
    case ["speed", "quick"]:
        await Speed.Run(events: 20_000, requests: 10_000, rounds: 3);
        return 0;
    case ["impact"]:
        await ImpactSpeed.Run(events: 1_000_000);
        return 0;
    case ["impact", "quick"]:
        await ImpactSpeed.Run(events: 50_000);
        return 0;
    case ["door"]:
        await DoorSpeed.Run(requests: 30_000, rounds: 5);
        return 0;
    case ["pages"]:
        await PageSpeed.Run(PageSpeed.Whole);
        return 0;
    case ["pages", "quick"]:
        await PageSpeed.Run(PageSpeed.Quick);
        return 0;
    default:
        Console.WriteLine("""
            Benchmarks of Portal, each row beside its comparison in the same run. Build in Release.

              dotnet run -c Release --project tests/Portal.Bench -- speed         a million events first; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- speed quick   twenty thousand events; a minute
              dotnet run -c Release --project tests/Portal.Bench -- impact        a draft's impact on a million events; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- impact quick  on fifty thousand
              dotnet run -c Release --project tests/Portal.Bench -- door          the door alone, in one process, to profile
              dotnet run -c Release --project tests/Portal.Bench -- pages         what pages cost, ten million events first; half an hour
              dotnet run -c Release --project tests/Portal.Bench -- pages quick   two hundred thousand events; some minutes
            """);
        return 1;
}
