using Portal.Credit;
using Portal.ExtraUsage;
using Portal.History;
using Portal.Overview;

namespace Portal.Tests.Accounts;

public sealed class LoadingTests : PagesTest
{
    [Theory]
    [InlineData(typeof(AccountOverview), "Loading your overview")]
    [InlineData(typeof(CreditPage), "Loading your credit")]
    [InlineData(typeof(ExtraUsagePage), "Loading extra usage")]
    [InlineData(typeof(HistoryPage), "Loading your history")]
    [InlineData(typeof(MomentPage), "Loading the balance")]
    [InlineData(typeof(ChargePage), "Loading the charge")]
    public void Until_it_is_known_who_looks_a_page_shows_its_shape(Type page, string name) => ShowsItsShape(page, name);
}
