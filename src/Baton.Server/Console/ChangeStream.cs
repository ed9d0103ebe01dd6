using System.Text;
using Baton.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Server.Console;

/// <summary>
/// Tells a page that something it shows has changed, never what: the page reads itself again, so it cannot drift from what is stored. At most four times a second or as seldom as the page asks, however much
/// happens, and at once for what happened since the page was read.
/// </summary>
sealed class ChangeStream(AuditFeed.Listener listener, BatonSystem system, SessionDoor door, Caller caller, long? seen, TimeSpan? between, Func<StreamEvent, bool> wanted) : IResult
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);
    static readonly ReadOnlyMemory<byte> beat = ": \n\n"u8.ToArray();

    // Who looks at a page lives by the wall's clock, also where a demo's clock runs ahead.
    static readonly TimeProvider time = TimeProvider.System;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var place = listener;
        var ct = httpContext.RequestAborted;
        httpContext.Response.ContentType = EventStream.ContentType;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await listener.BeginAsync(ct);
            var newest = await system.Store.LastAuditNumberAsync(ct);
            if (seen is { } last && last < newest) await ChangedAsync(httpContext, newest, ct);
            else await WriteAsync(httpContext, beat, ct);
            await FollowAsync(httpContext, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { /* The page was left. */ }
        catch (TimeoutException)
        {
            httpContext.Abort();
        }
    }

    async Task FollowAsync(HttpContext context, CancellationToken ct)
    {
        using var beats = new PeriodicTimer(Heartbeat, time);
        Task<bool>? more = null, due = null;
        while (true)
        {
            more ??= listener.Events.WaitToReadAsync(ct).AsTask();
            due ??= beats.WaitForNextTickAsync(ct).AsTask();
            await await Task.WhenAny(more, due);
            if (due.IsCompleted)
            {
                due = null;
                // A session also ends by its time.
                if (await LeadOutAsync(context, ct)) return;
                await WriteAsync(context, beat, ct);
            }
            if (!more.IsCompleted) continue;
            if (!await more) return;
            more = null;
            var (news, mayBeOut) = ((long?)null, false);
            while (listener.Events.TryRead(out var next))
            {
                if (wanted(next)) news = next.Number;
                mayBeOut |= next.Kind.StartsWith("session.", StringComparison.Ordinal) || next.Kind.StartsWith("key.", StringComparison.Ordinal);
            }
            if (mayBeOut && await LeadOutAsync(context, ct)) return;
            if (news is not { } number) continue;
            await ChangedAsync(context, number, ct);
            await Task.Delay(between > Shortest ? between.Value : Shortest, time, ct);
        }
    }

    /// <summary>Whether who looks may no longer. The page is told to read itself again, and finds itself led to sign in; then the stream ends.</summary>
    async Task<bool> LeadOutAsync(HttpContext context, CancellationToken ct)
    {
        if (await door.IsStillInAsync(caller, ct)) return false;
        await ChangedAsync(context, await system.Store.LastAuditNumberAsync(ct), ct);
        return true;
    }

    Task ChangedAsync(HttpContext context, long number, CancellationToken ct) => WriteAsync(context, Encoding.ASCII.GetBytes($"id: {number}\nevent: changed\ndata: {number}\n\n"), ct);

    static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        await context.Response.BodyWriter.WriteAsync(bytes, ct).AsTask().WaitAsync(LongestWrite, time, ct);
}
