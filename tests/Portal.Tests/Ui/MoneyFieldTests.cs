using Bunit;
using Ledger;
using Portal.Ui;

namespace Portal.Tests.Ui;

public sealed class MoneyFieldTests : UiTest
{
    private Money? value = Money.FromDollars(25);

    [Fact]
    public void It_shows_cents_and_is_named_by_its_label()
    {
        var field = Draw();
        Assert.Equal("25.00", field.Find("input").GetAttribute("value"));
        Assert.Equal(field.Find("input").Id, field.Find("label").GetAttribute("for"));
    }

    [Fact]
    public void The_value_follows_every_key_and_the_message_waits_until_the_field_was_left()
    {
        var field = Draw();
        field.Find("input").Input("30.5");
        Assert.Equal(Money.Parse("30.5"), value);
        field.Find("input").Input("30.555");
        Assert.Null(value);
        Assert.Equal("", field.Find(".field-error").TextContent);
        field.Find("input").Change("30.555");
        Assert.Equal("At most two decimals: whole cents only.", field.Find(".field-error").TextContent);
        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
        Assert.Contains(field.Find(".field-error").Id!, field.Find("input").GetAttribute("aria-describedby"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_that_is_taken_away_from_outside_leaves_the_field_empty()
    {
        var field = Draw();

        field.Render(p => p.Add(f => f.Value, null));

        Assert.Equal("", field.Find("input").GetAttribute("value"));
    }

    [Theory]
    [InlineData("$5", "Taken as $5.00.")]
    [InlineData("1,000.00 USD", "Taken as $1,000.00.")]
    [InlineData("30.5", "")]
    public void What_was_pasted_with_more_than_digits_is_answered_with_how_it_was_read(string typed, string answer)
    {
        var field = Draw();
        field.Find("input").Input(typed);
        Assert.Equal(answer, field.Find("[aria-live]").TextContent);
        Assert.Null(field.Find("input").GetAttribute("aria-invalid"));
    }

    [Theory]
    [InlineData("0", "Enter more than $0.00.")]
    [InlineData("1000.01", "At most $1,000.00: your plan's largest cap.")]
    public void A_limit_is_named(string typed, string message)
    {
        var field = Draw();
        field.Find("input").Input(typed);
        field.Find("input").Change(typed);
        Assert.Equal(message, field.Find(".field-error").TextContent);
        Assert.Null(value);
    }

    [Fact]
    public async Task Checking_it_shows_the_message_of_a_field_that_was_never_left()
    {
        value = null;
        var field = Draw();
        Assert.False(await field.InvokeAsync(field.Instance.Check));
        Assert.StartsWith("Enter an amount", field.Find(".field-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_server_refused_is_shown()
    {
        var field = Render<MoneyField>(p => p.Add(c => c.Label, "Cap").Add(c => c.Error, "It is above the period's cap."));
        Assert.Equal("It is above the period's cap.", field.Find(".field-error").TextContent);
    }

    private IRenderedComponent<MoneyField> Draw() => Render<MoneyField>(p => p
        .Add(c => c.Label, "Cap")
        .Bind(c => c.Value, value, now => value = now)
        .Add(c => c.Max, Money.FromDollars(1000))
        .Add(c => c.MaxIs, "your plan's largest cap"));
}
