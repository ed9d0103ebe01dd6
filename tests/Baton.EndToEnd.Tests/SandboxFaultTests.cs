using System.Net;
using System.Text.Json;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

public sealed class SandboxFaultTests : SandboxFixture
{
    const string ReplaceQueue = "/api/v2/conversations/*/participants/*/replace/queue";

    Task<SandboxReply> Transfer() => Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue("Empty"));

    int Applied => Sandbox.Ledger.TransfersApplied(Id).Count;

    [Fact]
    public async Task A_lost_reply_hides_a_transfer_that_happened()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.ConnectionResetAfterApply, Method = "POST", Path = ReplaceQueue, Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(Transfer);
        Time.Advance(SlowestTransfer);
        Applied.ShouldBe(1);
        (await Transfer()).Code.ShouldBe("conversations.error.transfer.not.connected");
    }

    [Fact]
    public async Task A_connection_cut_before_the_call_leaves_nothing_behind()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.ConnectionResetBeforeApply, Path = ReplaceQueue, Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(Transfer);
        Time.Advance(SlowestTransfer);
        Applied.ShouldBe(0);
        (await Transfer()).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_late_transfer_comes_long_after_its_lost_reply()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.ApplyLate, Path = ReplaceQueue, Milliseconds = 8000, Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(Transfer);
        Time.Advance(TimeSpan.FromMilliseconds(7999));
        Applied.ShouldBe(0);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Applied.ShouldBe(1);
    }

    [Fact]
    public async Task An_accepted_transfer_may_fail_and_move_nothing()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.TransferFailsAfterAccepted, Path = ReplaceQueue });
        (await Transfer()).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer);
        (Applied, View.Transfers.Single().State, View.Holder!.Purpose).ShouldBe((0, "Failed", "workflow"));
    }

    [Theory]
    [InlineData(503, "")]
    [InlineData(502, "<html>")]
    [InlineData(500, "internal.server.error")]
    public async Task A_status_before_the_call_has_the_body_a_gateway_gives(int status, string inBody)
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = status, Path = ReplaceQueue, Times = 1 });
        var reply = await Transfer();
        ((int)reply.Status).ShouldBe(status);
        reply.Text.ShouldContain(inBody);
        (reply.Text.Length == 0).ShouldBe(status == 503);
        Time.Advance(SlowestTransfer);
        Applied.ShouldBe(0);
    }

    [Fact]
    public async Task A_status_after_the_call_is_a_lie()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.StatusAfterApply, Status = 504, Path = ReplaceQueue, Times = 1 });
        (await Transfer()).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        Time.Advance(SlowestTransfer);
        Applied.ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_requests_comes_with_seconds_a_date_or_nothing()
    {
        Sandbox.Faults.Replace([new() { Kind = FaultKind.TooManyRequests, RetryAfterSeconds = 7, Times = 1 }]);
        (await Client.GetAsync("/organizations/me")).Headers["Retry-After"].ShouldBe("7");
        Sandbox.Faults.Replace([new() { Kind = FaultKind.TooManyRequests, RetryAfterSeconds = 7, RetryAfterAsDate = true, Times = 1 }]);
        (await Client.GetAsync("/organizations/me")).Headers["Retry-After"].ShouldBe("Thu, 20 Aug 2026 10:00:07 GMT");
        Sandbox.Faults.Replace([new() { Kind = FaultKind.TooManyRequests, Times = 1 }, new() { Kind = FaultKind.HideRateHeaders, Times = 1 }]);
        var bare = await Client.GetAsync("/organizations/me");
        bare.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        bare.Headers.Keys.ShouldNotContain(k => k == "Retry-After" || k.StartsWith("inin-ratelimit", StringComparison.Ordinal));
        (await Client.GetAsync("/organizations/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_request_is_parked_on_the_sandboxs_clock()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Milliseconds = 5000, Path = "*/organizations/me" });
        var slow = Client.GetAsync("/organizations/me");
        await Sandbox.Ledger.WaitForAsync(e => e.Kind == LedgerKind.FaultInjected, ct: TestContext.Current.CancellationToken);
        while (Sandbox.ParkedRequests == 0) await Task.Yield();
        slow.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(5));
        (await slow).Status.ShouldBe(HttpStatusCode.OK);
        Sandbox.ParkedRequests.ShouldBe(0);
    }

    [Fact]
    public async Task A_torn_body_is_a_200_that_cannot_be_read()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.MalformedJson, Times = 1 });
        var torn = await Client.GetAsync($"/conversations/{Id}");
        torn.Status.ShouldBe(HttpStatusCode.OK);
        Should.Throw<JsonException>(() => torn.Json);
    }

    [Fact]
    public async Task A_stale_answer_shows_the_leg_that_has_left()
    {
        await HandOffAsync("Empty");
        Sandbox.Faults.Add(new() { Kind = FaultKind.StaleParticipants, Milliseconds = 2500, Path = $"/api/v2/conversations/{Id}", Times = 1 });
        var stale = (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray();
        stale.Select(p => p!["messages"]![0]!["state"]!.GetValue<string>()).ShouldBe(["connected", "connected"]);
        (await Client.GetAsync($"/conversations/{Id}")).Json["participants"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Tokens_expire_in_the_middle_of_a_run()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.TokenExpires, Times = 1 });
        (await Client.GetAsync("/organizations/me")).Code.ShouldBe("credentials.expired");
        (await Client.GetAsync("/organizations/me")).Code.ShouldBe("credentials.expired");
        using var again = await SandboxClient.LoggedInAsync(Sandbox);
        (await again.GetAsync("/organizations/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_queue_may_be_gone_after_it_was_checked()
    {
        var queue = Queue("Empty");
        Sandbox.Faults.Add(new() { Kind = FaultKind.QueueDeletedAfterCheck, Method = "GET", Path = "/api/v2/routing/queues/*", Times = 1 });
        (await Client.GetAsync($"/routing/queues/{queue}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, queue)).Code.ShouldBe("conversations.error.queue.not.found");
    }

    [Fact]
    public async Task A_queue_deleted_under_an_accepted_transfer_fails_it()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.QueueDeletedAfterCheck, Path = ReplaceQueue });
        (await Transfer()).Status.ShouldBe(HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer);
        (View.Transfers.Single().State, View.Holder!.Purpose).ShouldBe(("Failed", "workflow"));
    }

    [Fact]
    public async Task An_agent_can_be_quicker_than_the_priority()
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.AgentQuick, Path = ReplaceQueue });
        await HandOffAsync("Night Desk");
        View.Holder!.Purpose.ShouldBe("agent");
        (await Client.PatchAsync($"/routing/conversations/{Id}", """{"priority":5}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_seed_draws_the_faults()
    {
        var twin = await GenesysSandbox.StartAsync(new() { Time = Time }, TestContext.Current.CancellationToken);
        await using var _ = twin;
        using var other = await SandboxClient.LoggedInAsync(twin);
        foreach (var sandbox in new[] { Sandbox, twin }) sandbox.Faults.Add(new() { Kind = FaultKind.Status, Status = 500, Probability = 0.5 });
        var statuses = new List<(HttpStatusCode, HttpStatusCode)>();
        for (var i = 0; i < 20; i++) statuses.Add(((await Client.GetAsync("/organizations/me")).Status, (await other.GetAsync("/organizations/me")).Status));
        statuses.ShouldAllBe(s => s.Item1 == s.Item2);
        statuses.Select(s => s.Item1).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Another_process_sets_faults_and_plays_the_guest()
    {
        var set = await Client.AdminAsync(HttpMethod.Put, "/faults", """[{"kind":"tooManyRequests","path":"/api/v2/organizations/me","times":1,"retryAfterSeconds":3}]""");
        set.Json[0]!["id"]!.GetValue<string>().ShouldBe("fault-1");
        (await Client.GetAsync("/organizations/me")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Client.AdminAsync(HttpMethod.Delete, "/faults")).Status.ShouldBe(HttpStatusCode.NoContent);

        var summary = (await Client.AdminAsync(HttpMethod.Get, "")).Json;
        summary["apiBaseUrl"]!.GetValue<string>().ShouldBe(Sandbox.ApiBaseUrl.ToString());
        var started = (await Client.AdminAsync(HttpMethod.Post, "/conversations", """{"name":"Max","text":"Hi","attributes":{"tier":"gold"}}""")).Json;
        var id = started["conversationId"]!.GetValue<string>();
        await Client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/guest", """{"text":"I want a human"}""");
        await Client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/bot", """{"text":"One moment","userInput":"I want a human","intentName":"human","confidence":0.4,"askActionResult":"AgentRequestedByUser"}""");
        await Client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/sentiment", """{"score":-0.5,"trend":-0.4}""");
        var turns = (await Client.GetAsync($"/analytics/botflows/{summary["botFlows"]![0]!["id"]}/divisions/reportingturns?sessionId={started["botSessionId"]}")).Json;
        turns["entities"]![0]!["intent"]!["confidence"]!.GetValue<double>().ShouldBe(0.4);
        (await Client.GetAsync($"/speechandtextanalytics/conversations/{id}")).Json["sentimentTrendClass"]!.GetValue<string>().ShouldBe("Declining");
        var left = (await Client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/leave")).Json;
        left["endTime"].ShouldNotBeNull();
        (await Client.AdminAsync(HttpMethod.Post, $"/conversations/{id}/leave")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Client.AdminAsync(HttpMethod.Post, "/conversations/nobody/leave")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Client.AdminAsync(HttpMethod.Get, "/ledger?after=3")).Json[0]!["sequence"]!.GetValue<long>().ShouldBe(4);
        (await Client.AdminAsync(HttpMethod.Get, "/provenance")).Json.AsArray().Count.ShouldBe(Provenance.All.Count);
    }
}
