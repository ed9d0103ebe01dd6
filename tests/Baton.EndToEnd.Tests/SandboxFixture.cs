using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>A sandbox on a clock of its own, a logged-in client, one conversation held by the bot, and the words that golden texts use for its ids.</summary>
public abstract partial class SandboxFixture : IAsyncLifetime
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static readonly TimeSpan SlowestTransfer = TimeSpan.FromMilliseconds(2000);

    internal ManualTime Time { get; } = new();
    internal GenesysSandbox Sandbox { get; private set; } = null!;
    internal SandboxClient Client { get; private set; } = null!;
    internal StartedConversation Started { get; private set; } = null!;

    internal Organization Organization => Sandbox.Organization;
    internal string Id => Started.ConversationId;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await GenesysSandbox.StartAsync(Options with { Time = Time }, TestContext.Current.CancellationToken);
        Client = await SandboxClient.LoggedInAsync(Sandbox);
        Started = Organization.StartConversation(new GuestProfile("Gina", new Dictionary<string, string> { ["order"] = "42" }, "en-us"));
    }

    public virtual SandboxOptions Options => new();

    internal string Queue(string name) => Organization.Queues.Single(q => q.Name == name).Id;

    internal ConversationView View => Organization.Conversation(Id);

    internal async Task HandOffAsync(string queue)
    {
        (await Client.ReplaceQueueAsync(Id, Started.WorkflowParticipantId, Queue(queue))).Status.ShouldBe(System.Net.HttpStatusCode.Accepted);
        Time.Advance(SlowestTransfer);
    }

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
        foreach (var knowledge in Organization.KnowledgeBases) yield return (knowledge.Id, $"BASE({knowledge.Name})");
        foreach (var agent in Organization.Agents) yield return (agent.Id, $"USER({agent.Name})");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", RegexOptions.NonBacktracking)]
    private static partial Regex Instant();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
