using Portal.Accounts;
using Portal.SignIn;

namespace Portal.Admin;

/// <summary>A page of the administrators.</summary>
public abstract class AdminPage<TFigures> : StaffPage<TFigures> where TFigures : class
{
    protected override string Role => Roles.Admin;
}
