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
                InnerHandler = new QuotaHandler(Clients, Counter, WithoutHeader, time, log)
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
        ReadAsync(Request(HttpMethod.Get, path, null, repeatable: true, purpose, call), tried, type, ct);

    public Task<TOut> QueryAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, JsonTypeInfo<TOut> type, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        QueryAsync(path, body, bodyType, tried, type, purpose, call, QuotaBucket.Calls, ct);

    public Task<TOut> QueryAsync<TIn, TOut>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, JsonTypeInfo<TOut> type, CallPurpose purpose, CallFor call, QuotaBucket bucket, CancellationToken ct) =>
        ReadAsync(Request(HttpMethod.Post, path, Body(body, bodyType), repeatable: true, purpose, call, bucket), tried, type, ct);

    /// <summary>A call about notification channels, which belong to the client that opened them. Repeated, it opens one channel more, which goes as it came.</summary>
    public Task<T> ChannelAsync<T>(GenesysClient client, HttpMethod method, string path, IReadOnlyList<WireTopic>? topics, string tried, JsonTypeInfo<T> type, CancellationToken ct) =>
        ReadAsync(Request(method, path, topics is null ? null : Body(topics, PlatformJson.Default.IReadOnlyListWireTopic), repeatable: true, CallPurpose.Confirm, CallFor.Nobody, only: client), tried, type, ct);

    /// <summary>Makes a call for the sake of its status: what is wrong with it, null when nothing is.</summary>
    public Task<ContactCenterException?> ProbeAsync(HttpMethod method, string path, string? body, string tried, CancellationToken ct) =>
        ExchangeAsync<ContactCenterException?>(Request(method, path, body is null ? null : Body(Encoding.UTF8.GetBytes(body)), repeatable: true, CallPurpose.Read, CallFor.Nobody),
            async (response, within) => response.IsSuccessStatusCode ? null : await FaultAsync(response, tried, within), ct);

    /// <summary>A write that sets a value: repeating it changes nothing.</summary>
    public Task SetAsync<TIn>(string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        WriteAsync(HttpMethod.Patch, path, body, bodyType, tried, purpose, call, ct);

    /// <summary>A write that may happen twice.</summary>
    public Task WriteAsync<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, CancellationToken ct) =>
        ExchangeAsync(Request(method, path, Body(body, bodyType), repeatable: true, purpose, call),
            async (response, within) => response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(within) : throw await FaultAsync(response, tried, within), ct);

    /// <summary>A write that must not happen twice. Sent once; what is known of its effect is the answer.</summary>
    /// <param name="judge">What a success says in its body; null: it has none to say.</param>
    public async Task<SendReply> SendOnceAsync<TIn>(HttpMethod method, string path, TIn body, JsonTypeInfo<TIn> bodyType, string tried, CallPurpose purpose, CallFor call, Func<byte[], SendReply>? judge, CancellationToken ct)
    {
        try
        {
            return await ExchangeAsync(Request(method, path, Body(body, bodyType), repeatable: false, purpose, call), async (response, within) =>
            {
                SendReply reply;
                if (response.IsSuccessStatusCode)
                {
                    // Read to its end also where it says nothing: an answer that breaks off is no answer.
                    var said = await response.Content.ReadAsByteArrayAsync(within);
                    reply = judge is null ? new SendReply.Accepted() : judge(said);
                }
                else
                {
                    reply = Judge(await FaultAsync(response, tried, within), RetryAfter.Read(response, time.GetUtcNow()) is not null);
                }
                return reply with { Status = (int)response.StatusCode };
            }, ct);
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

    Task<T> ReadAsync<T>(GenesysRequest request, string tried, JsonTypeInfo<T> type, CancellationToken ct) => ExchangeAsync(request, async (response, within) =>
    {
        if (!response.IsSuccessStatusCode) throw await FaultAsync(response, tried, within);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(within);
            return await JsonSerializer.DeserializeAsync(body, type, within) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ContactCenterException(FailureKind.MalformedReply, $"{tried}: the platform answered {(int)response.StatusCode} with something that is not the JSON it documents (correlation {GenesysFault.CorrelationId(response)}).", e);
        }
    }, ct);

    /// <param name="read">Reads the answer under the same deadline, so that a slow body cannot hold the caller. From the wire: what is not kept is not copied first.</param>
    async Task<T> ExchangeAsync<T>(GenesysRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var _ = request;
        request.GivenUp = ct;
        using var deadline = new CancellationTokenSource(options.Timeout + QuotaLine.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await invoker.SendAsync(request, either.Token);
            return await read(response, either.Token);
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

    GenesysRequest Request(HttpMethod method, string path, HttpContent? body, bool repeatable, CallPurpose purpose, CallFor call, QuotaBucket bucket = QuotaBucket.Calls, GenesysClient? only = null) =>
        new(method, Url(path)) { Content = body, Repeatable = repeatable, Purpose = purpose, Handoff = call.Handoff, Notes = call.Notes, NotAfter = call.NotAfter, Bucket = bucket, Only = only };

    static ByteArrayContent Body<TIn>(TIn body, JsonTypeInfo<TIn> type) => Body(JsonSerializer.SerializeToUtf8Bytes(body, type));

    static ByteArrayContent Body(byte[] json) => new(json) { Headers = { ContentType = Json } };

    Uri Url(string path) => new(api, "api/v2/" + path);

    public void Dispose()
    {
        foreach (var client in Clients.All) client.Dispose();
        invoker.Dispose();
    }
}
