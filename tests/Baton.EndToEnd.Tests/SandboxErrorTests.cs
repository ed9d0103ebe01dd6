using System.Net;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxErrorTests : SandboxFixture
{
    const string Nobody = "00000000-0000-4000-8000-000000000000";

    public override SandboxOptions Options => new() { CallsPerMinute = 10 };

    [Fact]
    public async Task Login_tells_an_unknown_client_from_a_wrong_secret_and_a_wrong_region()
    {
        Organization.AddOAuthClient("abroad", "secret", anotherRegion: true);
        var unknown = await Client.LoginAsync("nobody", "x");
        (unknown.Status, unknown.Json["error_description"]!.GetValue<string>()).ShouldBe((HttpStatusCode.BadRequest, "client not found"));
        var wrong = await Client.LoginAsync("baton-sandbox", "x");
        (wrong.Status, wrong.Json["description"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Unauthorized, "authentication failed"));
        (await Client.LoginAsync("abroad", "secret")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Client.LoginAsync("baton-sandbox", "sandbox-secret", "password")).Json["error"]!.GetValue<string>().ShouldBe("unsupported_grant_type");
    }

    [Fact]
    public async Task Both_hosts_answer_without_a_gateway_and_take_credentials_in_the_form()
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "baton-sandbox"), new("client_secret", "sandbox-secret")]);
        using var login = await http.PostAsync(new Uri(Sandbox.BaseAddress, "/oauth/token"), form, TestContext.Current.CancellationToken);
        var token = System.Text.Json.Nodes.JsonNode.Parse(await login.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["access_token"]!.GetValue<string>();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var me = await http.GetAsync(new Uri(Sandbox.BaseAddress, "/api/v2/organizations/me"), TestContext.Current.CancellationToken);
        me.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_is_missing_unknown_expired_or_deleted_is_told_apart()
    {
        var good = Client.Token;
        Client.Token = null;
        (await Client.GetAsync("/organizations/me")).Code.ShouldBe("authentication.required");
        Client.Token = "made-up";
        (await Client.GetAsync("/organizations/me")).Code.ShouldBe("bad.credentials");
        Client.Token = good;
        Time.Advance(TimeSpan.FromSeconds(86400));
        var expired = await Client.GetAsync("/organizations/me");
        (expired.Status, expired.Code).ShouldBe((HttpStatusCode.Unauthorized, "credentials.expired"));

        Client.Token = (await Client.LoginAsync("baton-sandbox", "sandbox-secret")).Json["access_token"]!.GetValue<string>();
        (await Client.DeleteAsync("/tokens/me")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Client.GetAsync("/tokens/me")).Code.ShouldBe("bad.credentials");
    }

    [Fact]
    public async Task Missing_permissions_are_named()
    {
        Organization.AddOAuthClient("reader", "secret", ["conversation:communication:view"]);
        using var reader = await SandboxClient.LoggedInAsync(Sandbox, "reader", "secret");
        (await reader.GetAsync($"/conversations/{Id}")).Status.ShouldBe(HttpStatusCode.OK);
        var queues = await reader.GetAsync("/routing/queues");
        (queues.Status, queues.Code, queues.Json["messageParams"]!["permissions"]!.GetValue<string>()).ShouldBe((HttpStatusCode.Forbidden, "missing.permissions", "routing:queue:view"));
        var transfer = await reader.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Billing"));
        transfer.Code.ShouldBe("missing.any.permissions");
        transfer.Json["message"]!.GetValue<string>().ShouldContain("conversation:communication:blindTransferQueue");
        transfer.Json["contextId"]!.GetValue<string>().ShouldBe(transfer.Headers["ININ-Correlation-Id"]);
    }

    [Theory]
    [InlineData("GET", "/conversations/" + Nobody, null, 404, "not.found")]
    [InlineData("GET", "/conversations/messages/" + Nobody, null, 404, "conversation.error.conversation.not.found")]
    [InlineData("GET", "/conversations/not-a-guid", null, 400, "bad.request")]
    [InlineData("GET", "/conversations", null, 400, "not.a.user")]
    [InlineData("GET", "/no/such/thing", null, 404, "not.found")]
    [InlineData("GET", "/routing/queues/" + Nobody, null, 404, "not.found")]
    [InlineData("GET", "/routing/queues?pageSize=0", null, 400, "invalid.query.param.value")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/replace/queue", "{\"queueId\":", 400, "bad.request")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/replace/queue", "{}", 400, "conversations.error.transfer.destination.required")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/replace/queue", "{\"queueId\":\"" + Nobody + "\"}", 400, "conversations.error.queue.not.found")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/replace/queue", "{\"queueId\":\"7\"}", 400, "bad.request")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/replace/queue", "{\"queueId\":\"" + Nobody + "\",\"transferType\":\"Blind\"}", 400, "invalid.value")]
    [InlineData("POST", "/conversations/{id}/participants/{flow}/transfer", "{\"address\":\"Billing\",\"transferType\":\"Blind\"}", 400, "invalid.value")]
    [InlineData("POST", "/conversations/{id}/participants/" + Nobody + "/transfer", "{\"address\":\"Billing\"}", 404, "not.found")]
    [InlineData("PATCH", "/conversations/{id}/participants/{flow}/attributes", "{\"attributes\":{\"k\":null}}", 400, "conversation.error.participant.attribute.null")]
    [InlineData("PATCH", "/conversations/{id}/participants/" + Nobody, "{\"state\":\"disconnected\"}", 404, "conversation.error.not.conversation.participant")]
    [InlineData("POST", "/analytics/conversations/details/query", "{\"interval\":\"yesterday\"}", 400, "invalid.date")]
    public async Task Refusals_carry_the_platforms_codes(string method, string path, string? body, int status, string code)
    {
        var filled = path.Replace("{id}", Id, StringComparison.Ordinal).Replace("{flow}", Started.WorkflowParticipantId, StringComparison.Ordinal);
        var reply = await Client.CallAsync(new HttpMethod(method), filled, body);
        (((int)reply.Status), reply.Code).ShouldBe((status, code));
        reply.Json["status"]!.GetValue<int>().ShouldBe(status);
    }

    [Fact]
    public async Task Bodies_of_the_wrong_type_or_size_are_refused()
    {
        var path = $"/conversations/messages/{Id}/communications/{Started.WorkflowCommunicationId}/messages";
        (await Client.CallAsync(HttpMethod.Post, path, "text", "text/plain")).Code.ShouldBe("unsupported.media.type");
        (await Client.PostAsync(path, $$"""{"textBody":"{{new string('x', 2001)}}"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Client.PostAsync(path, """{"textBody":"a","mediaIds":["b"]}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var tooLarge = await Client.PostAsync(path, $$"""{"textBody":"{{new string('x', 512_000)}}"}""");
        (tooLarge.Status, tooLarge.Json["limit"]!["value"]!.GetValue<long>()).ShouldBe((HttpStatusCode.RequestEntityTooLarge, 512_000));
        Sandbox.Ledger.MessagesTo(Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_window_is_counted_told_refused_and_opened_again()
    {
        for (var call = 1; call <= 10; call++)
        {
            var within = await Client.GetAsync("/organizations/me");
            (within.Headers["inin-ratelimit-count"], within.Headers["inin-ratelimit-allowed"]).ShouldBe(($"{call}", "10"));
        }
        Time.Advance(TimeSpan.FromSeconds(37));
        var over = await Client.GetAsync("/organizations/me");
        (over.Status, over.Code, over.Headers["Retry-After"]).ShouldBe((HttpStatusCode.TooManyRequests, "too.many.requests.retry.after", "23"));
        over.Json["limit"]!["key"]!.GetValue<string>().ShouldBe("client.credentials.token.rate.per.minute");
        Time.Advance(TimeSpan.FromSeconds(23));
        (await Client.GetAsync("/organizations/me")).Headers["inin-ratelimit-count"].ShouldBe("1");
    }

    [Fact]
    public async Task Queues_are_paged_and_found_by_name()
    {
        var first = (await Client.GetAsync("/routing/queues?pageSize=4")).Json;
        (first["total"]!.GetValue<int>(), first["pageCount"]!.GetValue<int>(), first["entities"]!.AsArray().Count).ShouldBe((6, 2, 4));
        var second = (await Client.GetAsync(first["nextUri"]!.GetValue<string>()["/api/v2".Length..])).Json;
        second["entities"]!.AsArray().Count.ShouldBe(2);
        second["nextUri"].ShouldBeNull();
        second["previousUri"]!.GetValue<string>().ShouldContain("pageNumber=1");
        var named = (await Client.GetAsync("/routing/queues?name=s*")).Json;
        named["entities"]!.AsArray().Select(q => q!["name"]!.GetValue<string>()).ShouldBe(["Sales", "Support"]);
    }

    [Fact]
    public async Task Members_are_filtered_by_the_server()
    {
        var night = Queue("Night Desk");
        (await Client.GetAsync($"/routing/queues/{night}/members?joined=true&routingStatus=IDLE")).Json["entities"]!.AsArray().ShouldBeEmpty();
        var members = (await Client.GetAsync($"/routing/queues/{night}/members?expand=routingStatus")).Json["entities"]!.AsArray();
        members.Select(m => m!["routingStatus"]!["status"]!.GetValue<string>()).ShouldBe(["OFF_QUEUE", "OFF_QUEUE"]);
        (await Client.GetAsync($"/routing/queues/{night}/members")).Json["entities"]![0]!["routingStatus"].ShouldBeNull();
    }
}
