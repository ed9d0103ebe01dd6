using Baton.Sandbox.Assist;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Events;
using Baton.Sandbox.Guide;
using Baton.Sandbox.Http;
using Baton.Sandbox.Knowledge;
using Baton.Sandbox.Messaging;
using Baton.Sandbox.Notifications;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox;

/// <summary>Everything the organization holds. Whoever reads or changes it holds <see cref="Gate"/>; nothing in it waits.</summary>
sealed class World : IDisposable
{
    readonly Dictionary<string, string> roleIds = new(StringComparer.OrdinalIgnoreCase);

    public World(SandboxOptions options)
    {
        Options = options;
        Time = options.Time;
        Ids = Draws.For(options.Seed, "organization");
        OrganizationId = Ids.NextId();
        DivisionId = Ids.NextId();
        Ledger = new Ledger(Time);
        Faults = new Faults(Draws.For(options.Seed, "faults"));
        Agenda = new Agenda(Time, Gate);
        Tokens = new TokenOffice(this);
        Events = new EventFeed(this);
        Notifying = new NotificationDesk(this);
        Messaging = new GuestDesk(this);
        Routing = new RoutingDesk(this);
        Conversing = new ConversationDesk(this);
        Transferring = new TransferDesk(this);
        Knowledge = new Library(this);
        Assisting = new AssistantDesk(this);
        Suggesting = new SuggestionDesk(this);
    }

    public Lock Gate { get; } = new();
    public SandboxOptions Options { get; }
    public TimeProvider Time { get; }
    public DateTimeOffset Now => Time.GetUtcNow();
    public Random Ids { get; }
    public string OrganizationId { get; }
    public string DivisionId { get; }
    public Ledger Ledger { get; }
    public Faults Faults { get; }
    public Agenda Agenda { get; }
    public TokenOffice Tokens { get; }
    public EventFeed Events { get; }
    public NotificationDesk Notifying { get; }
    public GuestDesk Messaging { get; }
    public RoutingDesk Routing { get; }
    public ConversationDesk Conversing { get; }
    public TransferDesk Transferring { get; }
    public Library Knowledge { get; }
    public AssistantDesk Assisting { get; }
    public SuggestionDesk Suggesting { get; }

    public List<Queue> Queues { get; } = [];
    public List<Skill> Skills { get; } = [];
    public List<Language> Languages { get; } = [];
    public List<Agent> Agents { get; } = [];
    public List<WrapupCode> WrapupCodes { get; } = [];
    public List<BotFlow> Flows { get; } = [];

    /// <summary>In the order they started.</summary>
    public List<Conversation> Conversations { get; } = [];
    public Dictionary<string, Conversation> ConversationsById { get; } = [];
    public Dictionary<string, (Conversation Conversation, Message Message)> MessagesById { get; } = [];

    public Queue? Queue(string? idOrName) => Queues.Find(q => q.Id == idOrName) ?? Queues.Find(q => string.Equals(q.Name, idOrName, StringComparison.OrdinalIgnoreCase));

    public Agent? Agent(string? idOrName) =>
        Agents.Find(a => a.Id == idOrName || string.Equals(a.Name, idOrName, StringComparison.OrdinalIgnoreCase) || string.Equals(a.Email, idOrName, StringComparison.OrdinalIgnoreCase));

    /// <summary>One id a name.</summary>
    public string RoleId(string name)
    {
        if (!roleIds.TryGetValue(name, out var id)) roleIds.Add(name, id = Ids.NextId());
        return id;
    }

    public void NoteFaults(IReadOnlyList<Fault> struck, string? conversationId)
    {
        foreach (var fault in struck) Ledger.Append(new() { Kind = LedgerKind.FaultInjected, ConversationId = conversationId, Detail = fault.Kind.ToString() });
    }

    public void DeleteQueue(Queue queue)
    {
        if (!Queues.Remove(queue)) return;
        foreach (var agent in Agents)
        {
            agent.Queues.Remove(queue);
            agent.Joined.Remove(queue);
        }
        Ledger.Append(new() { Kind = LedgerKind.QueueDeleted, QueueId = queue.Id });
    }

    public void Dispose()
    {
        Agenda.Dispose();
        Events.Dispose();
        Suggesting.Dispose();
    }
}
