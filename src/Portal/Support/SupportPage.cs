using Portal.Accounts;
using Portal.SignIn;

namespace Portal.Support;

/// <summary>A page of support.</summary>
public abstract class SupportPage<TFigures> : StaffPage<TFigures> where TFigures : class
{
    protected sealed override string Role => Roles.Support;
}
