namespace Portal.Browser;

public class Skeleton
{
    [Fact]
    public void Runs() { }
}
