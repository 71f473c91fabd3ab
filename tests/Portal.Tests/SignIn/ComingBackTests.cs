using System.Net;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;
using Portal.SignIn;

namespace Portal.Tests.SignIn;

public sealed class ComingBackOnSqlite(SignInOn<SqliteDatabase> portal) : ComingBackTests<SqliteDatabase>(portal);

public sealed class ComingBackOnPostgres(SignInOn<PostgresDatabase> portal) : ComingBackTests<PostgresDatabase>(portal);

/// <summary>Who has left stays away, whatever the provider sends; who comes again is somebody new.</summary>
public abstract class ComingBackTests<TDatabase>(SignInOn<TDatabase> portal) : LeavingPeople<TDatabase>(portal) where TDatabase : TestDatabase, new()
{
    [Fact]
    public async Task Who_comes_again_with_the_same_address_starts_anew()
    {
        var (email, account) = await NewOwner();
        var before = (await Host.Find(email)).Id;
        using var browser = await SignedIn(email);
        await Leave(browser, account);

        await Host.Invite(email);
        var link = (await Host.MailTo(email, "Your invitation")).Link();
        await browser.Submit(link, "new-password", ("Input.Password", People.Password), ("Input.Again", People.Password));
        using var again = await SignedIn(email);

        var now = await Host.Find(email);
        Assert.NotEqual(before, now.Id);
        Assert.Equal(HttpStatusCode.OK, (await again.Get("/profile")).Status);
        Assert.DoesNotContain(account, (await again.Get("/profile/leave")).Html, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimEveryPeriod(account, true, Actor.User(now.Id))));
        Assert.DoesNotContain(await Audit(email), r => r.Action == "Leave");
    }

    [Fact]
    public async Task The_provider_neither_opens_the_account_of_who_has_left_again_nor_makes_the_person_anew()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        await Leave(browser, account);
        using var gateway = Client((await Host.Services.GetRequiredService<GatewayKeys>().Create("leaving", KeyScopes.Accounts)).Secret);

        foreach (var status in new[] { "open", "closed" })
        {
            using var refused = await Put(gateway, account, email, status);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("has left", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Empty(await TablesThatSay(email));
        Assert.Contains("\"owner_email\":null", await gateway.GetStringAsync(new Uri($"/v1/accounts/{account}", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(AccountStatus.Closed, (await Rows<Account>(a => a.Key == account)).Single().Status);

        using var another = await Put(gateway, $"{account}-2", email, "open");
        Assert.Equal(HttpStatusCode.Created, another.StatusCode);
        await Host.MailTo(email, "Your invitation");
    }

    [Fact]
    public async Task Whoever_has_just_left_gets_no_new_account()
    {
        var (email, _) = await NewOwner();
        var id = (await Host.Find(email)).Id;
        var account = $"account-{Guid.NewGuid():n}";
        Task<PutAnswer> put;
        await using (var db = Database.Open())
        {
            await using var leaving = await db.Database.BeginTransactionAsync();
            await db.Users.Where(u => u.Id == id).ExecuteDeleteAsync();
            put = Door.Submit(new PutAccount(account, id, "pro", null, AccountStatus.Open, Gateway));
            await Task.Delay(200);
            Assert.False(put.IsCompleted);
            await leaving.CommitAsync();
        }

        Assert.IsType<PutAnswer.OwnerGone>(await put);
        Assert.Empty(await Rows<Account>(a => a.Key == account));
    }

    [Fact]
    public async Task A_new_account_at_the_instant_its_owner_leaves_is_closed_or_never_made()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var id = (await Host.Find(email)).Id;

        var puts = Enumerable.Range(0, 20).Select(async n =>
        {
            await Task.Delay(n * 10);
            return await Door.Submit(new PutAccount($"{account}-{n}", id, "pro", null, AccountStatus.Open, Gateway));
        }).ToList();
        for (var tries = 0; tries < 10 && (await Rows<User>(u => u.Id == id)).Count > 0; tries++)
        {
            await Leave(browser, account);
        }
        await Task.WhenAll(puts);

        Assert.Empty(await Rows<User>(u => u.Id == id));
        Assert.DoesNotContain(await Rows<Account>(a => a.Owner == id), a => a.Status == AccountStatus.Open);
    }

    [Fact]
    public async Task An_account_that_the_provider_opened_again_meanwhile_is_closed_again()
    {
        var (email, account) = await NewOwner();
        using var browser = await SignedIn(email);
        var by = await LatestActor(email);
        await Door.Submit(new LeaveAccount(account, by));
        await Door.Submit(new PutAccount(account, by.UserId!, "pro", null, AccountStatus.Open, Gateway));

        await Leave(browser, account);

        Assert.Equal(AccountStatus.Closed, (await Rows<Account>(a => a.Key == account)).Single().Status);
        Assert.Empty(await TablesThatSay(email));
    }
}
