using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baton.Core;
using Baton.Genesys.Auth;
using Baton.Genesys.Platform;
using Baton.Genesys.Quota;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Http;

/// <summary>
/// The one way out: retry -> quota -> token -> deadline -> log -> network. Retry stands outermost so that a repeated call takes its place in the quota like any other.
/// Deadlines go through the clock it was given; the HttpClient itself has none.
/// </summary>
sealed class GenesysApi : IDisposable
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    readonly HttpMessageInvoker invoker;
    readonly GenesysOptions options;
    readonly TimeProvider time;
    readonly Uri api;

    public GenesysApi(GenesysOptions options, HttpMessageHandler network, TimeProvider time, Random random, ILogger log)
    {
        (this.options, this.time, api) = (options, time, options.ApiUrl);
        var login = new HttpMessageInvoker(new LogHandler(log, time) { InnerHandler = network }, disposeHandler: false);
        Clients = new ClientPool([.. options.Clients.Select(c => new GenesysClient(
            c.ClientId,
            new TokenCache(c, options.LoginUrl, login, options.Timeout, time),
            new QuotaLine(new QuotaWindow(options.CallsPerMinute), time),
            new QuotaLine(new QuotaWindow(options.SuggestionsPerMinute, isShared: false), time)))]);
        invoker = new HttpMessageInvoker(
            new RetryHandler(time, random)
            {
                InnerHandler = new QuotaHandler(Clients, Counter, WithoutHeader, time)
                {
                    InnerHandler = new TokenHandler { InnerHandler = new DeadlineHandler(time) { InnerHandler = new LogHandler(log, time) { InnerHandler = network } } },
                },
            });
    }

    /// <summary>The guides wait two seconds; three is what the platform's own limits ask for.</summary>
    TimeSpan WithoutHeader => TimeSpan.FromSeconds(options.Flavor == GenesysFlavor.Guide ? 2 : 3);

    public ClientPool Clients { get; }
    public CallCounter Counter { get; } = new();

    /// <summary>A read, or a query that reads.</summary>
    public Task<T> GetAsync<T>(string path, string tried, JsonTypeInfo<T> type, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        ReadAsync(new HttpRequestMessage(HttpMethod.Get, Url(path)), tried, type, purpose, call, QuotaBucket.Calls, ct);

    public Task<TOut> QueryAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, JsonTypeInfo<TOut> type, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        QueryAsync(path, body, bodyType, tried, type, purpose, call, QuotaBucket.Calls, ct);

    public Task<TOut> QueryAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, JsonTypeInfo<TOut> type, CallPurpose purpose, CallFor call, QuotaBucket bucket, CancellationToken ct) =>
        ReadAsync(WithBody(HttpMethod.Post, path, body, bodyType), tried, type, purpose, call, bucket, ct);

    /// <summary>A call about notification channels, which belong to the client that opened them. Repeated, it opens one channel more, which goes as it came.</summary>
    public Task<T> ChannelAsync<T>(GenesysClient client, HttpMethod method, string path, IReadOnlyList<WireTopic>? topics, string tried, JsonTypeInfo<T> type, CancellationToken ct)
    {
        var request = topics is null ? new HttpRequestMessage(method, Url(path)) : WithBody(method, path, topics, PlatformJson.Default.IReadOnlyListWireTopic);
        request.Options.Set(CallOptions.Only, client);
        return ReadAsync(request, tried, type, CallPurpose.Confirm, CallFor.Nobody, QuotaBucket.Calls, ct);
    }

    /// <summary>Makes a call for the sake of its status: what is wrong with it, null when nothing is.</summary>
    public async Task<ContactCenterException?> ProbeAsync(HttpMethod method, string path, string? body, string tried, CancellationToken ct)
    {
        var request = new HttpRequestMessage(method, Url(path));
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
        using var response = await SendAsync(request, repeatable: true, CallPurpose.Read, CallFor.Nobody, QuotaBucket.Calls, ct);
        return response.IsSuccessStatusCode ? null : await FaultAsync(response, tried, ct);
    }

    /// <summary>A write that sets a value: repeating it changes nothing.</summary>
    public Task SetAsync<TIn>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        WriteAsync(HttpMethod.Patch, path, body, bodyType, tried, purpose, call, ct);

    /// <summary>A write that may happen twice.</summary>
    public async Task WriteAsync<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, CancellationToken ct)
    {
        using var response = await SendAsync(WithBody(method, path, body, bodyType), repeatable: true, purpose, call, QuotaBucket.Calls, ct);
        if (!response.IsSuccessStatusCode) throw await FaultAsync(response, tried, ct);
    }

    /// <summary>A write that must not happen twice. Sent once; what is known of its effect is the answer.</summary>
    /// <param name="judge">What a success says in its body; null: it has none to say.</param>
    public async Task<SendReply> SendOnceAsync<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, Func<byte[], SendReply>? judge, CancellationToken ct)
    {
        try
        {
            using var response = await SendAsync(WithBody(method, path, body, bodyType), repeatable: false, purpose, call, QuotaBucket.Calls, ct);
            var reply = response.IsSuccessStatusCode
                ? judge is null ? new SendReply.Accepted() : judge(await response.Content.ReadAsByteArrayAsync(ct))
                : Judge(await FaultAsync(response, tried, ct), RetryAfter.Read(response, time.GetUtcNow()) is not null);
            return reply with { Status = (int)response.StatusCode };
        }
        catch (ContactCenterException e) { return Judge(e, isTold: true); }
    }

    /// <param name="isTold">The platform said when to come back.</param>
    static SendReply Judge(ContactCenterException e, bool isTold) => e.Kind switch
    {
        FailureKind.RateLimited => new SendReply.NotNow(isTold ? e.NotBefore : null, e.Message),
        FailureKind.Unavailable or FailureKind.ReplyLost or FailureKind.MalformedReply => new SendReply.Unknown(e.Kind, e.Message),
        _ => new SendReply.Refused(e.Kind, e.Message),
    };

    Task<ContactCenterException> FaultAsync(HttpResponseMessage response, string tried, CancellationToken ct) => GenesysFault.ReadAsync(response, tried, WithoutHeader, time, ct);

    async Task<T> ReadAsync<T>(HttpRequestMessage request, string tried, JsonTypeInfo<T> type, CallPurpose purpose, CallFor call, QuotaBucket bucket, CancellationToken ct)
    {
        using var response = await SendAsync(request, repeatable: true, purpose, call, bucket, ct);
        if (!response.IsSuccessStatusCode) throw await FaultAsync(response, tried, ct);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync(body, type, ct) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ContactCenterException(FailureKind.MalformedReply, $"{tried}: the platform answered {(int)response.StatusCode} with something that is not the JSON it documents (correlation {GenesysFault.CorrelationId(response)}).", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            throw new ContactCenterException(FailureKind.ReplyLost, $"{tried}: the connection broke in the middle of the answer.", e);
        }
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool repeatable, CallPurpose purpose, CallFor call, QuotaBucket bucket, CancellationToken ct)
    {
        using var _ = request;
        request.Options.Set(CallOptions.Purpose, purpose);
        request.Options.Set(CallOptions.Handoff, call.Handoff);
        request.Options.Set(CallOptions.Repeatable, repeatable);
        request.Options.Set(CallOptions.NotAfter, call.NotAfter);
        request.Options.Set(CallOptions.Bucket, bucket);
        using var deadline = new CancellationTokenSource(options.Timeout + QuotaLine.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var response = await invoker.SendAsync(request, either.Token);
            // The whole body is read under the same deadline, so that a slow one cannot hold the caller.
            await response.Content.LoadIntoBufferAsync(either.Token);
            return response;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ContactCenterException(FailureKind.ReplyLost, $"No answer within {(options.Timeout + QuotaLine.Patience).TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            throw new ContactCenterException(FailureKind.ReplyLost, $"The connection broke in the middle of the answer: {e.Message}", e);
        }
    }

    HttpRequestMessage WithBody<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> type) =>
        new(method, Url(path)) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = Json } } };

    Uri Url(string path) => new(api, "api/v2/" + path);

    public void Dispose()
    {
        foreach (var client in Clients.All) client.Dispose();
        invoker.Dispose();
    }
}
