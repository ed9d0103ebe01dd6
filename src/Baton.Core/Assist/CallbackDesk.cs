using Microsoft.Extensions.Logging;

namespace Baton.Core.Assist;

/// <summary>Takes the platform's callbacks: known, durably kept and answered at once; ranked afterwards, from the table.</summary>
/// <param name="callbacks">Null where nobody ever calls back: then no request is known.</param>
public sealed partial class CallbackDesk(IBatonStore store, ISuggestionCallbacks? callbacks, AssistOptions options, TimeProvider time, ILogger<CallbackDesk> log)
{
    /// <param name="named">Our own id, from the address the callback came to; null when it was not there.</param>
    /// <param name="body">As received.</param>
    public async Task<CallbackTaken> TakeAsync(AssistRequestId? named, string body, CancellationToken ct)
    {
        if (callbacks is null) return CallbackTaken.UnknownRequest;
        if (callbacks.Read(body) is not { } reply) return CallbackTaken.NotUnderstood;
        if (await FindAsync(named, reply.RequestId, ct) is not { } request)
        {
            Unknown(log, named, reply.RequestId);
            return CallbackTaken.UnknownRequest;
        }
        var now = time.GetUtcNow();
        if (!reply.IsCompleted)
        {
            await NoteAsync(request, reply, now, ct);
            return CallbackTaken.Noted;
        }
        if (await store.TakeCallbackAsync(new AssistCallback(request.Id, body, now), ct))
        {
            var took = now - request.AskedAt;
            var isSlow = took > options.SlowCallback;
            if (isSlow) Slow(log, request.Id, took.TotalMilliseconds, options.SlowCallback.TotalMilliseconds);
            AssistMetrics.CalledBack(took, isSlow);
        }
        return CallbackTaken.Taken;
    }

    /// <summary>A callback that was too large to take ends the waiting for it: it would only be sent again.</summary>
    public async Task RefusedAsync(AssistRequestId named, string sentence, CancellationToken ct)
    {
        if (callbacks is not null && await store.FindAssistAsync(named, ct) is { IsOpen: true } request) await FailAsync(request, callbacks.Source, "refused", sentence, time.GetUtcNow(), ct);
    }

    async Task<AssistRequest?> FindAsync(AssistRequestId? named, string? vendorId, CancellationToken ct) =>
        (named is { } id ? await store.FindAssistAsync(id, ct) : null) ?? (vendorId is null ? null : await store.FindAssistByVendorIdAsync(vendorId, ct));

    async Task NoteAsync(AssistRequest request, CallbackReply reply, DateTimeOffset now, CancellationToken ct)
    {
        if (reply.HasFailed) await FailAsync(request, callbacks!.Source, reply.Status, "The platform says that it failed.", now, ct);
        // While the sources are being asked the row is theirs; nothing is lost, a status is only for people.
        else if (request.State != AssistState.Asking && request.LastStatus != reply.Status) await store.CommitAssistAsync(request.Told(reply.Status, null, now), ct);
    }

    async Task FailAsync(AssistRequest request, string source, string status, string sentence, DateTimeOffset now, CancellationToken ct)
    {
        var known = request;
        while (known is { IsOpen: true } && !await store.CommitAssistAsync(
            known.Told(status, new SourceReport(source, SourceState.Failed, (now - known.AskedAt).TotalMilliseconds, 0, sentence), now), ct))
            known = await store.FindAssistAsync(request.Id, ct);
    }

    [LoggerMessage(LogLevel.Warning, "A callback for suggestions came for a request that is not known: {RequestId} {VendorId}")]
    static partial void Unknown(ILogger log, AssistRequestId? requestId, string? vendorId);

    [LoggerMessage(LogLevel.Warning, "The callback of {RequestId} took {Milliseconds:0} ms; more than {Limit:0} ms is slow")]
    static partial void Slow(ILogger log, AssistRequestId requestId, double milliseconds, double limit);
}

public enum CallbackTaken
{
    /// <summary>Kept, now or before.</summary>
    Taken,

    /// <summary>It is not <c>completed</c>; that was noted.</summary>
    Noted,
    UnknownRequest,

    /// <summary>No JSON object.</summary>
    NotUnderstood,
}
