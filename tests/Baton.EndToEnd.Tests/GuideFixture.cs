using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>A sandbox of the guide flavor with one conversation held by the bot, and the words that golden texts use for its ids.</summary>
public abstract partial class GuideFixture : SandboxFixture
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public override SandboxOptions Options => new() { Flavor = SandboxFlavor.Guide };

    internal string BotLeg => Started.WorkflowParticipantId;

    internal Task<SandboxReply> TransferAsync(string participantId, string queue) =>
        Client.PostAsync($"/conversations/{Id}/participants/{participantId}/transfer", $$"""{"transferType":"queue","queueId":"{{Queue(queue)}}"}""");

    internal Task<SandboxReply> RouteAsync(string conversationId, string queue, string? more = null) =>
        Client.PatchAsync($"/conversations/{conversationId}", $$$$"""{"attributes":{"routingData":{"queueId":"{{{{Queue(queue)}}}}"{{{{more}}}}}}}""");

    internal Task<SandboxReply> EnqueueAsync(string queue, string? more = null) =>
        Client.PostAsync($"/routing/conversations/queue/{Queue(queue)}", $$"""{"conversationId":"{{Id}}"{{more}}}""");

    internal string User(string name) => Organization.Agents.Single(a => a.Name == name).Id;

    /// <summary>Puts ids in the place of their words: CONVERSATION, BOT, QUEUE(Billing), USER(Ana Alvarez)...</summary>
    internal string Filled(string text)
    {
        foreach (var (id, word) in Words()) text = text.Replace(word, id, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Compares every member and their order, once ids and times are words. An id nobody knows beforehand is ID.</summary>
    internal void ShouldBeGolden(SandboxReply reply, string expected)
    {
        var text = reply.Json.ToJsonString(Indented).Replace(Sandbox.BaseAddress.ToString(), "https://HOST/", StringComparison.Ordinal);
        foreach (var (id, word) in Words()) text = text.Replace(id, word, StringComparison.Ordinal);
        text = Identifier().Replace(Instant().Replace(text, "TIME"), "ID");
        text.ShouldBe(JsonNode.Parse(expected)!.ToJsonString(Indented), reply.Text);
    }

    IEnumerable<(string Id, string Word)> Words()
    {
        yield return (Started.ConversationId, "CONVERSATION");
        yield return (Started.GuestId, "GUEST");
        yield return (Started.CustomerParticipantId, "CUSTOMER");
        yield return (Started.WorkflowParticipantId, "BOT");
        foreach (var queue in Organization.Queues) yield return (queue.Id, $"QUEUE({queue.Name})");
        foreach (var agent in Organization.Agents) yield return (agent.Id, $"USER({agent.Name})");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", RegexOptions.NonBacktracking)]
    private static partial Regex Instant();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}
