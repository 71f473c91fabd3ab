using System.Globalization;
using Portal.Bench;
using Portal.Bench.Pages;
using Portal.Bench.Proofs;

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
    case ["speed", "quick", "postgres"]:
        await Speed.OnPostgres(events: 20_000, requests: 10_000, rounds: 3);
        return 0;
    case ["speed", "quick", "postgres", var ledger]:
        await Speed.OnPostgres(events: 20_000, requests: 10_000, rounds: 3, ledger);
        return 0;
    case ["speed", "quick", "sqlite"]:
        await Speed.OnSqlite(events: 20_000, requests: 10_000, rounds: 3);
        return 0;
    case ["growth"]:
        await Growth.Run(events: [10_000, 1_000_000, 10_000_000], accounts: [10, 100_000], connections: [1, 1_000], requests: 10_000, rounds: 3);
        return 0;
    case ["growth", "quick"]:
        await Growth.Run(events: [10_000, 200_000], accounts: [10, 20_000], connections: [1, 1_000], requests: 5_000, rounds: 3);
        return 0;
    case ["impact"]:
        await ImpactSpeed.Run(events: 1_000_000);
        return 0;
    case ["impact", "quick"]:
        await ImpactSpeed.Run(events: 50_000);
        return 0;
    case ["door"]:
        await DoorSpeed.OnSqlite(requests: 30_000, rounds: 5);
        return 0;
    case ["door", "postgres"]:
        await DoorSpeed.OnPostgres(requests: 10_000, rounds: 3);
        return 0;
    case ["pages"]:
        await PageSpeed.Run(PageSpeed.Whole);
        return 0;
    case ["pages", "quick"]:
        await PageSpeed.Run(PageSpeed.Quick);
        return 0;
    case ["pages", "pushes", var folder]:
        await PageSpeed.Pushes(folder, PageSpeed.Quick);
        return 0;
    case ["view-as"]:
        await ViewAsEnding.Run(rounds: 10);
        return 0;
    case ["pages", var events]:
        await PageSpeed.Run(PageSpeed.Quick with { Many = int.Parse(events, CultureInfo.InvariantCulture) });
        return 0;
    case ["simulate", var seeds]:
        return Simulations.Run(first: 1, int.Parse(seeds, CultureInfo.InvariantCulture), commands: 1_000).Code;
    case ["simulate", var seeds, var commands]:
        return Simulations.Run(first: 1, int.Parse(seeds, CultureInfo.InvariantCulture), int.Parse(commands, CultureInfo.InvariantCulture)).Code;
    case ["replay", var seed, var commands]:
        return Simulations.Run(int.Parse(seed, CultureInfo.InvariantCulture), seeds: 1, int.Parse(commands, CultureInfo.InvariantCulture)).Code;
    case ["input", var calls]:
        return (await InputRuns.Run(int.Parse(calls, CultureInfo.InvariantCulture), seed: 1)).Code;
    case ["input", var calls, var seed]:
        return (await InputRuns.Run(int.Parse(calls, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture))).Code;
    case ["faults", var minutes]:
        return (await FaultRuns.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)))).Durable.Code;
    case ["proof", .. var rest]:
        return await ProofTable.Run(rest);
    default:
        Console.WriteLine("""
            Benchmarks of Portal, each row beside its comparison in the same run. Build in Release.

              dotnet run -c Release --project tests/Portal.Bench -- speed         a million events first; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- speed quick   twenty thousand events; a few minutes; with 'sqlite' or 'postgres' after it on that database alone
              dotnet run -c Release --project tests/Portal.Bench -- speed quick postgres FILE  also beside pgledger, a ledger written as SQL functions, whose file you have
              dotnet run -c Release --project tests/Portal.Bench -- growth        how the cost of a request grows with events (ten million), accounts (a hundred thousand), connections (a thousand); half an hour
              dotnet run -c Release --project tests/Portal.Bench -- growth quick  two hundred thousand events, twenty thousand accounts; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- impact        a draft's impact on a million events; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- impact quick  on fifty thousand
              dotnet run -c Release --project tests/Portal.Bench -- door          the door alone, in one process, to profile
              dotnet run -c Release --project tests/Portal.Bench -- pages         what pages cost, ten million events first; half an hour
              dotnet run -c Release --project tests/Portal.Bench -- pages quick   two hundred thousand events; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- pages 3000000 the same with so many
              dotnet run -c Release --project tests/Portal.Bench -- pages pushes FOLDER  what a push costs and an open Overview holds, of what was published to FOLDER/portal; two minutes
              dotnet run -c Release --project tests/Portal.Bench -- view-as       how soon an open page of a view-as is left once that is over; three minutes

            Proofs of what Portal promises, in their long form:

              dotnet run -c Release --project tests/Portal.Bench -- proof               all of them, and a table of what each saw; hours, of which an hour of faults on each database
              dotnet run -c Release --project tests/Portal.Bench -- proof 10            the same with ten minutes of faults on each database
              dotnet run -c Release --project tests/Portal.Bench -- proof short         all of them, small; some minutes
              dotnet run -c Release --project tests/Portal.Bench -- proof short 3 14    some rows of the table alone
              dotnet run -c Release --project tests/Portal.Bench -- simulate 10000      so many seeds of the simulator, a thousand commands each
              dotnet run -c Release --project tests/Portal.Bench -- simulate 200 300    so many seeds with so many commands
              dotnet run -c Release --project tests/Portal.Bench -- replay 4711 1000    one seed again, with the steps before it failed
              dotnet run -c Release --project tests/Portal.Bench -- faults 10           ten minutes of faults on each database, two processes under load
              dotnet run -c Release --project tests/Portal.Bench -- input 1000000       so many calls generated from the OpenAPI document, on each database; input 1000000 7 takes another seed
            """);
        return 1;
}
