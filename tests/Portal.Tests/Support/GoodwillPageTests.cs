using Bunit;
using Ledger;
using Portal.Accounts;
using Portal.Data;
using Portal.Support;
using Portal.Tests.Accounts;
using Portal.Tests.ExtraUsage;
using Portal.Ui;

namespace Portal.Tests.Support;

/// <summary>Goodwill that support gives, asks for, and decides about on its pages.</summary>
public sealed class GoodwillPageTests : SupportPagesTest
{
    [Fact]
    public async Task A_bad_amount_of_goodwill_is_answered_at_its_field_and_gives_nothing()
    {
        await SignInAsSupport();
        var page = Account();
        page.Shows("section[aria-labelledby=goodwill]", "An account may be given $25.00 a day");
        await Fill(page, "Reason", "The outage of this morning.");
        await Fill(page, "Ticket", "T-1");
        foreach (var (typed, answer) in MoneyFieldsTests.Bad)
        {
            await page.Type("Amount", typed);
            await page.Find("#goodwill-ticket").Closest("form")!.QuerySelector("button")!.ClickAsync(new());
            Assert.Equal((typed, answer), (typed, page.Field("Amount").ParentElement!.QuerySelector(".field-error")!.TextContent));
        }

        Assert.Empty(await Rows<Grant>(g => g.Kind == GrantKind.Goodwill));
    }

    [Fact]
    public async Task Goodwill_below_the_limit_is_given_and_above_it_waits_visibly()
    {
        await SignInAsSupport();
        var page = Account();
        page.Shows("section[aria-labelledby=goodwill]", "An account may be given $25.00 a day; $25.00 of that is left today.");
        await page.Type("Amount", "10");
        await Fill(page, "Reason", "The outage of Monday.");
        await Fill(page, "Ticket", "T-7");
        await page.Button("Give $10.00").ClickAsync(new());
        page.Shows("[role=status]", "$10.00 of goodwill credit is given to anna.");
        await page.Type("Amount", "20");
        await Fill(page, "Reason", "The outage of Tuesday.");
        await Fill(page, "Ticket", "T-8");
        await page.Button("Ask for $20.00").ClickAsync(new());
        page.Shows("[role=status]", "$20.00 waits for a second person.");
        page.WaitForAssertion(() => Assert.Contains("Waits for a second person: The outage of Tuesday.", page.Markup.Replace("</strong>", "", StringComparison.Ordinal), StringComparison.Ordinal));
        await page.Button("Take back $20.00").ClickAsync(new());
        page.Shows("[role=status]", "The request is taken back.");
        Assert.Equal(Money.FromDollars(10), Assert.Single(await Rows<Grant>(g => g.Kind == GrantKind.Goodwill)).Amount);
    }

    [Fact]
    public async Task Goodwill_whose_answer_was_lost_is_asked_for_again_under_the_same_id_and_given_once()
    {
        await SignInAsSupport();
        var figures = (await Of<SupportAccountReader>().Read("anna", TimelineQuery.Read(null, null, null, null), Sam))!;
        var asked = new List<GoodwillAsked>();
        var card = Render<GoodwillCard>(p => p.Add(c => c.Figures, figures).Add(c => c.Me, Sam.Id).Add(c => c.Give, async goodwill =>
        {
            asked.Add(goodwill);
            var outcome = await Door.Submit(new GrantGoodwill("anna", goodwill.Id, goodwill.Amount, goodwill.ExpiresAt, goodwill.Reason, goodwill.Ticket, Sam));
            return asked.Count == 1 ? new NoticeText(NoticeKind.Failed, "We couldn't give the goodwill.") : GoodwillWords.Say(outcome, "");
        }));
        await card.Type("Amount", "10");
        await Fill(card, "Reason", "The outage of Monday.");
        await Fill(card, "Ticket", "T-7");
        await card.Button("Give $10.00").ClickAsync(new());
        card.Shows("[role=alert]", "We couldn't give the goodwill.");

        await card.Button("Give $10.00").ClickAsync(new());

        await Eventually.Holds(() => asked.Count == 2);
        Assert.Equal(asked[0], asked[1]);
        Assert.Equal(Money.FromDollars(10), Assert.Single(await Rows<Grant>(g => g.Kind == GrantKind.Goodwill)).Amount);
    }

    [Fact]
    public async Task A_second_person_approves_or_rejects_and_whoever_asked_may_only_take_it_back()
    {
        await SignInAsSupport();
        await Ask(50, Sam);
        await Ask(60, Robin);
        await Ask(70, Robin);
        var page = Render<ApprovalsPage>();
        page.Shows(".pagehead-sentence", "3 requests wait");
        Assert.Single(page.FindAll("button"), b => b.TextContent.Trim() == "Take back $50.00");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() == "Approve $50.00");
        await page.Button("Approve $60.00").ClickAsync(new());
        page.Shows("[role=status]", "$60.00 of goodwill credit is given to anna.");
        await page.Button("Reject $70.00").ClickAsync(new());
        await Fill(page, "Why not?", "Once is enough.");
        await page.Button("Reject $70.00").ClickAsync(new());
        page.Shows("[role=status]", "The request is rejected.");
        await page.Button("Take back $50.00").ClickAsync(new());
        page.Shows("[role=status]", "The request is taken back.");
        page.Shows(".empty", "Nothing waits for a second person");
    }
}
