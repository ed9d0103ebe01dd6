using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Core;

namespace Baton.Genesys.Http;

/// <summary>Turns an answer that is not a success into one kind and one sentence. The HTTP status decides, the platform's code refines: codes are known from dated sources.</summary>
static class GenesysFault
{
    public static async Task<ContactCenterException> ReadAsync(HttpResponseMessage response, string tried, TimeSpan withoutHeader, TimeProvider time, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        ErrorBody? error = null;
        try { error = JsonSerializer.Deserialize(body, ErrorJson.Default.ErrorBody); } catch (JsonException) { }
        return From(response, error, body, tried, withoutHeader, time.GetUtcNow());
    }

    static ContactCenterException From(HttpResponseMessage response, ErrorBody? error, byte[] body, string tried, TimeSpan withoutHeader, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var code = error?.Code ?? "";
        var correlation = CorrelationId(response) ?? error?.ContextId;
        var said = error?.Message is { Length: > 0 } message ? message : LooksLikeHtml(body) ? "an HTML page instead of JSON" : body.Length == 0 ? "an empty answer" : "an answer that is not the platform's";
        var detail = error?.Details is { Count: > 0 } details && details[0]?.FieldName is { } field ? $" (field {field}{(details[0]!.ErrorCode is { Length: > 0 } cause ? $": {cause}" : "")})" : "";
        var kind = KindOf(response.StatusCode, code);
        if (kind == FailureKind.MissingPermission && Permissions(error) is { } permissions) said = $"the OAuth client lacks the permission {permissions}";
        var sentence = $"{tried}: HTTP {status}{(code.Length > 0 ? $" {code}" : "")}: {said.TrimEnd('.')}{detail}{(correlation is null ? "" : $" (correlation {correlation})")}.";
        return new ContactCenterException(kind, sentence)
        {
            NotBefore = kind == FailureKind.RateLimited ? RetryAfter.Read(response, now) ?? now + withoutHeader : null,
            CorrelationId = correlation,
        };
    }

    /// <summary>Whose limit a 429 says was met, as the platform groups its limits (<c>platform.api</c>, <c>knowledge</c>); null when it does not say.</summary>
    public static string? LimitOf(byte[] body)
    {
        try { return JsonSerializer.Deserialize(body, ErrorJson.Default.ErrorBody)?.Limit?.Namespace; }
        catch (JsonException) { return null; }
    }

    static FailureKind KindOf(HttpStatusCode status, string code) => status switch
    {
        HttpStatusCode.BadRequest when code.EndsWith("queue.not.found", StringComparison.Ordinal) => FailureKind.QueueNotFound,
        HttpStatusCode.BadRequest when code.EndsWith("transfer.not.connected", StringComparison.Ordinal) => FailureKind.LegGone,
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType => FailureKind.BadRequest,
        HttpStatusCode.Unauthorized => FailureKind.Unauthorized,
        HttpStatusCode.Forbidden => FailureKind.MissingPermission,
        HttpStatusCode.NotFound => FailureKind.ConversationNotFound,
        HttpStatusCode.Conflict => FailureKind.Conflict,
        HttpStatusCode.TooManyRequests => FailureKind.RateLimited,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FailureKind.Unavailable,
        _ => FailureKind.MalformedReply,
    };

    public static string? CorrelationId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ININ-Correlation-Id", out var values) ? values.FirstOrDefault() : null;

    static string? Permissions(ErrorBody? error) => error?.MessageParams is { } p && p.TryGetValue("permissions", out var named) && named.ToString() is { Length: > 0 } text ? text : null;

    static bool LooksLikeHtml(byte[] body) => body.Length > 0 && body.AsSpan().TrimStart(" \r\n\t\uFEFF"u8) is [(byte)'<', ..];
}

sealed record ErrorBody(string? Message, string? Code, string? ContextId, Dictionary<string, JsonElement>? MessageParams, IReadOnlyList<ErrorDetail?>? Details)
{
    public ErrorLimit? Limit { get; init; }
}

sealed record ErrorLimit(string? Namespace);
sealed record ErrorDetail(string? ErrorCode, string? FieldName);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorBody))]
sealed partial class ErrorJson : JsonSerializerContext;
