using System.Text.Json.Nodes;
using Ledger;
using Portal.Terms;

namespace Portal.Tests.Terms;

/// <summary>Sheets of prices: what is pasted and imported, what is wrong with a cell, what changes.</summary>
public sealed class SheetTests
{
    private static readonly TermsSheet Rates = new(
        [
            ["haiku", "Haiku", "0", "0.5", "0.625", "1", "0.05", "2.5"],
            ["haiku", "Haiku", "100000", "0.5", "0.625", "1", "0.05", "2.5"],
            ["sonnet", "Sonnet", "0", "2", "2.5", "4", "0.2", "10"],
        ],
        ["0.5", "1.1", "0.01"]);

    private static readonly TermsSheet Plans = new([["pro", "Pro", "20", "20", "yes", "2000", "yes"], ["seat", "Seat", "60", "0", "no", "0", "no"]], []);

    [Fact]
    public void Cells_of_a_spreadsheet_come_in_any_order_under_their_names()
    {
        var pasted = SheetText.Read(SheetShape.Rates, "Output\tModel\tName\tabove_prompt_tokens\tInput\tCache write 5 min\tcache_write_1h\tCache read\r\n$12.00\tsonnet\tSonnet\t0\t2\t2.50\t4\t0.20\r\n\r\n", Rates);
        Assert.Equal(["sonnet", "Sonnet", "0", "2", "2.50", "4", "0.20", "12.00"], Assert.Single(pasted.Rows));
        Assert.Equal(Rates.Facts, pasted.Facts);
    }

    [Fact]
    public void Without_names_they_come_in_the_order_of_the_grid_and_a_column_that_is_not_named_stays_empty()
    {
        Assert.Equal(["max", "Max", "1000.00", "100", "yes", "2000", "no"], Assert.Single(SheetText.Read(SheetShape.Plans, "max\tMax\t$1,000.00\t100\tTRUE\t2000\tFALSE", Plans).Rows));
        var pasted = SheetText.Read(SheetShape.Rates, "model,name,input\nsonnet,Sonnet,2", Rates);
        Assert.Equal(["sonnet", "Sonnet", "", "2", "", "", "", ""], Assert.Single(pasted.Rows));
        Assert.Contains(Issues(SheetShape.Rates, pasted with { Facts = Rates.Facts }, Rates), i => i is { Row: 0, Column: 7, Confirm: null, Text: "The price is missing." });
    }

    [Theory]
    [InlineData("")]
    [InlineData("sonnet\tSonnet\t0\t2")]
    [InlineData("{\"models\": 5}")]
    [InlineData("{\"models\": [")]
    [InlineData("{}")]
    [InlineData("*fee,1\nmodel,name\n")]
    public void What_is_no_sheet_is_refused_with_a_sentence(string text) => Assert.NotEmpty(Assert.Throws<TermsFormatException>(() => SheetText.Read(SheetShape.Rates, text, Rates)).Message);

    [Fact]
    public void CSV_and_JSON_come_back_as_they_went()
    {
        foreach (var (shape, sheet) in new[] { (SheetShape.Rates, Rates), (SheetShape.Plans, Plans with { Rows = [.. Plans.Rows, ["odd", "Odd, \"quoted\"", "1", "1", "yes", "1", "no"]] }) })
        {
            Same(sheet, SheetText.Read(shape, SheetText.Csv(shape, sheet), sheet with { Facts = [.. sheet.Facts.Select(_ => "9")] }));
            Same(sheet, SheetText.Read(shape, TermsSheets.Document(shape.Kind, sheet, 4, DateTimeOffset.UnixEpoch, null).ToJsonString(), sheet));
        }
        static void Same(TermsSheet expected, TermsSheet actual)
        {
            Assert.Equal(expected.Rows, actual.Rows);
            Assert.Equal(expected.Facts, actual.Facts);
        }
    }

    [Fact]
    public void The_files_of_the_demo_are_read_and_have_nothing_to_mend()
    {
        foreach (var (shape, name) in new[] { (SheetShape.Rates, "rate-card.json"), (SheetShape.Plans, "plans.json") })
        {
            var sheet = SheetText.Read(shape, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms", name)), Rates);
            Assert.Empty(Issues(shape, sheet, sheet));
            Assert.Empty(SheetDiff.Of(shape, sheet, sheet.Normal(shape)));
        }
    }

    /// <summary>Row, column and value; then what is said, and whether it may be ticked.</summary>
    [Theory]
    [InlineData(2, 7, "", "The price is missing.", false)]
    [InlineData(2, 7, "ten", "Enter an amount such as 12.50.", false)]
    [InlineData(2, 7, "-1", "A price is not negative.", false)]
    [InlineData(2, 7, "10001", "More than $10,000.00 is not possible.", false)]
    [InlineData(2, 7, "0", "Zero: nothing would be due for it.", true)]
    [InlineData(2, 7, "30", "At least 3 times what it was (10).", true)]
    [InlineData(2, 7, "3.333333333", "At most a third of what it was (10).", true)]
    [InlineData(1, 7, "2.499999999", "Cheaper than the tier below it (2.5).", false)]
    [InlineData(1, 2, "0", "There is another row like this.", false)]
    [InlineData(2, 2, "5", "The first tier of a model begins above 0 prompt tokens.", false)]
    [InlineData(2, 2, "many", "A whole number of tokens.", false)]
    [InlineData(2, 1, " ", "A name has 1 to 64 characters.", false)]
    [InlineData(1, 1, "Haiku Long", "All tiers of a model have one name.", false)]
    public void A_cell_that_is_wrong_says_why_and_one_that_is_rarely_meant_asks_for_a_tick(int row, int column, string value, string said, bool mayBeMeant)
    {
        var issues = Issues(SheetShape.Rates, With(Rates, row, column, value), Rates);
        var issue = Assert.Single(issues, i => i.Row == row && i.Column == column);
        Assert.Equal((said, mayBeMeant), (issue.Text, issue.Confirm is not null));
    }

    [Theory]
    [InlineData(2, 7, "29.999999999")]
    [InlineData(2, 7, "3.333333334")]
    [InlineData(1, 7, "2.5")]
    public void What_is_just_within_needs_nothing(int row, int column, string value) => Assert.Empty(Issues(SheetShape.Rates, With(Rates, row, column, value), Rates));

    [Fact]
    public void A_tick_counts_for_the_very_value_that_it_was_given_for()
    {
        var issue = Assert.Single(Issues(SheetShape.Rates, With(Rates, 2, 7, "30"), Rates));
        Assert.Empty(SheetChecks.Open([issue], [issue.Confirm!]));
        Assert.Single(SheetChecks.Open(Issues(SheetShape.Rates, With(Rates, 2, 7, "300"), Rates), [issue.Confirm!]));
    }

    [Fact]
    public void A_model_in_use_keeps_a_price_and_one_that_is_not_goes_with_a_tick()
    {
        var without = Rates with { Rows = [.. Rates.Rows.Take(2)] };
        Assert.Null(Assert.Single(SheetChecks.Of(SheetShape.Rates, without, Rates, ["sonnet"])).Confirm);
        Assert.NotNull(Assert.Single(SheetChecks.Of(SheetShape.Rates, without, Rates, [])).Confirm);
        Assert.NotNull(Assert.Single(Issues(SheetShape.Rates, Rates with { Rows = [Rates.Rows[0], Rates.Rows[2]] }, Rates)).Confirm);
    }

    [Fact]
    public void Plans_are_never_removed_and_one_without_extra_usage_has_no_cap()
    {
        Assert.Null(Assert.Single(Issues(SheetShape.Plans, Plans with { Rows = [Plans.Rows[0]] }, Plans)).Confirm);
        Assert.Equal("A plan without extra usage has a largest cap of 0.", Assert.Single(Issues(SheetShape.Plans, With(Plans, 0, 4, "no"), Plans)).Text);
        Assert.Empty(Issues(SheetShape.Plans, Plans, Plans));
        Assert.NotNull(Assert.Single(Issues(SheetShape.Plans, With(Plans, 0, 3, "0"), Plans)).Confirm);
    }

    [Fact]
    public void What_passes_the_checks_is_a_card_that_the_rules_take()
    {
        foreach (var value in new[] { "0", "30", "10000", "0.000000001" })
        {
            var sheet = With(Rates, 2, 7, value);
            Assert.DoesNotContain(Issues(SheetShape.Rates, sheet, Rates), i => i.Confirm is null);
            Assert.Equal(Money.Parse(value), TermsFormat.RateCard(JsonNode.Parse(TermsSheets.Card(sheet, 2, DateTimeOffset.UnixEpoch).ToJsonString())!).Models["sonnet"].Tiers[0].Output);
        }
    }

    [Fact]
    public void The_difference_says_old_new_and_by_how_much()
    {
        var changes = SheetDiff.Of(SheetShape.Rates, Rates, With(With(Rates, 2, 7, "11.25"), 1, 6, "0.050") with { Facts = ["0.5", "1.2", "0.01"] });
        Assert.Equal([new SheetChange("Sonnet", "Output", "10", "11.25", 125), new SheetChange("", "Factor of requests in the US", "1.1", "1.2", 91)], changes);
        Assert.Equal(["none", "goes"], [SheetDiff.Of(SheetShape.Rates, Rates, Rates).Count == 0 ? "none" : "some", SheetDiff.Of(SheetShape.Rates, Rates, Rates with { Rows = [.. Rates.Rows.Take(2)] })[0].New is null ? "goes" : "stays"]);
    }

    private static TermsSheet With(TermsSheet sheet, int row, int column, string value) =>
        sheet with { Rows = [.. sheet.Rows.Select((cells, r) => r == row ? [.. cells.Select((cell, c) => c == column ? value : cell)] : cells)] };

    private static IReadOnlyList<CellIssue> Issues(SheetShape shape, TermsSheet sheet, TermsSheet before) => SheetChecks.Of(shape, sheet, before, []);
}
