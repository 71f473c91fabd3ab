using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Portal.Accounts;
using Portal.Api;
using Portal.Api.Keys;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Terms;

namespace Portal;

/// <summary>What `Portal.dll &lt;command&gt;` does instead of serving.</summary>
public static class Commands
{
    private const string Usage =
        """
        Portal                                  serves the portal
        Portal migrate                          brings the database up to date
        Portal create-admin --email <address>   makes an Admin; asks for the password, or reads it from standard input
        Portal create-admin --email <address> --invite
                                                makes an Admin and prints the link by which they set their password
        Portal load-terms <folder>              loads a provider's first plans, rate cards, programme and surfaces of plans.json, rate-card.json and programme.json
        Portal create-key <name> <scopes>       makes a gateway key and prints it, once; scopes with commas: usage,authorize,accounts,read
        Portal verify-audit [--head <head>]     verifies the audit chain from its start; with a head from the log also that nothing before it was cut or
                                                written anew. Ends with 0 if it holds, else with 1
        Portal verify-ledger                    folds every account from its entries and says what does not add up; changes nothing
        Portal detach-month <yyyy-MM>           takes a month that is long over out of the ledger's tables on PostgreSQL, after every account was folded; docs/scale.md
                                                says what for
        Portal backup <file>                    saves the SQLite database to a new file, while Portal runs
        Portal restore <file>                   puts such a file in the database's place, while Portal does not run
        Settings are given as in appsettings.json: --ConnectionStrings:Portal "Data Source=/srv/portal.db"
        """;

    /// <summary>Options of commands, each followed by its value.</summary>
    private static readonly string[] WithValue = ["--email", "--head"];

    /// <summary>How many words follow a command that are no options.</summary>
    private static readonly Dictionary<string, int> Operands = new() { ["load-terms"] = 1, ["create-key"] = 2, ["detach-month"] = 1, ["backup"] = 1, ["restore"] = 1 };

    /// <summary>A command is a first word that is no option, but for the options that ask for help.</summary>
    public static bool IsCommand(string[] args) => args is ["--help" or "-h", ..] || (args is [var first, ..] && !first.StartsWith('-') && !first.Contains('='));

    /// <summary>
    /// What of the arguments are settings. The command's own are taken out: the framework would read "--invite --urls=x" as a
    /// setting "invite" with the value "--urls=x", and "/copy.db --Portal:DataFolder=x" as a setting "copy.db".
    /// </summary>
    public static string[] SettingsOf(string[] args)
    {
        if (!IsCommand(args))
        {
            return args;
        }

        var own = Operands.GetValueOrDefault(args[0]);
        return [.. args.Where((arg, at) => at > own && arg != "--invite" && !WithValue.Contains(arg) && !WithValue.Contains(args[at - 1]))];
    }

    public static async Task<int> Run(WebApplication app, string[] args)
    {
        switch (args[0])
        {
            case "migrate":
                await app.MigrateDatabase(repair: true);
                Console.WriteLine("The database is up to date.");
                return 0;
            case "create-admin" when Option(args, "--email") is { } email && Invitations.IsAddress(email):
                await app.MigrateDatabase();
                return await CreateAdmin(app.Services, email, args.Contains("--invite"));
            case "create-admin":
                await Console.Error.WriteLineAsync("create-admin needs the admin's address: --email someone@example.com");
                return 1;
            case "load-terms" when args is [_, var folder, ..] && !folder.StartsWith('-'):
                await app.MigrateDatabase();
                return await LoadTerms(app.Services, folder);
            case "load-terms":
                await Console.Error.WriteLineAsync("load-terms needs the folder that holds plans.json, rate-card.json and programme.json.");
                return 1;
            case "create-key" when args is [_, var name, var scopes, ..] && Texts.IsName(name) && Enum.TryParse<KeyScopes>(scopes, ignoreCase: true, out var allowed) && allowed is > KeyScopes.None and <= KeyScopes.All:
                await app.MigrateDatabase();
                Console.WriteLine((await app.Services.GetRequiredService<GatewayKeys>().Create(name, allowed)).Secret);
                return 0;
            case "create-key":
                await Console.Error.WriteLineAsync("create-key needs a name and scopes, such as: create-key gateway-eu usage,authorize");
                return 1;
            case "verify-audit" when !args.Contains("--head"):
                return await VerifyAudit(app.Services, null);
            case "verify-audit" when AuditHead.Parse(Option(args, "--head")) is { } head:
                return await VerifyAudit(app.Services, head);
            case "verify-audit":
                await Console.Error.WriteLineAsync("--head is to be as the log has it: a number, a colon and 64 hexadecimal digits.");
                return 1;
            case "verify-ledger":
                await app.RequireMigrated();
                return await LedgerVerification.Run(app.Services.GetRequiredService<LedgerCheck>(), Console.Out, Console.Error);
            case "detach-month":
                await app.RequireMigrated();
                return await MonthArchive.Run(app.Services, args.ElementAtOrDefault(1) ?? "");
            case "backup" when args is [_, var file, ..] && !file.StartsWith('-'):
                return await BackupCommands.Save(app.Services, file);
            case "restore" when args is [_, var file, ..] && !file.StartsWith('-'):
                return await BackupCommands.Restore(app.Services, file);
            case "backup" or "restore":
                await Console.Error.WriteLineAsync($"{args[0]} needs a file, such as: {args[0]} /backup/portal.db");
                return 1;
            case "help" or "--help" or "-h":
                Console.WriteLine(Usage);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"'{args[0]}' is not a Portal command.\n\n{Usage}");
                return 1;
        }
    }

    /// <summary>Looks only: it neither migrates nor minds what stops a start, such as triggers that somebody dropped.</summary>
    private static async Task<int> VerifyAudit(IServiceProvider services, AuditHead? logged)
    {
        try
        {
            var verdict = await services.GetRequiredService<AuditVerification>().Run(logged);
            Console.WriteLine($"{verdict.Sentence}\nVerified: {new AuditHead { Seq = verdict.Through, Hash = verdict.Hash }}");
            return verdict.Fault is null ? 0 : 1;
        }
        catch (DbException unreadable)
        {
            await Console.Error.WriteLineAsync($"The audit chain could not be read: {unreadable.Message}");
            return 1;
        }
    }

    private static async Task<int> LoadTerms(IServiceProvider services, string folder)
    {
        try
        {
            await services.GetRequiredService<TermsLoader>().Load(folder);
            Console.WriteLine("The terms are loaded; those that were there before stay as they were.");
            return 0;
        }
        catch (TermsFormatException wrong)
        {
            // The file is the operator's to mend; nothing was stored.
            await Console.Error.WriteLineAsync($"{wrong.Message} Nothing was changed.");
            return 1;
        }
    }

    private static async Task<int> CreateAdmin(IServiceProvider services, string email, bool invite)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var invitations = scope.ServiceProvider.GetRequiredService<Invitations>();
        if (await users.FindByEmailAsync(email) is { PasswordHash: not null } known && await users.IsInRoleAsync(known, Roles.Admin))
        {
            await Console.Error.WriteLineAsync($"{email} is an Admin already. Nothing was changed.");
            return 1;
        }

        var password = invite ? null : ReadPassword();
        if (password is not null && await Refused(users, new User { UserName = email, Email = email }, password) is { } why)
        {
            await Console.Error.WriteLineAsync($"{why} {PasswordRule.Sentence} Nothing was changed.");
            return 1;
        }

        var user = await invitations.FindOrCreate(email, Roles.Admin);
        if (password is null)
        {
            Console.WriteLine(user.PasswordHash is null
                ? $"{email} is an Admin. They set their password here:\n{await invitations.Link(user)}"
                : $"{email} is an Admin, and keeps the password they have.");
            return 0;
        }

        var result = user.PasswordHash is null ? await invitations.Accept(user, password) : await Replace(scope.ServiceProvider, users, user, password);
        Console.WriteLine(result.Succeeded ? $"{email} is an Admin." : string.Join(" ", result.Errors.Select(error => error.Description)));
        return result.Succeeded ? 0 : 1;
    }

    private static async Task<IdentityResult> Replace(IServiceProvider services, UserManager<User> users, User user, string password)
    {
        var token = await users.GeneratePasswordResetTokenAsync(user);
        return await services.GetRequiredService<SignInChanges>().Save(
            user, "ReplacePassword", Actor.Portal, () => users.ResetPasswordAsync(user, token, password), SessionEnd.Password);
    }

    /// <summary>Why this may not be the password; asked before anything is made.</summary>
    private static async Task<string?> Refused(UserManager<User> users, User user, string password)
    {
        foreach (var validator in users.PasswordValidators)
        {
            if (await validator.ValidateAsync(users, user, password) is { Succeeded: false } refused)
            {
                return string.Join(" ", refused.Errors.Select(error => error.Description));
            }
        }

        return null;
    }

    private static string ReadPassword()
    {
        if (Console.IsInputRedirected)
        {
            return Console.ReadLine() ?? "";
        }

        Console.Write($"Password ({PasswordRule.Sentence}): ");
        var typed = new List<char>();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                typed.Add(key.KeyChar);
            }
            else if (typed.Count > 0)
            {
                typed.RemoveAt(typed.Count - 1);
            }
        }

        Console.WriteLine();
        return new string([.. typed]);
    }

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
