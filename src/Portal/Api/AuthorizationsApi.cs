using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Api.Keys;
using Portal.Data;

namespace Portal.Api;

/// <summary>The gateway's question.</summary>
[Description("May a request use up to this much?")]
public sealed record AuthorizeBody
{
    internal const string TtlRule = "It must be a whole number from 1 to 86,400 seconds.";

    [Description("The caller's id, unique for ever.")]
    [RegularExpression(Texts.IdPattern)]
    public string? Id { get; init; }

    [RegularExpression(Texts.AccountPattern)]
    public string? Account { get; init; }

    [MaxLength(Texts.LongestName)]
    public string? Model { get; init; }

    [MaxLength(Texts.LongestName)]
    public string? Surface { get; init; }

    [MaxLength(Texts.LongestName)]
    public string? App { get; init; }

    [Description("The most that the request can use.")]
    public UsageBody? Max { get; init; }

    [Description("How long the promise lasts. Absent: 900.")]
    [Range(1, AuthorizationRequest.LongestTtlSeconds)]
    public long? TtlSeconds { get; init; }
}

/// <summary>What an authorized request really used.</summary>
[Description("What an authorized request really used.")]
public sealed record SettleBody
{
    public UsageBody? Usage { get; init; }

    [Description("When it happened (RFC 3339). Absent: now.")]
    public string? Time { get; init; }
}

/// <summary>An authorization.</summary>
[Description("A promise to the gateway: up to this much, until then.")]
public sealed record AuthorizationAnswer(
    string Id, string Account, AuthorizationStatus Status,
    [property: Description("What it holds or, once it has ended, held. Included use holds \"0\".")] Money HeldUsd,
    [property: Description("The part of it that credit covers.")] Money CreditUsd,
    [property: Description("The part of it that extra usage covers.")] Money ExtraUsd,
    DateTimeOffset ExpiresAt, ChargeAnswer? Charge)
{
    internal static AuthorizationAnswer Of(Authorization authorization, Charge? charge, AuthorizationStatus? status = null) =>
        new(authorization.Id, authorization.Account, status ?? authorization.Status, authorization.Held, authorization.CreditHeld, authorization.Extra,
            authorization.ExpiresAt, charge is null ? null : ChargeAnswer.Of(charge));
}

/// <summary>`/v1/authorizations`: ask, settle, release, look.</summary>
internal static class AuthorizationsApi
{
    private static readonly Problem Unknown = Problem.NotFound("No authorization has this id.");

    public static async Task Post(HttpContext context, AccountDoor door, PublicLinks links)
    {
        var (body, problem) = await Body.Read(context, ApiJson.Default.AuthorizeBody);
        if (body is null)
        {
            await problem!.Write(context);
            return;
        }
        var checks = new Checks();
        checks.Id("id", body.Id);
        checks.AccountKey("account", body.Account);
        checks.Name("model", body.Model);
        checks.Name("surface", body.Surface);
        checks.OptionalName("app", body.App);
        var ttl = body.TtlSeconds ?? AuthorizationRequest.DefaultTtlSeconds;
        checks.Demand(ttl is >= 1 and <= AuthorizationRequest.LongestTtlSeconds, "ttl_seconds", AuthorizeBody.TtlRule);
        checks.Demand(body.Max is not null, "max", "It is missing: state the most that the request can use.");
        var max = body.Max?.ToUsage(checks, "max.") ?? new Usage();
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        var request = new AuthorizationRequest(body.Id!, body.Model!, body.Surface!, body.App, max, (int)ttl);
        await (await door.Submit(new Authorize(body.Account!, request, Caller.Of(context).Actor)) switch
        {
            AuthorizeAnswer.Granted(var authorization, var charge, var isRepeat) => Show(context, authorization, charge, isRepeat ? 200 : 201),
            AuthorizeAnswer.Refused(var refusal) => Refuse(context, refusal, links),
            AuthorizeAnswer.IdReused => Problem.Conflict("id_reused", "The id was used for another request. Make a new id.").Write(context),
            AuthorizeAnswer.UnknownAccount => Problem.NotFound("No account has this key.").Write(context),
            _ => throw new InvalidOperationException("An authorization has four answers."),
        });
    }

    public static async Task PostSettle(HttpContext context, string id, AccountDoor door)
    {
        var (body, problem) = await Body.Read(context, ApiJson.Default.SettleBody);
        if (body is null)
        {
            await problem!.Write(context);
            return;
        }
        var checks = new Checks();
        checks.Demand(body.Usage is not null, "usage", "It is missing: state what the request used.");
        var usage = body.Usage?.ToUsage(checks, "usage.") ?? new Usage();
        var time = checks.Instant("time", body.Time);
        if (checks.Failed)
        {
            await Problem.Invalid(checks).Write(context);
            return;
        }
        await (!Texts.IsId(id) ? Unknown.Write(context) : await door.Submit(new Settle(id, usage, time, Caller.Of(context).Actor)) switch
        {
            SettleAnswer.Settled(var authorization, var charge) => Show(context, authorization, charge),
            SettleAnswer.IdReused => Problem.Conflict("id_reused", "It was settled with other usage; its charge stays as it is.").Write(context),
            SettleAnswer.NotHeld => Problem.Conflict("not_held", "It was released. Send the usage as an event without an authorization.").Write(context),
            SettleAnswer.Rejected(var reason) => Problem.Rejected(reason, Rejections.Detail(reason)).Write(context),
            SettleAnswer.Unknown => Unknown.Write(context),
            _ => throw new InvalidOperationException("A settlement has five answers."),
        });
    }

    public static async Task PostRelease(HttpContext context, string id, AccountDoor door) =>
        await (!Texts.IsId(id) ? Unknown.Write(context) : await door.Submit(new Release(id, Caller.Of(context).Actor)) switch
        {
            ReleaseAnswer.Released(var authorization) => Show(context, authorization, null),
            ReleaseAnswer.AlreadySettled => Problem.Conflict("settled", "It has its charge, and a charge never changes.").Write(context),
            ReleaseAnswer.Unknown => Unknown.Write(context),
            _ => throw new InvalidOperationException("A release has three answers."),
        });

    public static async Task Get(HttpContext context, string id, PortalDb db, Clock clock)
    {
        var cancel = context.RequestAborted;
        var found = !Texts.IsId(id) ? null : await db.Set<AuthorizationId>().Where(i => i.Id == id)
            .Join(db.Set<Authorization>(), i => new { i.Account, i.Id }, a => new { a.Account, a.Id }, (_, a) => a)
            .AsNoTracking().SingleOrDefaultAsync(cancel);
        if (found is null)
        {
            await Unknown.Write(context);
            return;
        }
        var charge = found.Charge is not { } number ? null
            // That of a month which was detached is kept in the archive.
            : await db.Set<Charge>().AsNoTracking().SingleOrDefaultAsync(c => c.Account == found.Account && c.Number == number, cancel);
        // A hold whose time is up has ended, also if nothing has written so yet.
        var hasEnded = found.Status == AuthorizationStatus.Held && found.ExpiresAt <= clock.Now;
        await Answer.Write(context, AuthorizationAnswer.Of(found, charge, hasEnded ? AuthorizationStatus.Expired : null), ApiJson.Default.AuthorizationAnswer);
    }

    private static Task Show(HttpContext context, Authorization authorization, Charge? charge, int status = 200) =>
        Answer.Write(context, AuthorizationAnswer.Of(authorization, charge), ApiJson.Default.AuthorizationAnswer, status);

    private static Task Refuse(HttpContext context, Refusal refusal, PublicLinks links)
    {
        var code = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.Code.ToString());
        var problem = Problem.Of(402, code, "The request may not run.", refusal.Detail) with
        {
            Limits = [.. refusal.Limits.Select(LimitAnswer.Of)],
            Remedy = new RemedyAnswer(refusal.Remedy.Text, links.To(context, refusal.Remedy.Path)),
        };
        return problem.Write(context);
    }
}
