using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Credit;
using Portal.Data;
using Portal.Settings;
using Portal.SignIn;
using Portal.SignIn.Sessions;
using Portal.Support;
using Portal.Tests.Accounts;

using CreditFigures = Portal.Credit.CreditFigures;

namespace Portal.Tests.Support;

/// <summary>A circuit draws what the first paint handed it before the database has said who looks; somebody is quick and presses then.</summary>
public sealed class EarlyPressTests : SupportPagesTest
{
    private readonly TaskCompletionSource _said = new();
    private object? _handed;

    [Fact]
    public async Task An_approval_that_is_pressed_before_it_is_known_who_looks_waits_for_that_and_is_done()
    {
        await SignInAsSupport();
        await Ask(50, Robin);
        var page = HandedOn<HandedApprovals>(await Of<ApprovalsReader>().Read());

        var press = page.Button("Approve $50.00").ClickAsync(new());
        Assert.False(press.IsCompleted);
        _said.SetResult();
        await press;

        page.Shows("[role=status]", "$50.00 of goodwill credit is given to anna.");
        Assert.Equal(Money.FromDollars(50), Assert.Single(await Rows<Grant>(g => g.Kind == GrantKind.Goodwill)).Amount);
    }

    [Fact]
    public async Task A_choice_of_the_subscriber_that_comes_before_it_is_known_who_looks_is_kept_and_not_refused()
    {
        var page = HandedOn<HandedCredit>(await Of<CreditReader>().Read("anna"));

        var tick = page.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        Assert.False(tick.IsCompleted);
        _said.SetResult();
        await tick;

        page.Shows("[role=status]", "From the next period on, your credit is claimed for you.");
    }

    private IRenderedComponent<TPage> HandedOn<TPage>(object? figures) where TPage : IComponent
    {
        _handed = figures;
        return Render<TPage>();
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_ => (ApprovalsFigures)_handed!);
        Services.AddSingleton(_ => (CreditFigures)_handed!);
        Services.AddScoped(own => new Viewer(
            new Late(own.GetRequiredService<AuthenticationStateProvider>(), _said.Task), Of<IDbContextFactory<PortalDb>>(),
            new SessionBook(Of<IDbContextFactory<PortalDb>>(), Of<Clock>(), Of<PortalSettings>()), Of<StaffDuty>(), Of<Clock>()));
    }

    /// <summary>Says who is signed in once it may.</summary>
    private sealed class Late(AuthenticationStateProvider usual, Task may) : AuthenticationStateProvider
    {
        public override async Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            await may;
            return await usual.GetAuthenticationStateAsync();
        }
    }

    private sealed class HandedApprovals : ApprovalsPage
    {
        [Inject]
        private ApprovalsFigures Handed { get; set; } = default!;

        protected override Task OnInitializedAsync()
        {
            Figures = Handed;
            return base.OnInitializedAsync();
        }
    }

    private sealed class HandedCredit : CreditPage
    {
        [Inject]
        private CreditFigures Handed { get; set; } = default!;

        protected override Task OnInitializedAsync()
        {
            Figures = Handed;
            return base.OnInitializedAsync();
        }
    }
}
