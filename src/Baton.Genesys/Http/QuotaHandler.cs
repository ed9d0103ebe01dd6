using System.Net;
using Baton.Core;
using Baton.Genesys.Quota;
using Microsoft.Extensions.Logging;

namespace Baton.Genesys.Http;

/// <summary>Every call, a repeated one too, first gets its place in a client's window; what the reply says of the window goes back into it.</summary>
/// <param name="withoutHeader">How long a client is left alone after a 429 that does not say until when.</param>
sealed partial class QuotaHandler(ClientPool clients, CallCounter counter, TimeSpan withoutHeader, TimeProvider time, ILogger log) : DelegatingHandler
{
    // The quota of a minute ends within one; longer is another quota, and worth a person's attention.
    static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysRequest.Of(request);
        var (purpose, handoff) = (call.Purpose, call.Handoff);
        var client = call.Client = call.Only ?? clients.For(handoff, call.Bucket);
        var line = client.Line(call.Bucket);
        var window = await line.TakeAsync(purpose, handoff, cancellationToken);
        var headers = default(RateHeaders);
        var status = 0;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            headers = Read(response);
            status = (int)response.StatusCode;
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var now = time.GetUtcNow();
                var until = RetryAfter.Read(response, now) ?? now + (headers.Reset is > 0 and <= 60 ? TimeSpan.FromSeconds(headers.Reset.Value) : withoutHeader);
                if (purpose == CallPurpose.Suggest && await IsOfSuggestionsAloneAsync(response, headers, cancellationToken))
                {
                    if (until - now > Usual) SuggestionsPaused(log, client.Id, until);
                    line.BlockSuggestions(until);
                    return response;
                }
                if (until - now > Usual && line.State.PausedUntil is null) Paused(log, client.Id, until);
                line.Block(until);
            }
            return response;
        }
        finally
        {
            counter.Count(purpose, handoff, status);
            line.Observe(headers, window);
        }
    }

    /// <summary>
    /// Calls are counted by client and not by path, but single resources have lower limits (genesys-api 2.4). The refusal names the limit that was met; one that names none is the client's own, unless its headers show that
    /// there is room in the window. In doubt all wait.
    /// </summary>
    static async Task<bool> IsOfSuggestionsAloneAsync(HttpResponseMessage response, RateHeaders headers, CancellationToken ct)
    {
        await response.Content.LoadIntoBufferAsync(LongestRefusal, ct);
        return GenesysFault.LimitOf(await response.Content.ReadAsByteArrayAsync(ct)) is { } limit ? limit is not ("platform.api" or "auth.api") : headers is { Count: { } count, Allowed: { } allowed } && count < allowed;
    }

    const int LongestRefusal = 1 << 20;

    [LoggerMessage(LogLevel.Warning, "The platform gives client {Client} no suggestions until {Until:u}; handoffs go on")]
    static partial void SuggestionsPaused(ILogger log, string client, DateTimeOffset until);

    [LoggerMessage(LogLevel.Warning, "The platform lets client {Client} wait until {Until:u}; no call of it goes out before, and its handoffs wait in the table")]
    static partial void Paused(ILogger log, string client, DateTimeOffset until);

    static RateHeaders Read(HttpResponseMessage response) => new(
        Number(response, "inin-ratelimit-count"), Number(response, "inin-ratelimit-allowed"), Number(response, "inin-ratelimit-reset"));

    static int? Number(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && int.TryParse(values.FirstOrDefault(), out var number) ? number : null;
}

/// <summary>The OAuth clients a call may be made with.</summary>
sealed class ClientPool(IReadOnlyList<GenesysClient> clients)
{
    public IReadOnlyList<GenesysClient> All => clients;

    /// <summary>The client that admitted the handoff, else the one with the most room.</summary>
    public GenesysClient For(Core.Handoffs.HandoffId? handoff, QuotaBucket bucket)
    {
        if (clients.Count == 1) return clients[0];
        return clients.FirstOrDefault(c => handoff is { } id && c.Quota.HasAdmitted(id)) ?? clients.MaxBy(c => Room(c.Line(bucket)))!;
    }

    static int Room(QuotaLine line) => line.State is var s && s.PausedUntil is null ? s.Allowed - s.Used : int.MinValue;
}
