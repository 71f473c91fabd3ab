using Microsoft.AspNetCore.Components;
using Portal.Accounts;

namespace Portal.Admin.People;

/// <summary>Who is staff.</summary>
public static class PeopleSetup
{
    public static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PeopleReader>().AddSingleton<StaffChanges>();
        services.AddSingleton<PersistentComponentStateSerializer<PeopleFigures>, FiguresState<PeopleFigures>>();
    }
}
