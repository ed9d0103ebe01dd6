using System.Diagnostics.Metrics;
using System.Net;
using Baton.Core.Assist;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Sandbox;
using Microsoft.Extensions.Logging;
using static Baton.EndToEnd.Tests.Assist.AssistWorld;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>More than three seconds is a warning and is counted; and where callbacks may go.</summary>
[Collection(OnVirtualTime.Name)]
public sealed class SlowCallbackTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(2_900, 0)]
    [InlineData(3_100, 1)]
    public async Task A_callback_after_three_seconds_is_a_warning_and_a_metric_once(int milliseconds, int slow)
    {
        await using var assist = await StartAsync(SandboxFlavor.Guide, s => s with { Sources = ["guide"] });
        assist.World.Sandbox.Faults.Add(new Fault { Kind = FaultKind.SuggestionsNever, Times = 1 });
        var (_, asked) = await assist.AskAsync(assist.Converse());
        var id = AssistRequestId.Parse(asked["requestId"]!.GetValue<string>());
        var askedAt = (await assist.World.Baton.Store.FindAssistAsync(id, Ct))!.AskedAt;
        await assist.World.PassAsync(askedAt.AddMilliseconds(milliseconds) - assist.World.Time.GetUtcNow());
        using var meters = new MeterListener();
        var counted = 0L;
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "baton.assist.slow_callbacks") listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        meters.Start();
        var log = new Warnings();
        var desk = new CallbackDesk(assist.World.Baton.Store, assist.World.Baton.Center.SuggestionCallbacks, new AssistOptions(), assist.World.Time, log);
        // Sent again, it is no second one.
        for (var time = 0; time < 2; time++) (await desk.TakeAsync(id, """{"id":"x","status":"completed","suggestions":[]}""", Ct)).ShouldBe(CallbackTaken.Taken);
        (Interlocked.Read(ref counted), log.Lines.Count).ShouldBe((slow, slow));
        if (slow > 0) log.Lines[0].ShouldContain("more than 3000 ms is slow");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false, "http://127.0.0.1:5200/agentassist/callback", "this machine's own address")]
    [InlineData(false, "https://localhost/cb", "this machine's own address")]
    [InlineData(false, "https://192.168.1.4/cb", "private")]
    [InlineData(true, "http://shop.example/cb", "must be https")]
    [InlineData(true, "ftp://shop.example/cb", "must be an https address")]
    [InlineData(true, "https://user:secret@shop.example/cb", "holds a user or password")]
    public async Task A_callback_address_that_others_cannot_or_should_not_reach_is_refused(bool allowsLoopback, string url, string words)
    {
        await using var assist = await StartAsync(SandboxFlavor.Guide, null, d => d with { AllowLoopback = allowsLoopback });
        var (status, problem) = await assist.AskAsync(assist.Converse(), with => with["callbackUrl"] = url);
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["detail"]!.GetValue<string>().ShouldContain(words);
    }

    sealed class Warnings : ILogger<CallbackDesk>
    {
        public List<string> Lines { get; } = [];

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning) Lines.Add(formatter(state, exception));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
