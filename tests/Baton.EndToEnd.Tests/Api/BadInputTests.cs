using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>What is wrong is said in one sentence, with a code that stays, and nothing is lost.</summary>
public sealed class BadInputTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Ten_megabytes_are_not_taken_and_the_sender_is_told()
    {
        await using var world = await ApiWorld.StartAsync();
        var huge = Turns(new string('x', 10 << 20)).ToJsonString();
        (await RawAsync(world.Bot, "v1/conversations/c1/turns", huge)).ShouldBe(HttpStatusCode.RequestEntityTooLarge, "body.too.large", "1 MB");
        (await world.Baton.Store.FindConversationAsync("c1", Ct)).ShouldBeNull();
        (await world.TellAsync("c1", "Hello.")).ShouldBeOk();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("""{"conversationId":"c1","queue":""", "invalid.json", "line 1")]
    [InlineData("", "bad.request", "JSON")]
    [InlineData("null", "bad.request", "JSON")]
    [InlineData("[]", "invalid.json", "$")]
    [InlineData("""{"conversationId":7}""", "invalid.json", "$.conversationId")]
    [InlineData("""{"conversationId":"c1","priority":"high"}""", "invalid.json", "$.priority")]
    [InlineData("""{"conversationId":"c1","priority":"5"}""", "invalid.json", "$.priority")]
    [InlineData("""{"conversationId":"c1","skills":"refunds"}""", "invalid.json", "$.skills")]
    [InlineData("""{"conversationId":"c1","skills":["a",{}]}""", "invalid.json", "$.skills[1]")]
    [InlineData("""{"queue":"Support"}""", "invalid.handoff", "conversationId is missing")]
    [InlineData("""{"conversationId":"c1","queue":"Support","priority":11}""", "invalid.handoff", "priority is 11; allowed is 1 to 10")]
    [InlineData("""{"conversationId":"c1","queue":" "}""", "invalid.handoff", "queue is empty")]
    [InlineData("""{"conversationId":"c1","anyway":true}""", "invalid.handoff", "it needs queue")]
    public async Task A_body_that_cannot_be_read_names_the_field(string body, string code, string words)
    {
        await using var world = await ApiWorld.StartAsync();
        var reply = await RawAsync(world.Supervisor, "v1/handoffs", body);
        reply.ShouldBe(HttpStatusCode.BadRequest, code, words);
        reply.Text.ShouldNotContain("Baton.");
        reply.Text.ShouldNotContain("System.");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("v1/handoffs?limit=many", "invalid.parameter", "limit is 'many'")]
    [InlineData("v1/handoffs?limit=0", "invalid.limit", "limit is 0")]
    [InlineData("v1/handoffs?limit=1000000", "invalid.limit", "1 to 200")]
    [InlineData("v1/handoffs?state=Lost", "invalid.parameter", "state is 'Lost'")]
    [InlineData("v1/handoffs?since=yesterday", "invalid.parameter", "since is 'yesterday'")]
    [InlineData("v1/conversations?state=lost", "invalid.state", "open or ended")]
    [InlineData("v1/stats?since=x", "invalid.parameter", "since is 'x'")]
    [InlineData("v1/audit?after=x", "invalid.parameter", "after is 'x'")]
    [InlineData("v1/stream?after=-1", "invalid.event.id", "after is -1")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string code, string words)
    {
        await using var world = await ApiWorld.StartAsync();
        (await GetAsync(world.Supervisor, path)).ShouldBe(HttpStatusCode.BadRequest, code, words);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("v1/conversations")]
    [InlineData("v1/handoffs")]
    [InlineData("v1/deliveries")]
    public async Task A_made_up_cursor_is_refused(string list)
    {
        await using var world = await ApiWorld.StartAsync();
        string[] madeUp =
        [
            "x", "%00", "....", new string('A', 5000), Encode("handoffs\nho_x"), Encode("handoffs\n' OR 1=1 --"), Encode("conversations\n-1\nc1"), Encode("conversations\n99999999999999999999\nc1"),
            Encode("deliveries\nnone"), Encode("other\nho_00000000000000000000000000000000"), Encode($"{list[3..]}\n"),
        ];
        foreach (var cursor in madeUp) (await GetAsync(world.Supervisor, $"{list}?cursor={cursor}")).ShouldBe(HttpStatusCode.BadRequest, "invalid.cursor");

        static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    [Theory(Timeout = 120_000)]
    [InlineData("GET", "v1/conversations/none", "unknown.conversation")]
    [InlineData("GET", "v1/conversations/none/decision", "unknown.decision")]
    [InlineData("GET", "v1/handoffs/ho_00000000000000000000000000000000", "unknown.handoff")]
    [InlineData("GET", "v1/handoffs/none", "unknown.handoff")]
    [InlineData("POST", "v1/handoffs/ho_00000000000000000000000000000000/cancel", "unknown.handoff")]
    [InlineData("POST", "v1/handoffs/none/retry", "unknown.handoff")]
    [InlineData("POST", "v1/deliveries/none/replay", "unknown.delivery")]
    [InlineData("GET", "v1/assist/requests/none", "unknown.request")]
    [InlineData("GET", "v1/nothing", "unknown.path")]
    [InlineData("GET", "v2/handoffs", "unknown.path")]
    [InlineData("GET", "v1/conversations/..%2f..%2f..%2fetc%2fpasswd", "unknown.conversation")]
    [InlineData("GET", "v1/handoffs/..%5c..%5cbaton.db", "unknown.handoff")]
    [InlineData("POST", "v1/deliveries/..%2f..%2fbaton.db/replay", "unknown.delivery")]
    [InlineData("GET", "openapi/..%2fbaton.json", "unknown.path")]
    public async Task What_is_not_there_is_not_found(string method, string path, string code)
    {
        await using var world = await ApiWorld.StartAsync();
        (await SendAsync(world.Supervisor, new HttpMethod(method), path, method == "POST" ? new JsonObject() : null)).ShouldBe(HttpStatusCode.NotFound, code);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_conversation_the_platform_does_not_know_is_not_handed_off()
    {
        await using var world = await ApiWorld.StartAsync();
        var unknown = new JsonObject { ["conversationId"] = Guid.NewGuid().ToString(), ["queue"] = "Support" };
        (await PostAsync(world.Supervisor, "v1/handoffs", unknown)).ShouldBe(HttpStatusCode.NotFound, "platform.conversationNotFound");
        (await GetAsync(world.Supervisor, "v1/handoffs")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task The_wrong_method_or_media_type_is_a_problem_with_a_code_too()
    {
        await using var world = await ApiWorld.StartAsync();
        (await SendAsync(world.Supervisor, HttpMethod.Delete, "v1/handoffs", null)).ShouldBe(HttpStatusCode.MethodNotAllowed, "method.not.allowed");
        (await RawAsync(world.Supervisor, "v1/handoffs", "conversationId=c1", "application/x-www-form-urlencoded")).ShouldBe(HttpStatusCode.UnsupportedMediaType, "unsupported.media.type");
    }
}
