using System.Net;
using System.Text.Json.Nodes;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>Names that are paths, and turns of wrong types: neither reaches the platform or the store.</summary>
public sealed class WrongNamesTests
{
    /// <summary>The token, the queue by its name, a knowledge base by its id, which goes along escaped.</summary>
    static readonly string[] allowed = ["/oauth/token", "/api/v2/routing/queues", "/api/v2/knowledge/knowledgebases/{knowledgeBaseId}/documents/search"];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../routing/queues")]
    [InlineData("..%2f..%2fusers")]
    [InlineData("x/../../users")]
    [InlineData("7f3c2f8e-0d0b-4a39-9a44-0c7d3a1f5b11/../x")]
    [InlineData("c\r\nHost: other.example")]
    [InlineData("c?expand=all#x")]
    public async Task A_name_that_is_a_path_leads_nowhere(string id)
    {
        await using var world = await ApiWorld.StartAsync();
        var before = world.Sandbox.Ledger.Requests().Count;
        var asked = new JsonObject { ["conversationId"] = id, ["queue"] = "Support", ["reason"] = "asked for it" };
        ((int)(await PostAsync(world.Supervisor, "v1/handoffs", asked)).Status).ShouldBeInRange(400, 499);
        var question = new JsonObject { ["conversationId"] = id, ["transcript"] = "Customer: my parcel", ["knowledgeSourceIds"] = new JsonArray("../" + id) };
        await PostAsync(world.Agent, "v1/assist/suggestions", question);
        var transfer = new JsonObject { ["userId"] = id, ["conversationId"] = id, ["queue"] = id };
        ((int)(await PostAsync(world.Supervisor, "v1/transfers", transfer)).Status).ShouldBeInRange(400, 499);
        // What was asked of the platform for these names, if anything, has not left its place.
        world.Sandbox.Ledger.Requests().Skip(before).Where(r => r.Client is not null).Select(r => r.Route!).ShouldAllBe(r => allowed.Contains(r));
        (await GetAsync(world.Supervisor, "v1/handoffs")).ShouldBeOk()["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("""{"turns":[{"id":"t1","from":"customer","text":"x","at":"2026-03-02T10:00:00Z","sentiment":"good"}]}""", "sentiment")]
    [InlineData("""{"turns":[{"id":"t1","from":"nobody","text":"x","at":"2026-03-02T10:00:00Z"}]}""", "from")]
    [InlineData("""{"turns":[{"id":"t1","from":"customer","text":"x","at":"yesterday"}]}""", "at")]
    [InlineData("""{"turns":[{"id":"t1","from":"customer","text":"x"}]}""", "turns[0].at")]
    [InlineData("""{"turns":[{"id":"t1","from":"customer","text":"x","at":"2026-03-02T10:00:00Z","intent":{"name":"a","confidence":7}}]}""", "intent.confidence")]
    [InlineData("""{"turns":"none"}""", "turns")]
    public async Task A_turn_of_wrong_types_names_the_field_and_nothing_is_taken(string body, string field)
    {
        await using var world = await ApiWorld.StartAsync();
        var reply = await RawAsync(world.Bot, "v1/conversations/c1/turns", body);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Code.ShouldBeOneOf("invalid.json", "invalid.turns");
        reply.Detail.ShouldContain(field);
        (await world.Baton.Store.FindConversationAsync("c1", Ct)).ShouldBeNull();
    }
}
