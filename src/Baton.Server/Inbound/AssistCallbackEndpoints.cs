using System.Buffers;
using System.Text;
using Baton.Core.Assist;
using Baton.Core.Deliveries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Inbound;

/// <summary>
/// Where the platform answers (guide 004, step 2): checked, kept, answered at once; ranked afterwards from the table, so that a busy machine does not make the platform send again.
/// The signature is over the bytes as received.
/// </summary>
static class AssistCallbackEndpoints
{
    /// <summary>Five thousand suggestions of ordinary length.</summary>
    const int Largest = 4 << 20;

    /// <summary>What is read of one that is too large: a sender that does not listen while it sends would see a broken connection in place of the answer, and send again.</summary>
    const int Drained = 16 << 20;
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void MapAssistCallbacks(this IEndpointRouteBuilder app)
    {
        app.MapPost("/agentassist/callback", (Delegate)Receive);
        app.MapPost("/v1/callbacks/agent-assist", (Delegate)Receive);
    }

    static async Task<IResult> Receive(HttpContext context, BatonSystem system, CancellationToken ct)
    {
        AssistRequestId? named = AssistRequestId.TryParse(context.Request.Query[AssistDesk.CallbackParameter], null, out var id) ? id : null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = Drained;
        if (await ReadAsync(context.Request, ct) is not { } body)
        {
            var sentence = $"The callback is larger than {Largest >> 20} MB and was not taken.";
            if (named is { } waiting && system.Settings.Assist.CallbackSecrets.Count == 0) await system.Callbacks.RefusedAsync(waiting, sentence, ct);
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "callback.too.large", sentence);
        }
        if (!IsSigned(context.Request.Headers, body, system)) return Problems.Of(StatusCodes.Status401Unauthorized, "callback.unsigned", "The callback's signature is missing, wrong, or too old.");
        if (Text(body) is not { } text) return NotUnderstood();
        return await system.Callbacks.TakeAsync(named, text, ct) switch
        {
            CallbackTaken.Taken => Results.Json(new CallbackAnswer("accepted"), Api.ApiJson.Default.CallbackAnswer, statusCode: StatusCodes.Status202Accepted),
            CallbackTaken.Noted => Results.Json(new CallbackAnswer("acknowledged"), Api.ApiJson.Default.CallbackAnswer, statusCode: StatusCodes.Status202Accepted),
            CallbackTaken.UnknownRequest => Problems.Of(StatusCodes.Status404NotFound, "unknown.request", "No request for suggestions of that id is known here."),
            _ => NotUnderstood(),
        };
    }

    static IResult NotUnderstood() => Problems.Of(StatusCodes.Status400BadRequest, "invalid.json", "The body is not a JSON object in UTF-8.");

    /// <summary>Null when there is more than is taken.</summary>
    static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream(request.ContentLength is { } length and <= Largest ? (int)length : 4096);
        var chunk = ArrayPool<byte>.Shared.Rent(16_384);
        try
        {
            while (await request.Body.ReadAsync(chunk, ct) is > 0 and var read)
            {
                if (body.Length <= Largest) body.Write(chunk, 0, read);
            }
            return body.Length <= Largest ? body.ToArray() : null;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    static bool IsSigned(IHeaderDictionary headers, byte[] body, BatonSystem system)
    {
        var secrets = system.Settings.Assist.CallbackSecrets;
        return secrets.Count == 0 || WebhookSecret.Verifies(secrets, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), body, headers["webhook-signature"].ToString(), system.Time.GetUtcNow(), Tolerance);
    }

    static string? Text(byte[] body)
    {
        try { return utf8.GetString(body); }
        catch (DecoderFallbackException) { return null; }
    }
}

sealed record CallbackAnswer(string Status);
