namespace Portal.Tests;

public class Skeleton
{
    [Fact]
    public void Runs() { }
}
