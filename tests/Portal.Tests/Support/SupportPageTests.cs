using Bunit;
using Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.SignIn;
using Portal.Support;
using Portal.Tests.Accounts;
using Portal.Ui;

namespace Portal.Tests.Support;

/// <summary>What support sees of an account, explains, and decides.</summary>
public sealed class SupportPageTests : SupportPagesTest
{
    [Fact]
    public async Task Support_reads_the_sentence_that_the_subscriber_reads_and_the_look_is_recorded_once()
    {
        await SignInAsSupport();
        await Claim();
        await Use(5);
        var page = Account();
        page.Shows(".quote", "You have $15.00 of your $20.00 November credit.");
        await Use(1);
        page.Shows(".quote", "You have $14.00 of your $20.00 November credit.");
        Assert.Single(await Rows<AuditRecord>(a => a.Action == "LookAtAccount" && a.Subject == "anna" && a.Actor == Sam.Id));
    }

    [Fact]
    public async Task The_timeline_has_use_by_day_claims_switches_refusals_alerts_and_what_support_did()
    {
        await SignInAsSupport();
        await Claim();
        await TurnOn(5);
        await Use(19);
        await Use(3);
        await Refused(40);
        await Ask(3, Robin);
        await Door.Submit(new ChangePlan("anna", "max-5x", Owner));
        await Door.Submit(new LetSupportLook("anna", false, Owner));
        await Door.Submit(new WriteNote("anna", Guid.CreateVersion7(), "Called about the cap.", Robin));
        await Door.Submit(new LookAtAccount("anna", Robin));
        await using (var db = await Of<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            db.Add(SignInAudit.Record("SignIn", "anna-id", Time.GetUtcNow()));
            db.Add(new AuditRecord { At = Time.GetUtcNow(), Actor = Robin.Id, Subject = "anna", Action = "ViewAsPage", Outcome = "Looked", After = """{"view_as":"1","page":"/extra-usage"}""" });
            await db.SaveChangesAsync();
        }
        var page = Account();
        page.Shows("section[aria-labelledby=timeline]", "Credit claimed");
        var lines = page.FindAll(".card:last-of-type .activity-title").Select(l => l.TextContent.Trim()).ToList();
        Assert.Contains("2 charges", lines);
        Assert.Contains("Credit claimed", lines);
        Assert.Contains("Extra usage turned on with a cap of $5.00", lines);
        Assert.Contains(lines, l => l.StartsWith("Refused: ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Told: ", StringComparison.Ordinal));
        Assert.Contains("Goodwill asked for: granted", lines);
        Assert.Contains("Goodwill credit", lines);
        Assert.Contains("Plan changed to Max 5x", lines);
        Assert.Contains("Note written", lines);
        Assert.Contains("Support looked at the account", lines);
        Assert.Contains("Support access set", lines);
        Assert.Contains("Signed in", lines);
        Assert.Contains("Support viewed a page", lines);
        Assert.EndsWith(": Extra usage", page.FindAll(".activity-detail").Select(d => d.TextContent.Trim()).First(d => d.EndsWith("usage", StringComparison.Ordinal)), StringComparison.Ordinal);
        // Staff read it: the subscriber is not "you".
        Assert.Contains("by the subscriber", page.Text("section[aria-labelledby=timeline]"), StringComparison.Ordinal);
        Assert.DoesNotContain("by you", page.Text("section[aria-labelledby=timeline]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeline_of_many_lines_goes_on_page_by_page_without_a_gap_or_a_repeat()
    {
        await SignInAsSupport();
        await Claim();
        for (var i = 0; i < 45; i++)
        {
            await Door.Submit(new ClaimEveryPeriod("anna", i % 2 == 0, Owner));
            await Use(0.01m);
            Time.Advance(TimeSpan.FromHours(7));
        }
        var all = new List<string>();
        string? start = null;
        do
        {
            var part = await Of<Timeline>().Read("anna", "anna-id", TimelineQuery.Read(null, null, null, start), 11);
            all.AddRange(part.Lines.Select(l => l.Key));
            start = part.Older;
        }
        while (start is not null);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(45, all.Count(k => k.StartsWith('c')) - 1);
        var whole = await Of<Timeline>().Read("anna", "anna-id", TimelineQuery.Read(null, null, null, null), 1000);
        Assert.Equal(whole.Lines.Select(l => l.Key), all);
    }

    [Fact]
    public async Task More_charges_than_one_correction_may_have_are_said_and_cannot_be_asked_for()
    {
        var form = Render<CorrectionForm>(p => p.Add(c => c.Asked, CorrectionAsked.Nothing with { Charge = "anna.c1" })
            .Add(c => c.Preview, _ => Task.FromResult(new CorrectionSum(Corrections.MostCharges + 1, 3, Money.Zero, Money.Zero, Money.Zero, Money.Zero)))
            .Add(c => c.Ask, _ => throw new InvalidOperationException("It was asked for.")));

        await form.Button("Find the charges").ClickAsync(new());

        form.Shows("[role=alert]", "More than 20,000 charges were found");
        Assert.Single(form.FindAll("button"));
    }

    [Fact]
    public async Task What_is_found_for_fields_that_were_changed_meanwhile_is_neither_shown_nor_reversed()
    {
        var preview = new TaskCompletionSource<CorrectionSum>();
        var form = Render<CorrectionForm>(p => p.Add(c => c.Asked, CorrectionAsked.Nothing with { Charge = "anna.c1" })
            .Add(c => c.Preview, _ => preview.Task).Add(c => c.Ask, _ => throw new InvalidOperationException("Nothing may be asked for.")));
        var find = form.Button("Find the charges").ClickAsync(new());
        await form.Type("One charge", "other.c7");

        preview.SetResult(new CorrectionSum(1, 1, Money.FromDollars(7), Money.FromDollars(7), Money.Zero, Money.Zero));
        await find;

        Assert.Equal(["Find the charges"], form.FindAll("button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task A_note_stands_there_with_its_author()
    {
        await SignInAsSupport();
        var page = Account();
        page.Shows("section[aria-labelledby=notes]", "No notes yet");
        Assert.Contains("No notes yet", page.Markup, StringComparison.Ordinal);
        await Fill(page, "Write a note", "Called twice about the cap.");
        await page.Button("Write the note").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("Called twice about the cap.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("support@example.org", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_explained_with_the_numbers_of_then_and_now()
    {
        await SignInAsSupport();
        await Claim();
        await Use(18);
        await Refused(5);
        var id = (await Rows<RefusalRecord>(r => r.Account == "anna")).Single().Authorization;
        await Ask(10, Robin);
        var page = At<SupportRefusalPage>($"/support/accounts/anna/refusals?authorization={id}");
        page.Shows(".pagehead-sentence", "$2.00 is left");
        Assert.Contains("The same request would be allowed now.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Credit $2.00 $12.00", page.Text("tbody"), StringComparison.Ordinal);
        At<SupportRefusalPage>("/support/accounts/anna/refusals?authorization=other").Shows(".notice", "Nothing of this account is called other.");
    }

    [Fact]
    public async Task Two_moments_are_compared_to_the_last_digit()
    {
        await SignInAsSupport();
        await Claim();
        var from = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        await Use(3.12345m);
        await Use(1);
        Time.Advance(TimeSpan.FromMinutes(1));
        var page = At<ComparePage>(SupportPaths.Compare("anna", from, Time.GetUtcNow()));
        page.Shows(".pagehead-sentence", "2 charges, $4.12");
        Assert.Contains("Credit left $20.00 $15.87655", page.Text("tbody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dearest_charges_between_two_moments_lead_to_why_each_was_charged()
    {
        await SignInAsSupport();
        await Claim();
        await Use(1);
        var from = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        await Use(2);
        await Chat(9);
        await Use(3);
        var page = At<ComparePage>(SupportPaths.Compare("anna", from, Time.GetUtcNow()));
        page.Shows("#dearest", "The charges");
        Assert.Equal(["/support/accounts/anna/charges/anna.c4", "/support/accounts/anna/charges/anna.c2"], page.FindAll("[aria-labelledby=dearest] a").Select(a => a.GetAttribute("href")));
        for (var i = 0; i < 9; i++)
        {
            await Use(1);
        }
        page = At<ComparePage>(SupportPaths.Compare("anna", from, Time.GetUtcNow()));
        page.Shows("#dearest", "The 10 dearest charges");
        Assert.Equal("$3.00", page.FindAll("[aria-labelledby=dearest] .activity-amount")[0].TextContent);
    }

    [Fact]
    public async Task A_dispute_is_taken_and_answered_or_the_charge_reversed()
    {
        await SignInAsSupport();
        await Claim();
        await Use(3);
        await Use(4);
        await Door.Submit(new DisputeCharge("anna", 1, "That was not my request.", Owner));
        await Door.Submit(new DisputeCharge("anna", 2, "That was not mine either.", Owner));
        var page = Render<DisputesPage>();
        page.Shows(".pagehead-sentence", "2 wait for somebody");
        await page.Button("Take anna.c1").ClickAsync(new());
        page.Shows("[role=status]", "The dispute is yours.");
        await page.Button("Let it stand").ClickAsync(new());
        await Fill(page, "Why does it stand?", "Your nightly job made it.");
        await page.Button("Let $3.00 stand").ClickAsync(new());
        page.Shows("[role=status]", "The answer is sent.");
        await page.Button("Take anna.c2").ClickAsync(new());
        page.Shows("[role=status]", "The dispute is yours.");
        await page.Button("Reverse it").ClickAsync(new());
        await Fill(page, "Why is it reversed?", "The gateway counted it twice.");
        await Fill(page, "Ticket", "T-9");
        await page.Button("Reverse $4.00").ClickAsync(new());
        page.Shows("[role=status]", "Charge anna.c2 is reversed.");
        Assert.Equal([DisputeState.Answered, DisputeState.Corrected], (await Rows<Dispute>(_ => true)).OrderBy(d => d.Charge).Select(d => d.State));
        page.Shows(".empty", "Nothing is disputed");
    }

    [Fact]
    public async Task A_disputed_charge_that_was_reversed_meanwhile_is_not_said_to_be_reversed_now()
    {
        await SignInAsSupport();
        await Claim();
        await Use(4);
        await Door.Submit(new DisputeCharge("anna", 1, "That was not my request.", Owner));
        var page = Render<DisputesPage>();
        await page.Button("Take anna.c1").ClickAsync(new());
        page.Shows("[role=status]", "The dispute is yours.");
        var filter = new CorrectionFilter("anna", 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null, null);
        await Of<Corrections>().Request(new CorrectionRequest(Guid.CreateVersion7(), filter, await Of<Corrections>().Preview(filter), "Sooner.", "T-8", Time.GetUtcNow().AddDays(30)), Robin);

        await page.Button("Reverse it").ClickAsync(new());
        await Fill(page, "Why is it reversed?", "The gateway counted it twice.");
        await Fill(page, "Ticket", "T-9");
        await page.Button("Reverse $4.00").ClickAsync(new());
        page.Shows("[role=status]", "Charge anna.c1 was reversed before.");
        Assert.DoesNotContain("came back", page.Text("[role=status]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charges_are_found_looked_at_and_reversed_and_the_page_of_the_set_says_what_became_of_each()
    {
        await SignInAsSupport();
        await Claim();
        await Use(3);
        await Use(4);
        var page = Render<CorrectionsPage>();
        page.Shows(".pagehead-sentence", "Charges that should not have been are reversed");
        await page.Button("Find the charges").ClickAsync(new());
        Assert.Contains("Name one charge, or from when until when", page.Markup, StringComparison.Ordinal);
        await page.Field("Account (empty: all)").ChangeAsync(new ChangeEventArgs { Value = "anna" });
        await page.Field("Recorded from (UTC)").ChangeAsync(new ChangeEventArgs { Value = "2026-11-23T00:00:00" });
        await page.Field("until (UTC)").ChangeAsync(new ChangeEventArgs { Value = "2026-11-24T00:00:00" });
        await page.Button("Find the charges").ClickAsync(new());
        page.Shows("[role=status]", "2 charges in 1 account: $7.00 at API rates: $7.00 credit");
        await Fill(page, "Reason", "The gateway counted them twice.");
        await Fill(page, "Ticket", "INC-1");
        await page.Button("Reverse 2 charges, $7.00").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("The charges are being reversed.", page.Markup, StringComparison.Ordinal));
        await Of<CorrectionWork>().Once();
        var id = Assert.Single(await Rows<Correction>(_ => true)).Id;
        var one = Render<CorrectionPage>(p => p.Add(c => c.Id, $"{id:N}"));
        one.Shows(".pagehead-sentence", "Done.");
        Assert.Contains("Reversed 2", one.Text("dl"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_not_of_support_sees_nothing_of_it()
    {
        foreach (var markup in new[] { Account().Markup, Render<ApprovalsPage>().Markup, Render<DisputesPage>().Markup, Render<CorrectionsPage>().Markup })
        {
            Assert.Contains("Not yours to open", markup, StringComparison.Ordinal);
        }
    }
}
