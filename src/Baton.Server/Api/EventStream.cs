using Baton.Core.Audit;
using Baton.Server.Console;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Server.Api;

/// <summary>One client's stream: what it has missed, read from the table; then what comes, from the feed. A client that does not read is cut off.</summary>
sealed class EventStream(AuditFeed.Listener listener, BatonSystem system, SessionDoor door, Caller caller, long? after, Func<StreamEvent, bool> wanted) : IResult
{
    public const string ContentType = "text/event-stream";
    const int Page = 500;
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);
    static readonly ReadOnlyMemory<byte> beat = ": \n\n"u8.ToArray();

    long last;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var place = listener;
        var ct = httpContext.RequestAborted;
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        // A proxy that collects before it passes on would make a stream of it no more.
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            var newest = await system.Store.LastAuditNumberAsync(ct);
            last = Math.Min(after ?? newest, newest);
            await WriteAsync(httpContext, beat, ct);
            // Most of it before the place in the feed is taken, else its buffer would be full before the first of it is read.
            await CatchUpAsync(httpContext, ct);
            await listener.BeginAsync(ct);
            await CatchUpAsync(httpContext, ct);
            await FollowAsync(httpContext, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { /* The client has left. */ }
        catch (TimeoutException)
        {
            httpContext.Abort();
        }
    }

    async Task CatchUpAsync(HttpContext context, CancellationToken ct)
    {
        while (!listener.IsLetGo)
        {
            var missed = await system.Store.ReadAuditAfterAsync(last, Page, ct);
            foreach (var entry in missed) await GiveAsync(context, new StreamEvent(entry), ct);
            if (missed.Count < Page) return;
        }
    }

    async Task FollowAsync(HttpContext context, CancellationToken ct)
    {
        using var beats = new PeriodicTimer(Heartbeat, system.Time);
        Task<bool>? more = null, due = null;
        while (true)
        {
            more ??= listener.Events.WaitToReadAsync(ct).AsTask();
            due ??= beats.WaitForNextTickAsync(ct).AsTask();
            await await Task.WhenAny(more, due);
            if (due.IsCompleted)
            {
                due = null;
                // Who was let in hours ago may have been shut out since.
                if (!await door.IsStillInAsync(caller, ct)) return;
                await WriteAsync(context, beat, ct);
            }
            if (!more.IsCompleted) continue;
            if (!await more) return;
            more = null;
            while (listener.Events.TryRead(out var next)) await GiveAsync(context, next, ct);
        }
    }

    async Task GiveAsync(HttpContext context, StreamEvent next, CancellationToken ct)
    {
        if (next.Number <= last) return;
        last = next.Number;
        if (wanted(next)) await WriteAsync(context, next.Bytes, ct);
    }

    async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var written = context.Response.BodyWriter.WriteAsync(bytes, ct);
        if (!written.IsCompletedSuccessfully) await written.AsTask().WaitAsync(LongestWrite, system.Time, ct);
        else await written;
    }
}
