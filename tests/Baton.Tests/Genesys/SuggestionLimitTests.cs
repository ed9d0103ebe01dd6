using System.Net;
using Baton.Core;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;
using Microsoft.Extensions.Logging;

namespace Baton.Tests.Genesys;

/// <summary>Whom a refusal of the platform's own suggestions holds up, and what is logged of one that nobody waits for.</summary>
public sealed class SuggestionLimitTests
{
    static readonly string suggestions = $"/api/v2/conversations/{The.Conversation}/suggestions";

    readonly ManualTime time = new(The.Start);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static (string, string)[] Headers(int count) => [("Retry-After", "40"), ("inin-ratelimit-count", $"{count}"), ("inin-ratelimit-allowed", "300"), ("inin-ratelimit-reset", "40")];

    static string Limit(string area) => $$$"""{"code":"too.many.requests.retry.after","limit":{"namespace":"{{{area}}}","key":"some.rate","value":10}}""";

    public static TheoryData<string, (string, string)[], bool> Refusals => new()
    {
        { Limit("agent.assistant"), Headers(7), false },
        { Limit("knowledge"), [("Retry-After", "40")], false },
        { Limit("agent.assistant"), Headers(200), false },
        { Limit("platform.api"), Headers(300), true },
        { Limit("platform.api"), Headers(7), true },
        { "{}", Headers(7), false },
        { "<html>", Headers(300), true },
        { "", [("Retry-After", "40")], true },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Suggestions_that_are_refused_hold_up_handoffs_only_when_the_clients_own_limit_was_met(string body, (string, string)[] headers, bool holdsUpAll)
    {
        var network = new StubNetwork(request => request.RequestUri!.AbsolutePath == suggestions ? The.Answer(HttpStatusCode.TooManyRequests, body, headers) : The.Ok($$"""{"id":"{{The.Conversation}}"}"""));
        using var api = The.Api(network, time);
        var source = new PlatformSuggestions(api);

        (await Should.ThrowAsync<ContactCenterException>(() => source.AskAsync(SuggestionAsk.Question(), Ct))).NotBefore.ShouldBe(The.Start.AddSeconds(40));

        var client = api.Clients.All.ShouldHaveSingleItem();
        client.Quota.State.PausedUntil.ShouldBe(holdsUpAll ? The.Start.AddSeconds(40) : null);
        client.Quota.Admit(The.Handoff(1), 6).ShouldBe(holdsUpAll ? The.Start.AddSeconds(40) : null);
        // Suggestions wait either way, and are not asked for meanwhile.
        (await Should.ThrowAsync<ContactCenterException>(() => source.AskAsync(SuggestionAsk.Question(), Ct))).NotBefore.ShouldBe(The.Start.AddSeconds(40));
        network.Asked.Count(a => a.Contains("suggestions")).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(40));
        await Should.ThrowAsync<ContactCenterException>(() => source.AskAsync(SuggestionAsk.Question(), Ct));
        network.Asked.Count(a => a.Contains("suggestions")).ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_call_of_a_handoff_holds_up_all()
    {
        using var api = The.Api(new StubNetwork(_ => The.Answer(HttpStatusCode.TooManyRequests, Limit("conversation"), Headers(7))), time);
        await Should.ThrowAsync<ContactCenterException>(() => api.GetAsync("conversations/c", "Reading", PlatformJson.Default.WireConversation, CallPurpose.Confirm, CallFor.Nobody, Ct));
        api.Clients.All[0].Quota.State.PausedUntil.ShouldBe(The.Start.AddSeconds(40));
    }

    [Theory]
    [InlineData(true, LogLevel.Debug)]
    [InlineData(false, LogLevel.Warning)]
    public async Task A_call_that_its_own_caller_gave_up_is_no_warning_and_one_that_the_platform_left_hanging_is(bool isGivenUp, LogLevel expected)
    {
        var log = new Levels();
        using var caller = new CancellationTokenSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new StubNetwork(_ =>
        {
            arrived.TrySetResult();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        });
        using var api = new GenesysApi(The.Options with { Timeout = TimeSpan.FromSeconds(1) }, network, time, new Random(1), log);
        var asked = new PlatformSuggestions(api).AskAsync(SuggestionAsk.Question(), caller.Token);
        await arrived.Task;
        if (isGivenUp) await caller.CancelAsync();
        else time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<Exception>(asked);
        log.Seen.Where(l => l.Line.Contains("suggestions")).Select(l => l.Level).ShouldBe([expected]);
    }

    sealed class Levels : ILogger
    {
        readonly List<(LogLevel Level, string Line)> seen = [];

        public IReadOnlyList<(LogLevel Level, string Line)> Seen => seen;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (seen) seen.Add((logLevel, formatter(state, exception)));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
