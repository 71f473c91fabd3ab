using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Settings;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class FrameTests : UiTest
{
    private readonly LogLines<PageErrorBoundary> log = new();

    protected override void LendServices() => Services.AddSingleton(new Brand(new BrandSettings { ProviderName = "Acme Robots", LogoPath = "acme.svg" })).AddSingleton<ILogger<PageErrorBoundary>>(log);

    [Fact]
    public void A_subscriber_finds_their_places()
    {
        Person.SetAuthorized("pro@example.com").SetRoles("Subscriber");
        var navigation = Render<Navigation>();
        var links = navigation.FindAll("nav[aria-label=Main] > ul > li > a");
        Assert.Equal(Places.Subscriber.Select(place => place.Name), links.Select(link => link.TextContent.Trim()));
        Assert.Equal("page", links[0].GetAttribute("aria-current"));
        Assert.Equal(Places.Subscriber.Skip(Places.AtHand).Select(place => place.Path), navigation.FindAll(".mainnav-more a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Nobody_else_does()
    {
        Person.SetAuthorized("support@example.com").SetRoles("Support");
        Assert.Empty(Places.Subscriber.Skip(1).Select(place => place.Path).Intersect(Render<Navigation>().FindAll("a").Select(link => link.GetAttribute("href"))));
    }

    [Fact]
    public void Whoever_holds_two_staff_roles_finds_the_places_of_both()
    {
        Person.SetAuthorized("both@example.com").SetRoles("Support", "Admin");
        var names = Render<Navigation>().FindAll("nav[aria-label=Main] > ul > li > a").Select(link => link.TextContent.Trim());
        Assert.Equal(["Home", .. Places.Support.Concat(Places.Admin).Select(place => place.Name)], names);
    }

    [Fact]
    public void An_administrator_is_not_thereby_support()
    {
        Person.SetAuthorized("admin@example.com").SetRoles("Admin");
        var names = Render<Navigation>().FindAll("nav[aria-label=Main] > ul > li > a").Select(link => link.TextContent.Trim());
        Assert.Equal(["Home", .. Places.Admin.Select(place => place.Name)], names);
    }

    [Fact]
    public void The_palette_leads_to_every_place_and_does_nothing_by_itself()
    {
        Person.SetAuthorized("pro@example.com").SetRoles("Subscriber");
        var palette = Render<Palette>();
        var ways = palette.FindAll("[role=option]").Select(option => option.GetAttribute("href")).ToList();
        Assert.All(Places.Subscriber, place => Assert.Contains(place.Path, ways));
        Assert.Empty(palette.FindAll("button, form"));
    }

    [Fact]
    public void Staff_find_no_subscribers_places_in_the_palette()
    {
        Person.SetAuthorized("support@example.com").SetRoles("Support");
        string[] theirs = ["Home", .. Places.Support.Select(place => place.Name), .. Places.SupportErrands.Concat(Places.ProfileErrands).Select(errand => errand.Name)];
        Assert.Equal(theirs, Render<Palette>().FindAll("[role=option]").Select(option => option.TextContent));
    }

    [Fact]
    public void Signing_out_is_a_form_and_the_theme_has_three_choices()
    {
        Person.SetAuthorized("pro@example.com");
        var menu = Render<UserMenu>();
        Assert.Equal("post", menu.Find("form").GetAttribute("method"));
        Assert.Equal(["system", "light", "dark"], menu.FindAll("input[type=radio]").Select(choice => choice.GetAttribute("value")));
    }

    [Fact]
    public void The_frame_has_one_main_and_a_way_past_the_navigation()
    {
        var frame = Render<MainLayout>(p => p.Add(c => c.Body, (RenderFragment)(b => b.AddContent(0, "The page"))));
        Assert.Contains("The page", frame.Find("main#content").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("#content", frame.Find(".skip-link").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_the_providers_name_and_logo()
    {
        var brand = Render<MainLayout>().Find("a.brand");
        Assert.Equal("Acme Robots", brand.TextContent.Trim());
        Assert.Equal("acme.svg", brand.QuerySelector("img")!.GetAttribute("src"));
    }

    [Fact]
    public void A_page_that_fails_is_logged_without_what_was_searched_for()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/support?q=anna@example.com");
        Render<PageErrorBoundary>(p => p.AddChildContent(_ => throw new InvalidOperationException("A bug.")));
        Assert.StartsWith("The page /support failed.", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_fails_says_so_with_a_reference_and_can_be_tried_again()
    {
        var broken = true;
        var frame = Render<PageErrorBoundary>(p => p.AddChildContent(b => b.AddContent(0, broken ? throw new InvalidOperationException("A bug.") : "The page")));
        Assert.Contains("This page could not be shown", frame.Markup, StringComparison.Ordinal);
        Assert.Matches("ref [0-9a-f]{8}", frame.Find(".notice-reference").TextContent);
        broken = false;
        frame.Find("button").Click();
        Assert.Contains("The page", frame.Markup, StringComparison.Ordinal);
    }
}
