using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>A sandbox of the guide flavor with one conversation held by the bot.</summary>
public abstract class GuideFixture : SandboxFixture
{
    public override SandboxOptions Options => new() { Flavor = SandboxFlavor.Guide };

    internal string BotLeg => Started.WorkflowParticipantId;

    internal Task<SandboxReply> TransferAsync(string participantId, string queue) =>
        Client.PostAsync($"/conversations/{Id}/participants/{participantId}/transfer", $$"""{"transferType":"queue","queueId":"{{Queue(queue)}}"}""");

    internal Task<SandboxReply> RouteAsync(string conversationId, string queue, string? more = null) =>
        Client.PatchAsync($"/conversations/{conversationId}", $$$$"""{"attributes":{"routingData":{"queueId":"{{{{Queue(queue)}}}}"{{{{more}}}}}}}""");

    internal Task<SandboxReply> EnqueueAsync(string queue, string? more = null) =>
        Client.PostAsync($"/routing/conversations/queue/{Queue(queue)}", $$"""{"conversationId":"{{Id}}"{{more}}}""");

    internal string User(string name) => Organization.Agents.Single(a => a.Name == name).Id;
}
