using System.Globalization;
using System.Text;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Http;

/// <summary>
/// One request from arrival to reply. Everything between waiting (a slow fault) and writing happens in one step under the organization's lock,
/// the ledger's entry included: whoever has a reply can already read in the ledger what it did.
/// </summary>
sealed class Pipeline(World world, CancellationToken closing)
{
    const int MaxBytes = 512_000;

    readonly Random correlations = Draws.For(world.Options.Seed, "correlations");
    int parked;

    public int Parked => Volatile.Read(ref parked);

    public async Task ServeAsync(HttpContext http, Operation operation)
    {
        var body = await ReadAsync(http.Request, closing);
        var conversationId = http.Request.RouteValues["conversationId"] as string;
        IReadOnlyList<Fault> faults;
        string correlation;
        lock (world.Gate)
        {
            correlation = correlations.NextId();
            faults = world.Faults.DrawFor(http.Request.Method, http.Request.Path, conversationId);
            foreach (var fault in faults)
                world.Ledger.Append(new() { Kind = LedgerKind.FaultInjected, ConversationId = conversationId, Method = operation.Method, Route = operation.Route, Detail = fault.Kind.ToString() });
        }
        if (faults.Any(f => f.Kind == FaultKind.Hang))
        {
            await HangAsync(http.RequestAborted);
            http.Abort();
            return;
        }
        if (faults.FirstOrDefault(f => f.Kind == FaultKind.Slow) is { } slow) await ParkAsync(slow.Milliseconds, http.RequestAborted);

        var call = new Call(world, http, body, faults);
        var reply = new Reply(http.Response);
        Answer? answer;
        lock (world.Gate)
        {
            answer = Decide(call, operation, reply, correlation);
            var served = new LedgerEntry { Kind = LedgerKind.RequestServed, ConversationId = conversationId, Method = operation.Method, Route = operation.Route };
            world.Ledger.Append(served with { Status = answer?.Status ?? 0, Client = call.Client?.Id });
        }
        if (answer is { Before.IsCompleted: false }) await PauseForAsync(answer.Before, http.RequestAborted);
        if (answer is null) http.Abort();
        else await reply.WriteAsync(answer, correlation, closing);
    }

    /// <summary>Null cuts the connection. What goes wrong afterwards goes wrong with a refusal, too.</summary>
    Answer? Decide(Call call, Operation operation, Reply reply, string correlation)
    {
        if (call.Fault(FaultKind.ConnectionResetBeforeApply) is not null) return null;
        var answer = Execute(call, operation, reply, correlation);
        if (call.Fault(FaultKind.QueueDeletedAfterCheck) is not null) DeleteQueueOf(call);
        if (call.Fault(FaultKind.ConnectionResetAfterApply) is not null || call.Fault(FaultKind.ApplyLate) is not null) return null;
        if (call.Fault(FaultKind.StatusAfterApply) is { } after) return Broken(after.Status ?? 503, correlation);
        return call.Fault(FaultKind.MalformedJson) is null ? answer : Torn(answer);
    }

    Answer Execute(Call call, Operation operation, Reply reply, string correlation)
    {
        try
        {
            if (!operation.IsOpen) Admit(call, operation, reply);
            if (call.Fault(FaultKind.TooManyRequests) is { } many) return Overrun(many, call, reply, correlation);
            if (call.Fault(FaultKind.Status) is { } before) return Broken(before.Status ?? 503, correlation);
            if (operation.IsOpen) return operation.Handle(call);
            operation.RequirePermissions(call.Client!);
            CheckBody(call);
            return operation.Handle(call);
        }
        catch (Refusal refusal)
        {
            if (refusal.RetryAfter is { } seconds && call.Fault(FaultKind.HideRetryAfter) is null) reply.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Answer.Of(refusal.Status, refusal.Body(correlation));
        }
    }

    void Admit(Call call, Operation operation, Reply reply)
    {
        var authorization = call.Request.Headers.Authorization.ToString() is { Length: > 0 } header ? header : null;
        if (call.Fault(FaultKind.TokenExpires) is not null) world.Tokens.ExpireTokens(authorization);
        var token = world.Tokens.Check(authorization);
        (call.Token, call.Client) = (token, token.Client);
        var window = operation.Bucket is { } own ? world.Tokens.WindowOf(token.Client, own) : token.Window;
        var perMinute = operation.Bucket?.PerMinute ?? token.Client.CallsPerMinute;
        var allowed = window.Allows(world.Now, perMinute);
        if (call.Fault(FaultKind.HideRateHeaders) is null) reply.Rate = (window.Count, perMinute, window.SecondsToReset(world.Now));
        if (allowed) return;
        throw operation.Bucket is { } bucket
            ? Refusals.TooMany(window.SecondsToReset(world.Now), perMinute, bucket.Namespace, bucket.Key)
            : Refusals.TooMany(window.SecondsToReset(world.Now), perMinute);
    }

    static void CheckBody(Call call)
    {
        if (call.Bytes.Length > MaxBytes || call.Request.ContentLength > MaxBytes) throw Refusals.TooLarge(MaxBytes);
        if (call.Bytes.Length > 0 && !call.Request.HasJsonContentType()) throw Refusals.MediaType();
    }

    Answer Overrun(Fault fault, Call call, Reply reply, string correlation)
    {
        if (fault.RetryAfterSeconds is { } seconds && call.Fault(FaultKind.HideRetryAfter) is null)
            reply.RetryAfter = fault.RetryAfterAsDate ? world.Now.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture) : seconds.ToString(CultureInfo.InvariantCulture);
        return Answer.Of(429, Refusals.TooMany(fault.RetryAfterSeconds ?? 60, call.Client?.CallsPerMinute ?? 0).Body(correlation));
    }

    static Answer Broken(int status, string correlation) => status switch
    {
        503 => new(503),
        502 or 504 => new(status, "<html><head><title>Bad Gateway</title></head><body><center><h1>Bad Gateway</h1></center></body></html>", "text/html"),
        _ => Answer.Of(status, Refusals.OfStatus(status).Body(correlation)),
    };

    static Answer Torn(Answer whole) =>
        whole with { Status = 200, Text = whole.Text is { Length: > 1 } text ? text[..(text.Length / 2)] : "{\"id\":" };

    void DeleteQueueOf(Call call)
    {
        var named = call.Request.RouteValues["queueId"] as string ?? (call.Bytes.Length > 0 ? call.BodyObject["queueId"]?.GetValue<string>() : null);
        if (world.Queue(named) is { } queue) world.DeleteQueue(queue);
    }

    async Task ParkAsync(int milliseconds, CancellationToken gone)
    {
        using var place = new Place(this, gone);
        await world.Agenda.PauseAsync(TimeSpan.FromMilliseconds(milliseconds), place.Take, place.Leave, closing);
    }

    async Task HangAsync(CancellationToken gone)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone, closing);
        var ended = new TaskCompletionSource();
        await using var _ = over.Token.Register(ended.SetResult);
        await PauseForAsync(ended.Task, gone);
    }

    async Task PauseForAsync(Task other, CancellationToken gone)
    {
        using var place = new Place(this, gone);
        place.Take();
        await other;
        place.Leave();
    }

    /// <summary>
    /// Whoever moves the clock sees a request as parked exactly while its wake-up is still to come and somebody waits for it: a client that has given up is no longer under way, and
    /// a place kept for it would hide another one that is.
    /// </summary>
    sealed class Place(Pipeline pipeline, CancellationToken gone) : IDisposable
    {
        CancellationTokenRegistration leaving;
        int taken;

        public void Take()
        {
            Interlocked.Increment(ref pipeline.parked);
            Volatile.Write(ref taken, 1);
            leaving = gone.Register(Leave);
        }

        public void Leave()
        {
            if (Interlocked.Exchange(ref taken, 0) == 1) Interlocked.Decrement(ref pipeline.parked);
        }

        public void Dispose() => leaving.Dispose();
    }

    static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        // One byte more than allowed is enough to know; the rest of an oversized body is left unread.
        var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while (buffer.Length <= MaxBytes && (read = await request.Body.ReadAsync(chunk, ct)) > 0) buffer.Write(chunk, 0, read);
        return buffer.ToArray();
    }
}

/// <summary>The headers every reply carries, and its body.</summary>
sealed class Reply(HttpResponse response)
{
    public (int Count, int Allowed, int Reset)? Rate { get; set; }
    public string? RetryAfter { get; set; }

    public async Task WriteAsync(Answer answer, string correlation, CancellationToken ct)
    {
        response.StatusCode = answer.Status;
        response.Headers["ININ-Correlation-Id"] = correlation;
        if (Rate is { } rate)
        {
            response.Headers["inin-ratelimit-count"] = rate.Count.ToString(CultureInfo.InvariantCulture);
            response.Headers["inin-ratelimit-allowed"] = rate.Allowed.ToString(CultureInfo.InvariantCulture);
            response.Headers["inin-ratelimit-reset"] = rate.Reset.ToString(CultureInfo.InvariantCulture);
        }
        if (RetryAfter is not null) response.Headers.RetryAfter = RetryAfter;
        if (answer.Location is not null) response.Headers.Location = answer.Location;
        if (answer.Text is null) return;
        response.ContentType = answer.ContentType;
        await response.WriteAsync(answer.Text, Encoding.UTF8, ct);
    }
}
