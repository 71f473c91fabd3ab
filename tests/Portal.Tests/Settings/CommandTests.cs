namespace Portal.Tests.Settings;

/// <summary>The commands of `Portal.dll`.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string[] OnItsOwnDatabase => ["--Portal:DataFolder=" + folder.Path];

    [Fact]
    public async Task An_unknown_command_explains_the_known_ones()
    {
        var ended = await PortalCommand.Run("make-coffee");

        Assert.Equal(1, ended.Code);
        Assert.Contains("'make-coffee' is not a Portal command.", ended.Output, StringComparison.Ordinal);
        Assert.Contains("create-admin --email", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_says_the_commands(string help)
    {
        var ended = await PortalCommand.Run(help);
        Assert.Equal(0, ended.Code);
        Assert.Contains("create-admin --email", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_admin_is_made_with_a_password_from_standard_input()
    {
        var made = await PortalCommand.RunWith("a password of some length", ["create-admin", "--email", "first@example.org", .. OnItsOwnDatabase]);
        var again = await PortalCommand.RunWith("a password of some length", ["create-admin", "--email", "first@example.org", .. OnItsOwnDatabase]);

        Assert.Equal((0, "first@example.org is an Admin."), (made.Code, made.Output.Trim()));
        Assert.Equal((1, "first@example.org is an Admin already. Nothing was changed."), (again.Code, again.Output.Trim()));
    }

    [Fact]
    public async Task An_admin_can_be_invited_by_a_printed_link()
    {
        var made = await PortalCommand.Run(["create-admin", "--email", "invited@example.org", "--invite", "--Portal:PublicUrl=https://portal.example.org", .. OnItsOwnDatabase]);

        Assert.Equal(0, made.Code);
        Assert.Contains("https://portal.example.org/sign-in/invitation?user=", made.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "The password is shorter than 12 characters.")]
    [InlineData("", "The password is shorter than 12 characters.")]
    [InlineData("password1234", "The password is guessed soon")]
    public async Task A_password_that_will_not_do_makes_no_admin(string password, string why)
    {
        var ended = await PortalCommand.RunWith(password, ["create-admin", "--email", "first@example.org", .. OnItsOwnDatabase]);

        Assert.Equal(1, ended.Code);
        Assert.Contains(why, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_Development_portal_refuses_to_serve_without_tls()
    {
        var ended = await PortalCommand.Run(OnItsOwnDatabase);

        Assert.Equal(1, ended.Code);
        Assert.StartsWith("Urls is 'http://localhost:5210'; outside Development it must have an https address", ended.Output, StringComparison.Ordinal);
        Assert.Single(ended.Output.Trim().Split('\n'));
    }

    public void Dispose() => folder.Dispose();
}
