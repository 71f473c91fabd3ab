using System.Text.RegularExpressions;
using Bunit;
using Ledger;
using MudBlazor;
using Portal.Accounts;
using Portal.ExtraUsage;
using Portal.Tests.Accounts;

namespace Portal.Tests.ExtraUsage;

/// <summary>Every field of every page into which somebody types an amount: bad input is answered exactly, next to it, and nothing changes.</summary>
public sealed partial class MoneyFieldsTests : PagesTest
{
    private const string Period = "Cap of each period";
    private const string Daily = "Daily cap";
    private const string Model = "Cap for the model";

    /// <summary>What is answered wherever an amount is typed that is to be spent; a field with a largest amount says that too.</summary>
    internal static readonly (string Typed, string Answer)[] Bad =
    [
        ("", "Enter an amount in dollars, such as 25 or 25.00."),
        ("   ", "Enter an amount in dollars, such as 25 or 25.00."),
        ("$", "Enter an amount in dollars, such as 25 or 25.00."),
        ("1e9", "Write the amount out in digits, such as 1000000, without an exponent."),
        ("-5", "An amount cannot be below zero."),
        ("$-5", "An amount cannot be below zero."),
        ("0", "Enter more than $0.00."),
        ("12.3456789012", "At most two decimals: whole cents only."),
        ("٥", "Use the digits 0 to 9, such as 25.00."),
        ("€25", "Amounts here are in US dollars, not in €."),
        ("$$5", "Write the dollar sign once, before the amount, or leave it out."),
        ("1,5", "Use a point for cents: 1.5."),
        ("1.000,00", "Use a comma for thousands and a point for cents: 1,000.00."),
        ("ten", "That is not an amount. Write it like 25 or 25.00."),
        ("99999999999999999999", "That is more than Portal can count."),
    ];

    private static readonly (string Typed, string Answer)[] BadCaps = [.. Bad, ("2000.01", "At most $2,000.00: your plan's largest cap.")];

    // One page for all that is bad: a page for each would take a minute to say the same.
    [Theory]
    [InlineData(Period, "Set cap")]
    [InlineData(Daily, "Set daily cap")]
    [InlineData(Model, "Set the model's cap")]
    public async Task A_bad_amount_is_answered_at_its_field_and_changes_nothing(string label, string button)
    {
        await TurnOn(25);
        await Door.Submit(new SetDailyCap("anna", Money.FromDollars(7), Owner));
        await Door.Submit(new SetModelCap("anna", "claude-sonnet-5-5", Money.FromDollars(3), Owner));
        var before = await Caps();
        var page = Render<ExtraUsagePage>();
        page.WaitForElement("input");
        await page.Field("Model").ChangeAsync(new() { Value = "claude-sonnet-5-5" });
        foreach (var (typed, answer) in BadCaps)
        {
            await page.Type(label, typed);
            await page.Button(button).ClickAsync(new());
            var input = page.Field(label);
            Assert.Equal((typed, "true"), (typed, input.GetAttribute("aria-invalid")));
            Assert.Equal((typed, answer), (typed, input.ParentElement!.QuerySelector(".field-error")!.TextContent));
        }

        Assert.Equal(before, await Caps());
    }

    [Fact]
    public async Task A_bad_cap_in_the_dialog_cannot_be_agreed_to()
    {
        var stage = Render<MudDialogProvider>();
        var page = Render<ExtraUsagePage>();
        await page.Button("Turn on extra usage").ClickAsync(new());
        stage.Shows(".consent", "at most $25.00");
        foreach (var (typed, answer) in BadCaps)
        {
            await stage.Type(Period, typed);
            Assert.Equal((typed, answer), (typed, stage.Field(Period).ParentElement!.QuerySelector(".field-error")!.TextContent));
            Assert.Equal("true", stage.Button("Turn on").GetAttribute("aria-disabled"));
            Assert.Empty(stage.FindAll(".consent"));
        }

        Assert.False((await Of<Balances>().Now("anna"))!.ExtraUsage.IsOn);
    }

    [Fact]
    public void No_page_has_a_field_for_an_amount_that_is_not_tried()
    {
        var found = Directory.EnumerateFiles(Repository.At("src", "Portal"), "*.razor", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("KitchenSink.razor", StringComparison.Ordinal))
            .SelectMany(f => Field().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileName(f)}: {m.Groups[1].Value}")).Order(StringComparer.Ordinal);
        // Plan comparison's changes nothing; PlanComparisonTests has it, and GoodwillPageTests that of goodwill.
        Assert.Equal(
            [$"CapEditor.razor: {Period}", $"DailyCapEditor.razor: {Daily}", "GoodwillCard.razor: Amount", $"ModelCapsEditor.razor: {Model}", "PlanComparison.razor: Another cap of each period", $"TurnOnDialog.razor: {Period}"],
            found);
    }

    private async Task<string> Caps()
    {
        var account = (await Of<Balances>().Account("anna"))!;
        return $"{account.Cap} {account.DailyCap} {string.Join(",", account.ModelCaps.Select(c => $"{c.Model} {c.Cap}"))}";
    }

    [GeneratedRegex("<MoneyField [^>]*?Label=\"([^\"]*)\"")]
    private static partial Regex Field();
}
