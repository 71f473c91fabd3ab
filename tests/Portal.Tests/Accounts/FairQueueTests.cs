using Portal.Accounts;

namespace Portal.Tests.Accounts;

public class FairQueueTests
{
    [Fact]
    public async Task A_busy_line_does_not_keep_others_waiting()
    {
        using var queue = new FairQueue<string>(1_000, 1_000);
        for (var i = 0; i < 100; i++)
        {
            queue.TryAdd("busy", $"busy {i}");
        }
        queue.TryAdd("quiet", "quiet 0");

        Assert.Equal(["busy 0", "quiet 0", "busy 1", "busy 2"], await queue.Take(4));
    }

    [Fact]
    public async Task Within_a_line_first_come_is_first_served()
    {
        using var queue = new FairQueue<int>(100, 100);
        for (var i = 0; i < 50; i++)
        {
            queue.TryAdd("line", i);
        }
        Assert.Equal(Enumerable.Range(0, 20), await queue.Take(20));
        Assert.Equal(Enumerable.Range(20, 30), await queue.Take(100));
    }

    [Fact]
    public void A_full_queue_and_a_full_line_take_nothing_more()
    {
        using var queue = new FairQueue<int>(3, 2);
        Assert.True(queue.TryAdd("a", 1));
        Assert.True(queue.TryAdd("a", 2));
        Assert.False(queue.TryAdd("a", 3));
        Assert.True(queue.TryAdd("b", 4));
        Assert.False(queue.TryAdd("c", 5));
        Assert.Equal(3, queue.Count);
    }

    [Fact]
    public async Task A_closed_queue_gives_out_what_waits_and_then_nothing()
    {
        using var queue = new FairQueue<int>(10, 10);
        queue.TryAdd("a", 1);
        queue.Close();
        Assert.False(queue.TryAdd("a", 2));
        Assert.Equal([1], await queue.Take(10));
        Assert.Empty(await queue.Take(10));
        Assert.Empty(await queue.Take(10));
    }

    [Fact]
    public async Task What_comes_together_is_found_together_and_what_has_no_place_comes_back()
    {
        using var queue = new FairQueue<string>(4, 2);
        Assert.Equal(["a3", "c1"], queue.AddAll(["a1", "a2", "a3", "b1", "b2", "c1"], item => item[..1]));
        Assert.Equal(["a1", "b1", "a2", "b2"], await queue.Take(10));
    }

    [Fact]
    public async Task Many_callers_and_several_takers_lose_and_double_nothing()
    {
        using var queue = new FairQueue<int>(100_000, 100_000);
        var takers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var taken = new List<int>();
            while (await queue.Take(7) is { Count: > 0 } items)
            {
                taken.AddRange(items);
            }
            return taken;
        })).ToList();
        Parallel.For(0, 20_000, i => Assert.True(queue.TryAdd($"line {i % 13}", i)));
        queue.Close();
        Assert.Equal(Enumerable.Range(0, 20_000), (await Task.WhenAll(takers)).SelectMany(t => t).Order());
    }
}
