using System.Net;
using Baton.Core;
using Baton.Genesys.Auth;

namespace Baton.Tests.Genesys;

public sealed class TokenCacheTests
{
    readonly ManualTime time = new(The.Start);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    TokenCache Cache(StubNetwork network) => new(The.Client, The.Login, new HttpMessageInvoker(network), TimeSpan.FromSeconds(20), time);
    static StubNetwork Network(Func<HttpRequestMessage, Task<HttpResponseMessage>>? login = null, int expiresIn = 86_400) => new(_ => The.Ok()) { Login = login, ExpiresIn = expiresIn };
    static StubNetwork Refusing(HttpStatusCode status, string body, params (string, string)[] headers) => Network(_ => Task.FromResult(The.Answer(status, body, headers)));

    [Fact]
    public async Task Fifty_calls_at_once_ask_for_one_token()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var network = Network(_ => answer.Task);
        var cache = Cache(network);
        var waiting = Enumerable.Range(0, 50).Select(_ => cache.GetAsync(Ct)).ToList();
        answer.SetResult(network.Grant());
        (await Task.WhenAll(waiting)).ShouldAllBe(token => token == "token-1");
        network.TokensAsked.ShouldBe(1);
    }

    [Fact]
    public async Task One_caller_who_gives_up_does_not_cancel_the_token_for_the_others()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var network = Network(_ => answer.Task);
        var cache = Cache(network);
        using var cancel = new CancellationTokenSource();
        var first = cache.GetAsync(cancel.Token);
        var second = cache.GetAsync(Ct);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        answer.SetResult(network.Grant());
        (await second).ShouldBe("token-1");
    }

    [Theory]
    [InlineData(86_400, 86_099, 86_101)]
    [InlineData(100, 89, 91)]
    public async Task A_token_is_renewed_ahead_of_its_end(int life, int still, int renewed)
    {
        var cache = Cache(Network(expiresIn: life));
        (await cache.GetAsync(Ct)).ShouldBe("token-1");
        time.Advance(TimeSpan.FromSeconds(still));
        (await cache.GetAsync(Ct)).ShouldBe("token-1");
        time.Advance(TimeSpan.FromSeconds(renewed - still));
        (await cache.GetAsync(Ct)).ShouldBe("token-2");
    }

    [Fact]
    public async Task A_refused_token_is_forgotten_unless_somebody_has_renewed_it_already()
    {
        var cache = Cache(Network());
        await cache.GetAsync(Ct);
        cache.Refused("token-1");
        (await cache.GetAsync(Ct)).ShouldBe("token-2");
        cache.Refused("token-1");
        (await cache.GetAsync(Ct)).ShouldBe("token-2");
    }

    [Fact]
    public async Task A_refusal_says_what_is_likely_and_is_remembered_for_a_moment()
    {
        var network = Refusing(HttpStatusCode.BadRequest, """{"error":"invalid_client","description":"client not found"}""");
        var cache = Cache(network);
        for (var call = 0; call < 10; call++)
        {
            var refused = await Should.ThrowAsync<ContactCenterException>(cache.GetAsync(Ct));
            refused.Kind.ShouldBe(FailureKind.Unauthorized);
            refused.Message.ShouldBe("The login server login.test refused client client-1 (client not found): the secret is wrong, or the client belongs to another region.");
        }
        network.TokensAsked.ShouldBe(1);
        network.Login = null;
        time.Advance(TimeSpan.FromSeconds(2));
        (await cache.GetAsync(Ct)).ShouldBe("token-1");
    }

    [Fact]
    public async Task The_login_servers_own_limit_is_waited_for()
    {
        var network = Refusing(HttpStatusCode.TooManyRequests, "", ("Retry-After", "30"));
        var cache = Cache(network);
        (await Should.ThrowAsync<ContactCenterException>(cache.GetAsync(Ct))).ShouldSatisfyAllConditions(e => e.Kind.ShouldBe(FailureKind.RateLimited), e => e.NotBefore.ShouldBe(The.Start.AddSeconds(30)));
        time.Advance(TimeSpan.FromSeconds(29));
        await Should.ThrowAsync<ContactCenterException>(cache.GetAsync(Ct));
        network.TokensAsked.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>", FailureKind.Unavailable)]
    [InlineData(HttpStatusCode.Unauthorized, "<html>", FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.OK, "<html>Log in</html>", FailureKind.MalformedReply)]
    [InlineData(HttpStatusCode.OK, "{}", FailureKind.MalformedReply)]
    [InlineData(HttpStatusCode.OK, "", FailureKind.MalformedReply)]
    public async Task Each_odd_answer_has_its_kind_and_none_shows_the_secret(HttpStatusCode status, string body, FailureKind kind)
    {
        var fault = await Should.ThrowAsync<ContactCenterException>(Cache(Refusing(status, body)).GetAsync(Ct));
        fault.Kind.ShouldBe(kind);
        fault.ToString().ShouldNotContain("top-secret");
    }

    [Fact]
    public async Task A_login_server_that_cannot_be_reached_is_named()
    {
        var fault = await Should.ThrowAsync<ContactCenterException>(Cache(Network(_ => throw new HttpRequestException("no such host"))).GetAsync(Ct));
        (fault.Kind, fault.Message).ShouldBe((FailureKind.Unavailable, "The login server login.test could not be reached: no such host"));
    }

    [Fact]
    public async Task A_login_server_that_never_answers_is_given_up()
    {
        var waiting = Cache(Network(_ => new TaskCompletionSource<HttpResponseMessage>().Task)).GetAsync(Ct);
        time.Advance(TimeSpan.FromSeconds(20));
        (await Should.ThrowAsync<ContactCenterException>(waiting)).Kind.ShouldBe(FailureKind.Unavailable);
    }
}
