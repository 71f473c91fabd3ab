using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ledger;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Mail;
using Portal.Tests.Accounts;

namespace Portal.Tests.Watching;

/// <summary>What can be watched says what happened, by names of kinds only.</summary>
public sealed class MeasuresTests(DoorOn<SqliteDatabase> portal) : DoorTests<SqliteDatabase>(portal)
{
    [Fact]
    public async Task Commands_their_batches_refusals_and_events_are_counted()
    {
        using var figures = new Figures(Get<IMeterFactory>());
        var account = await Open();
        Assert.IsType<AuthorizeAnswer.Refused>(await Door.Submit(Ask(account, $"{account}-1", 10)));
        Assert.IsType<ClaimOutcome.Claimed>(await Door.Submit(new ClaimCredit(account, Owner)));
        await Door.Submit(Tell(account, $"{account}-2", 5));
        await Door.Submit(Tell(account, $"{account}-3", 5) with { Model = "unheard-of" });
        await Assert.ThrowsAsync<NotAllowedException>(() => Door.Submit(new ClaimCredit(account, Actor.User("somebody"))));

        Assert.Equal(1, figures.Count("portal.command.duration", ("command", "Authorize"), ("outcome", "Refused")));
        Assert.Equal(1, figures.Count("portal.command.duration", ("command", "ClaimCredit"), ("outcome", "Claimed")));
        Assert.Equal(1, figures.Count("portal.command.duration", ("command", "ClaimCredit"), ("outcome", "NotAllowed")));
        Assert.Equal(1, figures.Sum("portal.refusals", ("reason", "credit_not_claimed")));
        Assert.Equal(1, figures.Sum("portal.events", ("kind", "charged")));
        Assert.Equal(1, figures.Sum("portal.events", ("kind", "parked")));
        Assert.Equal(6, figures.Sum("portal.batch.size"));
        Assert.Equal(figures.Count("portal.batch.size"), figures.Count("portal.batch.duration"));
        // Figures are kept for long and shown to many: no account, id or amount is among what names them.
        Assert.DoesNotContain(figures.Tags, tag => tag.Contains(account, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_queue_and_the_laws_of_the_ledger_are_read_when_somebody_looks()
    {
        using var figures = new Figures(Get<IMeterFactory>());
        var account = await Open(claimed: true);
        await Look();
        Assert.Equal(0, figures.Last("portal.queue.length"));
        Assert.Equal(0, figures.Last("portal.ledger.broken", ("law", nameof(LedgerLaw.Grants))));

        await Tamper($"UPDATE grants SET used = used + 1 WHERE account = '{account}'");
        await Look();
        Assert.Equal(1, figures.Last("portal.ledger.broken", ("law", nameof(LedgerLaw.Grants))));
        await Tamper($"UPDATE grants SET used = used - 1 WHERE account = '{account}'");
        await Look();
        Assert.Equal(0, figures.Last("portal.ledger.broken", ("law", nameof(LedgerLaw.Grants))));
        Assert.True(figures.Sum("portal.ledger.checked") >= 3);

        async Task Look()
        {
            Time.Advance(LedgerRounds.LongestPause);
            await Get<LedgerRounds>().Once();
            figures.Observe();
        }
    }

    [Fact]
    public void Mails_are_counted_by_whether_they_were_taken()
    {
        using var figures = new Figures(Get<IMeterFactory>());
        Get<MailMeasures>().Tried(taken: true);
        Get<MailMeasures>().Tried(taken: false);
        figures.Observe();
        Assert.Equal(1, figures.Sum("portal.mails", ("result", "not_taken")));
        Assert.Equal(0, figures.Last("portal.mails.waiting"));
    }

    [Fact]
    public async Task A_command_is_a_span_of_its_request_and_its_batch_is_linked_to_it()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Portal",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var account = await Open();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Door.Submit(new ClaimCredit(account, Owner));

        var command = Assert.Single(ended, span => span.OperationName == nameof(ClaimCredit) && span.TraceId == request.TraceId);
        Assert.Equal(request.SpanId, command.ParentSpanId);
        // The span of the batch ends after its answers were given.
        await Eventually.Holds(() => ended.Any(span => span.OperationName == "door.batch" && span.Links.Any(link => link.Context.SpanId == command.SpanId)));
    }

    private async Task Tamper(string sql)
    {
        await using var db = Fixture.Database.Open();
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>Everything that the instruments of one application say.</summary>
    private sealed class Figures : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> _told = [];
        private readonly MeterListener _listener;

        public Figures(IMeterFactory meters)
        {
            _listener = new MeterListener
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Meter.Name == "Portal" && instrument.Meter.Scope == meters)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Tell(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Tell(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Tell(instrument, value, tags));
            _listener.Start();
        }

        public IEnumerable<string> Tags => _told.SelectMany(t => t.Tags);

        public int Count(string name, params (string, string)[] tags) => Of(name, tags).Count();

        public double Sum(string name, params (string, string)[] tags) => Of(name, tags).Sum();

        public double Last(string name, params (string, string)[] tags) => Of(name, tags).Last();

        public void Observe() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private IEnumerable<double> Of(string name, (string Key, string Value)[] tags) =>
            _told.Where(t => t.Name == name && tags.All(tag => t.Tags.Contains($"{tag.Key}={tag.Value}"))).Select(t => t.Value);

        private void Tell(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _told.Enqueue((instrument.Name, value, [.. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]));
    }
}
