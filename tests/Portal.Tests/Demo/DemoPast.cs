using System.Text.Json.Nodes;
using Ledger;
using Portal.Accounts;
using Portal.Demo;
using Portal.Terms;

namespace Portal.Tests.Demo;

/// <summary>The demo's accounts as they are at an instant, played without a database.</summary>
internal sealed class DemoPast
{
    public DemoPast(DateTimeOffset now)
    {
        Now = now;
        Batch = new Batch(Book, now);
        foreach (var (story, index) in DemoStories.All.Select((story, index) => (story, index)))
        {
            new DemoHistory(Batch, new Random(7 + index)).Play(story, "owner of " + story.Account, now);
        }
        new DemoDesk(Batch, now).Lay(DemoStories.All.ToDictionary(story => story.Account, story => "owner of " + story.Account), Actor.User("support"), Actor.User("support2"));
    }

    public static PriceBook Book { get; } = Terms();

    public DateTimeOffset Now { get; }

    public Batch Batch { get; }

    public Account Account(string key) => Batch.Accounts[key];

    public Balance Balance(string key) => Account(key).BalanceAt(Book, Now);

    private static PriceBook Terms()
    {
        var plans = Read("plans.json");
        var cards = Read("rate-card.json");
        var programme = Read("programme.json");
        return new PriceBook(TermsFormat.RateCards(cards).Select(c => TermsFormat.RateCard(JsonNode.Parse(c.Json)!)), TermsFormat.Plans(plans),
            TermsFormat.Programme(programme), TermsFormat.Surfaces(programme), TermsFormat.Promotions(programme));
    }

    private static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Demo", "Terms", name)))!;
}
