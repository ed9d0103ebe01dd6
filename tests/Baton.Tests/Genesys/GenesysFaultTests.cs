using System.Net;
using Baton.Core;
using Baton.Genesys.Http;

namespace Baton.Tests.Genesys;

public sealed class GenesysFaultTests
{
    static async Task<ContactCenterException> Read(HttpStatusCode status, string body, params (string, string)[] headers)
    {
        using var response = The.Answer(status, body, headers);
        return await GenesysFault.ReadAsync(response, "Transferring", TimeSpan.FromSeconds(3), new ManualTime(The.Start), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(400, "bad.request", FailureKind.BadRequest)]
    [InlineData(400, "conversation.queue.not.found", FailureKind.QueueNotFound)]
    [InlineData(400, "conversation.error.participant.transfer.not.connected", FailureKind.LegGone)]
    [InlineData(401, "bad.credentials", FailureKind.Unauthorized)]
    [InlineData(403, "missing.any.permissions", FailureKind.MissingPermission)]
    [InlineData(404, "not.found", FailureKind.ConversationNotFound)]
    [InlineData(408, "request.timeout", FailureKind.Unavailable)]
    [InlineData(409, "conflict", FailureKind.Conflict)]
    [InlineData(413, "request.entity.too.large", FailureKind.BadRequest)]
    [InlineData(415, "unsupported.media.type", FailureKind.BadRequest)]
    [InlineData(429, "too.many.requests", FailureKind.RateLimited)]
    [InlineData(500, "internal.server.error", FailureKind.Unavailable)]
    [InlineData(502, "bad.gateway", FailureKind.Unavailable)]
    [InlineData(503, "service.unavailable", FailureKind.Unavailable)]
    [InlineData(504, "gateway.timeout", FailureKind.Unavailable)]
    [InlineData(302, "", FailureKind.MalformedReply)]
    [InlineData(418, "teapot", FailureKind.MalformedReply)]
    public async Task Status_and_code_make_one_kind(int status, string code, FailureKind kind)
    {
        var fault = await Read((HttpStatusCode)status, $$"""{"message":"It went wrong.","code":"{{code}}","status":{{status}},"contextId":"ctx-1"}""");
        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldBe($"Transferring: HTTP {status}{(code.Length > 0 ? " " + code : "")}: It went wrong (correlation ctx-1).");
        (fault.NotBefore is not null).ShouldBe(kind == FailureKind.RateLimited);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        var fault = await Read(HttpStatusCode.Forbidden, """{"message":"Unable","code":"missing.any.permissions","messageParams":{"permissions":"conversation:communication:transfer"}}""");
        fault.Message.ShouldContain("the OAuth client lacks the permission conversation:communication:transfer");
    }

    [Fact]
    public async Task The_field_at_fault_is_named() =>
        (await Read(HttpStatusCode.BadRequest, """{"message":"Invalid","code":"bad.request","details":[{"errorCode":"x","fieldName":"queueId"}]}""")).Message.ShouldContain("Invalid (field queueId: x)");

    [Fact]
    public async Task The_correlation_id_is_the_headers_else_the_bodys()
    {
        var fault = await Read(HttpStatusCode.BadRequest, """{"message":"Invalid","contextId":"body-1"}""", ("ININ-Correlation-Id", "header-1"));
        (fault.CorrelationId, fault.Message).ShouldBe(("header-1", "Transferring: HTTP 400: Invalid (correlation header-1)."));
    }

    [Theory]
    [InlineData("<html><body>502 Bad Gateway</body></html>", "an HTML page instead of JSON")]
    [InlineData("\n\t <!DOCTYPE html>", "an HTML page instead of JSON")]
    [InlineData("", "an empty answer")]
    [InlineData("null", "an answer that is not the platform's")]
    [InlineData("[]", "an answer that is not the platform's")]
    [InlineData("upstream connect error", "an answer that is not the platform's")]
    [InlineData("{\"message\":", "an answer that is not the platform's")]
    public async Task A_body_that_is_not_the_platforms_is_said_to_be_so(string body, string said)
    {
        var fault = await Read(HttpStatusCode.BadGateway, body);
        (fault.Kind, fault.Message).ShouldBe((FailureKind.Unavailable, $"Transferring: HTTP 502: {said}."));
    }

    [Theory]
    [InlineData("\"messageParams\":{\"max\":300}")]
    [InlineData("\"status\":\"400\"")]
    [InlineData("\"messageParams\":null,\"details\":[null]")]
    [InlineData("\"errors\":[{}],\"somethingNew\":{}")]
    public async Task Odd_fields_beside_it_do_not_hide_the_code(string odd) =>
        (await Read(HttpStatusCode.BadRequest, $$"""{"code":"queue.not.found","message":"No queue",{{odd}}}""")).Kind.ShouldBe(FailureKind.QueueNotFound);

    [Theory]
    [InlineData("7", 7)]
    [InlineData(null, 3)]
    public async Task A_rate_limit_says_when_to_come_back(string? retryAfter, int seconds)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        (await Read(HttpStatusCode.TooManyRequests, "{}", headers)).NotBefore.ShouldBe(The.Start.AddSeconds(seconds));
    }
}
