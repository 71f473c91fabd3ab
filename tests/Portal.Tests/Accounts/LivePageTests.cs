using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Ui;

namespace Portal.Tests.Accounts;

/// <summary>The law of open pages: what stands there is of their address, and nothing older than what was seen, in whatever order the database answers.</summary>
public sealed class LivePageTests : PagesTest
{
    private readonly Shelves _shelves = new();

    [Fact]
    public async Task An_older_address_that_is_answered_last_does_not_stand_under_the_newer_one()
    {
        var page = At("a");
        _shelves.Close("b");
        page.Render(p => p.Add(c => c.At, "b"));
        page.Render(p => p.Add(c => c.At, "c"));

        await Answer(page, "b");

        page.Shows("p", "c");
    }

    [Fact]
    public async Task Who_comes_back_before_the_other_address_was_answered_sees_the_first()
    {
        var page = At("a");
        _shelves.Close("b");
        page.Render(p => p.Add(c => c.At, "b"));
        page.Render(p => p.Add(c => c.At, "a"));

        await Answer(page, "b");

        page.Shows("p", "a");
    }

    [Fact]
    public async Task Looks_that_are_asked_for_while_one_reads_are_one_that_begins_after_it()
    {
        var page = At("a");
        _shelves.Close("a");
        var first = page.InvokeAsync(page.Instance.LookNow);
        var others = Enumerable.Range(0, 5).Select(_ => page.InvokeAsync(page.Instance.LookNow)).ToList();
        Assert.Equal(2, _shelves.Begun);

        _shelves.Open("a");
        await Task.WhenAll([first, .. others]);

        Assert.Equal(3, _shelves.Begun);
    }

    [Fact]
    public async Task A_write_that_was_done_is_said_also_when_the_database_goes_away_before_the_page_has_looked_again()
    {
        var page = At("a");
        _shelves.Fails = new TimeoutException("The database does not answer.");

        await page.Find("button").ClickAsync(new());

        page.Shows("strong", "It is done.");
        page.Shows("em", "stands still");
        page.Shows("p", "a");
    }

    protected override void LendServices()
    {
        base.LendServices();
        Services.AddSingleton(_shelves);
    }

    private IRenderedComponent<Shelf> At(string address)
    {
        var page = Render<Shelf>(p => p.Add(c => c.At, address));
        page.Shows("p", address);
        return page;
    }

    /// <summary>Answers what was held, and waits until nothing is read any more.</summary>
    private async Task Answer(IRenderedComponent<Shelf> page, string address)
    {
        await page.InvokeAsync(() => _shelves.Open(address));
        await Eventually.Holds(() => _shelves.Begun == _shelves.Ended);
    }

    internal sealed record Shown(string Account, DateTimeOffset AsOf, string At) : AccountFigures(Account, AsOf);

    /// <summary>What can be read; what is closed is answered once it is open.</summary>
    internal sealed class Shelves
    {
        private readonly Dictionary<string, TaskCompletionSource> _closed = [];

        public int Begun { get; private set; }

        public int Ended { get; private set; }

        public Exception? Fails { get; set; }

        public void Close(string at) => _closed[at] = new();

        public void Open(string at)
        {
            _closed.Remove(at, out var closed);
            closed!.SetResult();
        }

        public async Task<Shown?> Read(string account, string at)
        {
            Begun++;
            if (_closed.TryGetValue(at, out var closed))
            {
                await closed.Task;
            }
            Ended++;
            return Fails is null ? new Shown(account, DateTimeOffset.UnixEpoch, at) : throw Fails;
        }
    }

    internal sealed class Shelf : AccountPage<Shown>
    {
        private NoticeText? _result;

        [Parameter]
        public string At { get; set; } = "";

        [Inject]
        internal Shelves Shelves { get; set; } = default!;

        protected override object? Address => At;

        protected override bool Moves => false;

        public Task LookNow() => Look();

        protected override Task<Shown?> Read(string account) => Shelves.Read(account, At);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, $"<p>{Figures?.At}</p><em>{(StandsStill ? "stands still" : "moves")}</em><strong>{_result?.What}</strong>");
            builder.OpenElement(1, "button");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, Press));
            builder.CloseElement();
        }

        private async Task Press() => _result = await Write("It could not be done.", () => Task.FromResult(new NoticeText(NoticeKind.Done, "It is done.")), _ => "");
    }
}
