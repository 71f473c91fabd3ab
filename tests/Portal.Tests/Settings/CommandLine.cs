namespace Portal.Tests.Settings;

public sealed class CommandLine
{
    [Theory]
    [InlineData("backup /copy.db --Portal:DataFolder /data")]
    [InlineData("restore /copy.db --Portal:DataFolder /data")]
    [InlineData("load-terms /terms --Portal:DataFolder /data")]
    [InlineData("detach-month 2026-01 --Portal:DataFolder /data")]
    [InlineData("create-key eu usage,authorize --Portal:DataFolder /data")]
    [InlineData("create-admin --email a@example.com --invite --Portal:DataFolder /data")]
    [InlineData("verify-audit --head 1:00 --Portal:DataFolder /data")]
    [InlineData("verify-ledger --Portal:DataFolder /data")]
    [InlineData("--Portal:DataFolder /data")]
    public void Of_what_follows_a_command_only_the_settings_are_settings(string line) =>
        Assert.Equal(["--Portal:DataFolder", "/data"], Commands.SettingsOf(line.Split(' ')));
}
