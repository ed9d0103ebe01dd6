using System.Net;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Sandbox;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>The same request under the same key is carried out once.</summary>
public sealed class RepeatedRequestTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_hundred_at_once_under_one_key_are_one_handoff_and_get_one_answer()
    {
        await using var world = await ApiWorld.StartAsync();
        var conversation = world.Converse();
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(world.Supervisor, "v1/handoffs", Asked(conversation), "k1")));

        replies.Select(r => r.Status).Distinct().ShouldBe([HttpStatusCode.Accepted]);
        var answer = replies.Select(r => r.Text).Distinct().ShouldHaveSingleItem();
        replies.Count(r => r.Headers.Contains("Idempotency-Replayed")).ShouldBe(99);
        (await world.Baton.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation }, Ct)).Count.ShouldBe(1);
        (await PostAsync(world.Supervisor, "v1/handoffs", Asked(conversation), "k1")).Text.ShouldBe(answer, "kept, and not only in memory");
    }

    [Fact(Timeout = 120_000)]
    public async Task Another_request_under_the_same_key_is_refused_and_another_callers_is_not()
    {
        await using var world = await ApiWorld.StartAsync();
        (await PostAsync(world.Supervisor, "v1/pause", new JsonObject { ["why"] = "one" }, "k1")).ShouldBeOk();
        (await PostAsync(world.Supervisor, "v1/pause", new JsonObject { ["why"] = "two" }, "k1")).ShouldBe(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
        (await PostAsync(world.Supervisor, "v1/resume", null, "k1")).ShouldBe(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
        (await PostAsync(world.Admin, "v1/pause", new JsonObject { ["why"] = "three" }, "k1")).ShouldBeOk();
        (await world.Baton.Store.PausedAsync(Ct))!.Why.ShouldBe("three");
        (await PostAsync(world.Supervisor, "v1/pause", new JsonObject { ["why"] = "one" }, "k1")).ShouldBeOk()["why"]!.GetValue<string>().ShouldBe("one");
        (await world.Baton.Store.PausedAsync(Ct))!.Why.ShouldBe("three", "the answer was given again; the deed was not done again");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(0, false)]
    public async Task A_key_has_up_to_255_characters(int length, bool isTaken)
    {
        await using var world = await ApiWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/pause");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', length)).ShouldBeTrue();
        var reply = await SendAsync(world.Supervisor, request);
        if (isTaken) reply.ShouldBeOk();
        else reply.ShouldBe(HttpStatusCode.BadRequest, "invalid.idempotency.key");
        (await world.Baton.Store.PausedAsync(Ct) is not null).ShouldBe(isTaken);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_an_outage_refused_may_be_tried_again_under_the_same_key()
    {
        await using var world = await ApiWorld.StartAsync();
        var conversation = world.Converse();
        world.Sandbox.Faults.Add(new Fault { Kind = FaultKind.Status, Path = "/api/v2/conversations/*", Status = 403 });
        var refused = await PostAsync(world.Supervisor, "v1/handoffs", Asked(conversation), "k1");
        ((int)refused.Status).ShouldBeGreaterThanOrEqualTo(500, refused.Text);
        refused.Code.ShouldStartWith("platform.");
        world.Sandbox.Faults.Clear();
        (await PostAsync(world.Supervisor, "v1/handoffs", Asked(conversation), "k1")).ShouldBeOk(HttpStatusCode.Accepted);
    }

    static JsonObject Asked(string conversation) => new() { ["conversationId"] = conversation, ["queue"] = "Support", ["reason"] = "asked for it" };
}
