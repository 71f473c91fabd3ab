using Portal.Api;

namespace Portal.Tests.Api;

public class InstantsTests
{
    [Theory]
    [InlineData("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23t10:00:00.5z", "2026-11-23T10:00:00.5Z")]
    [InlineData("2026-11-23T10:00:00.1234567891Z", "2026-11-23T10:00:00.123456Z")]
    [InlineData("2026-11-23T10:00:00+02:30", "2026-11-23T07:30:00Z")]
    [InlineData("2026-11-23T00:00:00-01:00", "2026-11-23T01:00:00Z")]
    [InlineData("2028-02-29T23:59:59.999999Z", "2028-02-29T23:59:59.999999Z")]
    public void Instants_of_RFC_3339_are_read_and_written_in_UTC(string text, string written)
    {
        Assert.True(Instants.TryParse(text, out var instant));
        Assert.Equal(written, Clock.Written(instant));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-23")]
    [InlineData("2026-11-23T10:00:00")]
    [InlineData("2026-11-23 10:00:00Z")]
    [InlineData("2026-02-29T10:00:00Z")]
    [InlineData("2026-11-23T24:00:00Z")]
    [InlineData("2026-11-23T10:60:00Z")]
    [InlineData("2026-11-23T10:00:60Z")]
    [InlineData("2026-11-23T10:00:00.Z")]
    [InlineData("2026-11-23T10:00:00+0200")]
    [InlineData("2026-11-23T10:00:00+24:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("２026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00:00Zulu")]
    public void Everything_else_is_refused(string text) => Assert.False(Instants.TryParse(text, out _));
}
