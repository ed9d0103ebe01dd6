using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>A sandbox on a clock of its own, a logged-in client, and one conversation held by the bot.</summary>
public abstract class SandboxFixture : IAsyncLifetime
{
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

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
