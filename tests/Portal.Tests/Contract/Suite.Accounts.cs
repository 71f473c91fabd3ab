using Portal.Tests.Contract.Client;
using Portal.Tests.SignIn;

namespace Portal.Tests.Contract;

public abstract partial class ContractSuite<TDatabase>
{
    [Fact]
    public async Task An_account_is_created_with_an_invitation_and_repeats_change_nothing()
    {
        var account = $"acc-{Guid.NewGuid():n}"[..16];
        var wanted = new AccountWanted($"{account}@example.com", "pro") { Anchor = world.Now.AddDays(-3) };
        var made = await Gateway.Put(account, wanted);
        Assert.Equal((201, account, wanted.OwnerEmail, "pro", "open"), (made.Status, made.Value["account"], made.Value["owner_email"], made.Value["plan"], made.Value["status"]));
        var again = await Gateway.Put(account, wanted);
        Assert.Equal((200, made.Text), (again.Status, again.Text));
        Assert.Equal((200, made.Text), ((await Gateway.GetAccount(account)).Status, (await Gateway.GetAccount(account)).Text));
        Assert.Equal(wanted.Anchor, (await Gateway.Balance(account)).Value.Period.Start);
        Assert.Contains("/sign-in/invitation?", (await world.Host.MailTo(wanted.OwnerEmail, "Your invitation")).Link(), StringComparison.Ordinal);
        Assert.Empty((await Gateway.Entries(account)).Value.Entries);
    }

    [Fact]
    public async Task Plans_change_from_outside_upgrades_at_once_and_others_from_the_next_period()
    {
        var account = await NewAccount("max-5x");
        Assert.Equal("max-20x", (await Put("max-20x")).Value["plan"]);
        var less = await Put("pro");
        Assert.Equal((200, "max-20x"), (less.Status, less.Value["plan"]));
        Assert.Equal("max-20x", (await Gateway.Balance(account)).Value.Plan);

        Task<Answer<JsonElementAnswer>> Put(string plan) => Gateway.Put(account, new AccountWanted($"{account}@example.com", plan));
    }

    [Fact]
    public async Task A_closed_account_refuses_records_as_uncollected_and_opens_again()
    {
        var account = await NewAccount(claimed: true, cap: 5);
        var email = $"{account}@example.com";
        Assert.Equal("closed", (await Gateway.Put(account, new AccountWanted(email, "pro", "closed"))).Value["status"]);
        Assert.Equal(AccountState.Closed, (await Gateway.Balance(account)).Value.State);
        Assert.Equal("account_closed", (await Gateway.Authorize(Ask(account, 1))).Problem(402, "account_closed").Code);
        var charge = await Charged(account, 2);
        Assert.Equal((2m, 0m, 0m, 2m), (charge.ListUsd, charge.CreditUsd, charge.ExtraUsd, charge.UncollectedUsd));
        Assert.Equal("open", (await Gateway.Put(account, new AccountWanted(email, "pro"))).Value["status"]);
        Assert.Equal(201, (await Gateway.Authorize(Ask(account, 1))).Status);
    }

    [Fact]
    public async Task What_an_account_cannot_be_is_refused_by_field()
    {
        var account = await NewAccount();
        var email = $"{account}@example.com";
        (await Gateway.Put(account, new AccountWanted("somebody-else@example.com", "pro"))).Problem(409, "conflict");
        (await Gateway.Put(account, new AccountWanted(email, "pro") { Anchor = world.Now.AddDays(-40) })).Problem(409, "conflict");
        await IsInvalid("plan", new AccountWanted(email, "gold"));
        await IsInvalid("status", new AccountWanted(email, "pro", "paused"));
        await IsInvalid("owner_email", new AccountWanted("nobody", "pro"));
        await IsInvalid("anchor", new AccountWanted(email, "pro") { Anchor = world.Now.AddDays(1) });
        (await Gateway.Put("Not-A-Key", new AccountWanted(email, "pro"))).Problem(400, "invalid");
        (await Gateway.Put(new string('k', 65), new AccountWanted(email, "pro"))).Problem(400, "invalid");
        const string put = "PUT /v1/accounts/{account}";
        (await Gateway.Call(put, [account], "{")).Problem(400, "invalid");
        (await Gateway.Call(put, [account], "{}", "text/plain")).Problem(415, "unsupported_media_type");
        (await Gateway.Call(put, [account], "{}" + new string(' ', 5 * 1024 * 1024))).Problem(413, "too_large");
        (await Gateway.GetAccount("nobody")).Problem(404, "not_found");
        (await Gateway.GetAccount("Not-A-Key")).Problem(404, "not_found");

        async Task IsInvalid(string field, AccountWanted wanted) => Assert.Contains(field, (await Gateway.Put(account, wanted)).Problem(400, "invalid").Errors!.Keys);
    }
}
