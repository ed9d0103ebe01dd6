using System.Net;

namespace Baton.Tests.Genesys;

/// <summary>The end of the pipeline: answers as a test says, and keeps what was asked.</summary>
sealed class StubNetwork(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    readonly Lock gate = new();
    readonly List<string> asked = [];
    readonly List<string?> tokens = [];
    int granted;

    public StubNetwork(Func<HttpRequestMessage, HttpResponseMessage> answer) : this(request => Task.FromResult(answer(request)))
    {
    }

    /// <summary>Answers in turn; the last one for ever.</summary>
    public static StubNetwork InTurn(params Func<HttpResponseMessage>[] answers)
    {
        var next = 0;
        return new StubNetwork(_ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1]());
    }

    public int ExpiresIn { get; init; } = 86_400;
    public Func<HttpRequestMessage, Task<HttpResponseMessage>>? Login { get; set; }
    public int TokensAsked { get; private set; }

    /// <summary>Method and path of each call, tokens aside.</summary>
    public IReadOnlyList<string> Asked
    {
        get { lock (gate) return [.. asked]; }
    }

    public IReadOnlyList<string?> Tokens
    {
        get { lock (gate) return [.. tokens]; }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath == "/oauth/token")
        {
            lock (gate) TokensAsked++;
            return Login is not null ? await Login(request).WaitAsync(cancellationToken) : Grant();
        }
        lock (gate)
        {
            asked.Add($"{request.Method} {request.RequestUri.PathAndQuery}");
            tokens.Add(request.Headers.Authorization?.Parameter);
        }
        return await answer(request).WaitAsync(cancellationToken);
    }

    public HttpResponseMessage Grant() => The.Ok($$"""{"access_token":"token-{{Interlocked.Increment(ref granted)}}","token_type":"bearer","expires_in":{{ExpiresIn}}}""");

    public static HttpResponseMessage Unauthorized() => The.Answer(HttpStatusCode.Unauthorized, """{"message":"Invalid token","code":"bad.credentials","status":401}""");
}
