namespace Portal.Bench;

/// <summary>The requests of one round, prepared before anything is measured: so many authorizations and their settlements, on all accounts and on one, and as many events in batches of a hundred.</summary>
internal sealed class SpeedRequests(string round, int requests, int accounts = BenchDatabase.Accounts)
{
    private const string Model = "claude-sonnet-5-5";

    private readonly int[] _numbers = [.. Enumerable.Range(0, requests)];

    public IReadOnlyList<byte[]> Authorize => Each(i => Authorization($"{round}.{i:D8}", BenchDatabase.AccountOf(i, accounts)));

    public IReadOnlyList<byte[]> Settle => Each(i => Settlement($"{round}.{i:D8}"));

    public IReadOnlyList<byte[]> AuthorizeHot => Each(i => Authorization($"{round}.hot.{i:D8}", BenchDatabase.AccountOf(0)));

    public IReadOnlyList<byte[]> SettleHot => Each(i => Settlement($"{round}.hot.{i:D8}"));

    public IReadOnlyList<byte[]> Events => Batches("bench", i => $"{round}.{i:D8}");

    /// <summary>Events whose random ids fall among those that the database was filled with.</summary>
    public IReadOnlyList<byte[]> RandomEvents => Batches(BenchDatabase.Source, _ => $"{Guid.NewGuid():N}");

    private static byte[] Authorization(string id, string account) => Post("/v1/authorizations",
        $$$"""{"id":"{{{id}}}","account":"{{{account}}}","model":"{{{Model}}}","surface":"headless","max":{"input_tokens":1000,"output_tokens":500}}""");

    private static byte[] Settlement(string id) => Post($"/v1/authorizations/{id}/settle", """{"usage":{"input_tokens":1000,"output_tokens":300}}""");

    private string Event(string source, string id, int i) =>
        $$$"""{"specversion":"1.0","type":"ai.usage","source":"{{{source}}}","id":"{{{id}}}","subject":"{{{BenchDatabase.AccountOf(i * 7, accounts)}}}","data":{"model":"{{{Model}}}","surface":"headless","input_tokens":1000,"output_tokens":300}}""";

    private byte[][] Each(Func<int, byte[]> request) => Array.ConvertAll(_numbers, i => request(i));

    private byte[][] Batches(string source, Func<int, string> id) =>
        [.. _numbers.Chunk(100).Select(chunk => Post("/v1/events", $"[{string.Join(',', chunk.Select(i => Event(source, id(i), i)))}]", "application/cloudevents-batch+json"))];

    private static byte[] Post(string path, string body, string type = "application/json") => LoadGenerator.Post(path, BenchDatabase.Key, body, type);
}
