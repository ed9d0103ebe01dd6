using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Api;

/// <summary>
/// <c>Idempotency-Key</c>: the same request of the same caller is carried out once and answered alike, also while the first is still under way. What failed here (5xx, 429) is not kept:
/// it may be tried again under the same key. A process that dies between deed and answer leaves none, and the repetition is carried out; every POST of this API can bear that.
/// </summary>
sealed class RepeatedRequests(BatonSystem system)
{
    public const string Header = "Idempotency-Key";
    const int LongestKey = 255;

    readonly Lock gate = new();
    readonly Dictionary<(string Caller, string Key), Underway> underWay = [];

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || Caller.Of(context) is not { } caller || !context.Request.Headers.TryGetValue(Header, out var given))
        {
            await next(context);
            return;
        }
        if (given is not [{ Length: > 0 and <= LongestKey } key])
        {
            await Problems.Of(StatusCodes.Status400BadRequest, "invalid.idempotency.key", $"{Header} is empty, repeated or longer than {LongestKey} characters.").ExecuteAsync(context);
            return;
        }
        var fingerprint = await FingerprintAsync(context.Request, context.RequestAborted);
        while (true)
        {
            var (mine, first) = Enter((caller.Name, key), fingerprint);
            if (first is null)
            {
                await BeFirstAsync(context, next, mine, caller, key, fingerprint);
                return;
            }
            if (await first.Answer.Task.WaitAsync(context.RequestAborted) is not { } answer) continue;
            await GiveAsync(context, answer, fingerprint);
            return;
        }
    }

    (Underway Mine, Underway? First) Enter((string, string) key, string fingerprint)
    {
        lock (gate)
        {
            if (underWay.TryGetValue(key, out var first)) return (first, first);
            var mine = underWay[key] = new Underway(key, fingerprint);
            return (mine, null);
        }
    }

    async Task BeFirstAsync(HttpContext context, RequestDelegate next, Underway mine, Caller caller, string key, string fingerprint)
    {
        KeptAnswer? answer = null;
        try
        {
            if (await system.Store.FindAnswerAsync(caller.Name, key, context.RequestAborted) is { } kept)
            {
                answer = kept;
                await GiveAsync(context, kept, fingerprint);
                return;
            }
            answer = await CarryOutAsync(context, next, caller, key, fingerprint);
            if (answer.Status < StatusCodes.Status500InternalServerError && answer.Status != StatusCodes.Status429TooManyRequests) await KeepAsync(answer);
            await WriteAsync(context, answer);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (answer is null) mine.Fail(e);
            throw;
        }
        finally
        {
            lock (gate) underWay.Remove(mine.Key);
            // Null: the first caller went away before there was an answer; the next in line takes its place.
            mine.Answer.TrySetResult(answer);
        }
    }

    async Task<KeptAnswer> CarryOutAsync(HttpContext context, RequestDelegate next, Caller caller, string key, string fingerprint)
    {
        var wire = context.Response.Body;
        using var memory = new MemoryStream();
        context.Response.Body = memory;
        try { await next(context); }
        finally { context.Response.Body = wire; }
        var body = Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
        return new KeptAnswer(caller.Name, key, fingerprint, context.Response.StatusCode, context.Response.ContentType, body, system.Time.GetUtcNow())
        {
            ConversationId = await ConversationOfAsync(context, body),
        };
    }

    // The deed is done: an answer that cannot be kept is given all the same.
    async Task KeepAsync(KeptAnswer answer)
    {
        try { await system.Store.KeepAnswerAsync(answer, CancellationToken.None); }
        catch (StoreException) { /* The store's own watch says so. */ }
    }

    static Task GiveAsync(HttpContext context, KeptAnswer answer, string fingerprint)
    {
        if (answer.Fingerprint != fingerprint)
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency.mismatch", $"{Header} was used for another request before; give each request a key of its own.").ExecuteAsync(context);
        context.Response.Headers["Idempotency-Replayed"] = "true";
        return WriteAsync(context, answer);
    }

    static async Task WriteAsync(HttpContext context, KeptAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body.Length == 0) return;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    static async Task<string> FingerprintAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(AccessGate.LargestBody + 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}\n{request.QueryString}\n"));
        var chunk = new byte[8192];
        while (await request.Body.ReadAsync(chunk, ct) is > 0 and var read) hash.AppendData(chunk, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whose texts the answer may hold.</summary>
    static async Task<string?> ConversationOfAsync(HttpContext context, string answer)
    {
        if (context.Request.Path.StartsWithSegments("/v1/conversations") && context.Request.RouteValues["id"] is string routed) return routed;
        if (Named(answer) is { } answered) return answered;
        context.Request.Body.Position = 0;
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        return Named(await reader.ReadToEndAsync(context.RequestAborted));
    }

    static string? Named(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("conversationId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed class Underway((string Caller, string Name) key, string fingerprint)
    {
        public (string, string) Key { get; } = key;
        public string Fingerprint { get; } = fingerprint;
        public TaskCompletionSource<KeptAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Those who wait are told the same.</summary>
        public void Fail(Exception e)
        {
            Answer.TrySetException(e);
            _ = Answer.Task.Exception;
        }
    }
}
