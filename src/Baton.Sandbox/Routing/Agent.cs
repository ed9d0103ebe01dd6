namespace Baton.Sandbox.Routing;

sealed class Agent(string id, string name, AgentBehavior behavior)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public string Email { get; } = $"{name.ToLowerInvariant().Replace(' ', '.')}@sandbox.example";
    public AgentBehavior Behavior { get; set; } = behavior;
    public List<Queue> Queues { get; } = [];
    public HashSet<Queue> Joined { get; } = [];
    public HashSet<Skill> Skills { get; } = [];
    public HashSet<Language> Languages { get; } = [];

    /// <summary>The names of roles in the organization. They decide nothing in the sandbox, and are told to whom the person signs in to.</summary>
    public IReadOnlyList<string> Roles { get; set; } = ["employee"];

    public string Status { get; private set; } = "OFF_QUEUE";
    public DateTimeOffset StatusSince { get; private set; }

    /// <summary>Conversations alerting, held, or still to be wrapped up.</summary>
    public int Load { get; set; }

    /// <summary>Calls among them: nobody is given a second one.</summary>
    public int Calls { get; set; }

    public bool HasRoom => Status is "IDLE" or "INTERACTING" && Load < Behavior.Capacity;

    public Action<Agent>? StatusChanged { get; init; }

    public void Become(string status, DateTimeOffset now)
    {
        if (Status == status) return;
        Status = status;
        StatusSince = now;
        StatusChanged?.Invoke(this);
    }

    public AgentView ToView() => new(Id, Name, Email, Status, Load);
}
