using System.Net;
using Baton.Core;
using Baton.Genesys.Http;
using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

/// <summary>What is repeated within a call, and what never is.</summary>
public sealed class RetryHandlerTests
{
    readonly ManualTime time = new(The.Start);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    Task<WireConversation> Read(GenesysApi api) => Until(api.GetAsync("conversations/c", "Reading", PlatformJson.Default.WireConversation, CallPurpose.Read, CallFor.Nobody, Ct));
    Task<SendReply> Send(GenesysApi api) => Until(api.SendOnceAsync(HttpMethod.Post, "send", new WireText("hello"), PlatformJson.Default.WireText, "Sending", CallPurpose.Message, CallFor.Nobody, null, Ct));

    /// <summary>Moves the clock until the call is done: its pauses are real, the waiting is not.</summary>
    async Task<T> Until<T>(Task<T> task)
    {
        for (var turn = 0; turn < 100_000 && !task.IsCompleted; turn++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        return await task;
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_read_is_tried_three_times_in_all(HttpStatusCode status)
    {
        var network = StubNetwork.InTurn(() => The.Answer(status));
        using var api = The.Api(network, time);
        (await Should.ThrowAsync<ContactCenterException>(Read(api))).Kind.ShouldBe(FailureKind.Unavailable);
        network.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_read_that_works_the_third_time_has_worked()
    {
        var network = StubNetwork.InTurn(() => The.Answer(HttpStatusCode.BadGateway), () => throw new HttpRequestException("reset"), () => The.Ok("""{"id":"c"}"""));
        using var api = The.Api(network, time);
        (await Read(api)).Id.ShouldBe("c");
        api.Counter.Snapshot().Others.ShouldBe(3);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task An_answer_is_not_asked_for_twice(HttpStatusCode status)
    {
        var network = StubNetwork.InTurn(() => The.Answer(status));
        using var api = The.Api(network, time);
        await Should.ThrowAsync<ContactCenterException>(Read(api));
        network.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task What_must_not_happen_twice_is_never_repeated(HttpStatusCode status)
    {
        var network = StubNetwork.InTurn(() => The.Answer(status));
        using var api = The.Api(network, time);
        (await Send(api)).ShouldBeOfType<SendReply.Unknown>().Kind.ShouldBe(FailureKind.Unavailable);
        network.Asked.ShouldBe(["POST /api/v2/send"]);
    }

    [Fact]
    public async Task A_broken_connection_leaves_doubt_and_is_not_repeated()
    {
        var network = StubNetwork.InTurn(() => throw new HttpRequestException("reset"));
        using var api = The.Api(network, time);
        (await Send(api)).ShouldBeOfType<SendReply.Unknown>().Kind.ShouldBe(FailureKind.ReplyLost);
        network.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_never_comes_leaves_doubt()
    {
        var network = new StubNetwork(_ => new TaskCompletionSource<HttpResponseMessage>().Task);
        using var api = The.Api(network, time);
        var reply = (await Send(api)).ShouldBeOfType<SendReply.Unknown>();
        (reply.Kind, reply.Sentence).ShouldBe((FailureKind.ReplyLost, "No answer within 25 s."));
        network.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, FailureKind.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden, FailureKind.MissingPermission)]
    [InlineData(HttpStatusCode.Conflict, FailureKind.Conflict)]
    public async Task A_refusal_is_an_answer(HttpStatusCode status, FailureKind kind)
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Answer(status)), time);
        (await Send(api)).ShouldBeOfType<SendReply.Refused>().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Too_many_requests_was_not_executed_and_says_when_to_come_back()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "180"))), time);
        var reply = (await Send(api)).ShouldBeOfType<SendReply.NotNow>();
        reply.NotBefore!.Value.ShouldBe(The.Start.AddSeconds(180), TimeSpan.FromSeconds(1));
        api.Counter.Snapshot().RateLimited.ShouldBe(1);
        // Nobody else is sent either.
        (await Should.ThrowAsync<ContactCenterException>(Read(api))).NotBefore.ShouldBe(reply.NotBefore);
    }

    [Fact]
    public async Task Two_hundred_with_a_page_in_it_is_not_believed()
    {
        using var api = The.Api(StubNetwork.InTurn(() => The.Ok("<html>Log in</html>")), time);
        (await Should.ThrowAsync<ContactCenterException>(Read(api))).Kind.ShouldBe(FailureKind.MalformedReply);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once_even_for_what_must_not_happen_twice()
    {
        var network = StubNetwork.InTurn(StubNetwork.Unauthorized, () => The.Answer(HttpStatusCode.Accepted));
        using var api = The.Api(network, time);
        (await Send(api)).ShouldBeOfType<SendReply.Accepted>();
        network.Tokens.ShouldBe(["token-1", "token-2"]);
    }

    [Fact]
    public async Task A_token_refused_twice_is_an_answer()
    {
        var network = StubNetwork.InTurn(StubNetwork.Unauthorized);
        using var api = The.Api(network, time);
        (await Should.ThrowAsync<ContactCenterException>(Read(api))).Kind.ShouldBe(FailureKind.Unauthorized);
        (network.Asked.Count, network.TokensAsked).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Fifty_calls_with_one_refused_token_ask_for_one_new_one()
    {
        var network = new StubNetwork(request => request.Headers.Authorization?.Parameter == "token-1" ? StubNetwork.Unauthorized() : The.Ok("""{"id":"c"}"""));
        using var api = The.Api(network, time);
        var reads = Enumerable.Range(0, 50).Select(_ => api.GetAsync("conversations/c", "Reading", PlatformJson.Default.WireConversation, CallPurpose.Read, CallFor.Nobody, Ct));
        (await Until(Task.WhenAll(reads))).Length.ShouldBe(50);
        network.TokensAsked.ShouldBe(2);
    }

    [Fact]
    public async Task A_canceled_call_is_canceled_and_not_a_doubt()
    {
        using var api = The.Api(new StubNetwork(_ => new TaskCompletionSource<HttpResponseMessage>().Task), time);
        using var cancel = new CancellationTokenSource();
        var call = api.SendOnceAsync(HttpMethod.Post, "send", new WireText("hello"), PlatformJson.Default.WireText, "Sending", CallPurpose.Message, CallFor.Nobody, null, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    [Fact]
    public async Task What_comes_too_late_for_the_wire_is_not_sent_and_says_so()
    {
        var network = StubNetwork.InTurn(() => The.Ok());
        using var api = The.Api(network, time);
        var late = new CallFor(null, time.GetUtcNow() - TimeSpan.FromTicks(1));
        var reply = await api.SendOnceAsync(HttpMethod.Post, "send", new WireText("hello"), PlatformJson.Default.WireText, "Sending", CallPurpose.Message, late, null, Ct);
        reply.ShouldBeOfType<SendReply.NotNow>();
        network.Asked.ShouldBeEmpty();
        (await api.SendOnceAsync(HttpMethod.Post, "send", new WireText("hello"), PlatformJson.Default.WireText, "Sending", CallPurpose.Message, new CallFor(null, time.GetUtcNow()), null, Ct)).ShouldBeOfType<SendReply.Accepted>();
    }
}
