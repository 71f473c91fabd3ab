namespace Ledger.Tests;

public class Skeleton
{
    [Fact]
    public void Runs() { }
}
