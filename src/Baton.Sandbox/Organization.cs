using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox;

/// <summary>The organization from the inside: what an administrator sets up, and (in the other part) what guests, bots and agents do. Thread-safe.</summary>
public sealed partial class Organization
{
    readonly World world;

    internal Organization(World world) => this.world = world;

    public string Id => world.OrganizationId;

    public IReadOnlyList<QueueView> Queues
    {
        get { lock (world.Gate) return [.. world.Queues.Select(q => new QueueView(q.Id, q.Name))]; }
    }

    public IReadOnlyList<SkillView> Skills
    {
        get { lock (world.Gate) return [.. world.Skills.Select(s => new SkillView(s.Id, s.Name))]; }
    }

    public IReadOnlyList<LanguageView> Languages
    {
        get { lock (world.Gate) return [.. world.Languages.Select(l => new LanguageView(l.Id, l.Name))]; }
    }

    public IReadOnlyList<AgentView> Agents
    {
        get { lock (world.Gate) return [.. world.Agents.Select(a => a.ToView())]; }
    }

    public IReadOnlyList<BotFlowView> BotFlows
    {
        get { lock (world.Gate) return [.. world.Flows.Select(f => new BotFlowView(f.Id, f.Name))]; }
    }

    public IReadOnlyList<ClientView> OAuthClients
    {
        get { lock (world.Gate) return [.. world.Tokens.Clients.Select(c => new ClientView(c.Id, c.Secret))]; }
    }

    /// <param name="media">What it takes; everything when null.</param>
    /// <param name="capacity">As the guide flavor tells it; null is what the members can hold.</param>
    public QueueView AddQueue(string name, TimeSpan? alertingTimeout = null, bool wrapupRequired = true, TimeSpan? acwTimeout = null,
        IReadOnlyList<Media>? media = null, int? capacity = null)
    {
        lock (world.Gate)
        {
            var queue = new Queue(world.Ids.NextId(), name, alertingTimeout ?? TimeSpan.FromSeconds(30), wrapupRequired, acwTimeout, world.Now)
            {
                Media = media ?? [Media.Message, Media.Voice],
                Capacity = capacity,
            };
            world.Queues.Add(queue);
            return new(queue.Id, name);
        }
    }

    /// <summary>Nothing may be sent to an inactive queue over the guide flavor; who waits there waits on.</summary>
    public void SetQueueActive(string queueId, bool active)
    {
        lock (world.Gate) FindQueue(queueId).IsActive = active;
    }

    public void DeleteQueue(string queueId)
    {
        lock (world.Gate) world.DeleteQueue(FindQueue(queueId));
    }

    public SkillView AddSkill(string name)
    {
        lock (world.Gate)
        {
            var skill = new Skill(world.Ids.NextId(), name);
            world.Skills.Add(skill);
            return new(skill.Id, name);
        }
    }

    public LanguageView AddLanguage(string name)
    {
        lock (world.Gate)
        {
            var language = new Language(world.Ids.NextId(), name);
            world.Languages.Add(language);
            return new(language.Id, name);
        }
    }

    public void AddWrapupCode(string name)
    {
        lock (world.Gate) world.WrapupCodes.Add(new WrapupCode(world.Ids.NextId(), name));
    }

    public BotFlowView AddBotFlow(string name)
    {
        lock (world.Gate)
        {
            var flow = new BotFlow(world.Ids.NextId(), name);
            world.Flows.Add(flow);
            return new(flow.Id, name);
        }
    }

    /// <summary>Queues, skills and languages by id or name. An agent who is not on queue is a member, but OFF_QUEUE.</summary>
    public AgentView AddAgent(string name, IEnumerable<string> queues, IEnumerable<string>? skills = null, AgentBehavior? behavior = null,
        IEnumerable<string>? languages = null, bool onQueue = true)
    {
        lock (world.Gate)
        {
            var agent = new Agent(world.Ids.NextId(), name, behavior ?? new AgentBehavior()) { StatusChanged = world.Notifying.StatusChanged };
            foreach (var queue in queues.Select(FindQueue))
            {
                agent.Queues.Add(queue);
                agent.Joined.Add(queue);
                world.Notifying.MembershipChanged(agent, queue);
            }
            foreach (var skill in skills ?? []) agent.Skills.Add(world.Skills.Find(s => s.Id == skill || s.Name == skill) ?? throw Unknown("skill", skill));
            foreach (var language in languages ?? []) agent.Languages.Add(world.Languages.Find(l => l.Id == language || l.Name == language) ?? throw Unknown("language", language));
            world.Agents.Add(agent);
            agent.Become("OFF_QUEUE", world.Now);
            if (onQueue) world.Routing.SetStatus(agent, "IDLE");
            return agent.ToView();
        }
    }

    public void SetBehavior(string agentId, AgentBehavior behavior)
    {
        lock (world.Gate) FindAgent(agentId).Behavior = behavior;
    }

    public void SetRoutingStatus(string agentId, string status)
    {
        lock (world.Gate) world.Routing.SetStatus(FindAgent(agentId), status);
    }

    /// <summary>Whether the agent is active in a queue of theirs.</summary>
    public void SetJoined(string agentId, string queueId, bool joined)
    {
        lock (world.Gate)
        {
            var (agent, queue) = (FindAgent(agentId), FindQueue(queueId));
            if (joined) agent.Joined.Add(queue);
            else agent.Joined.Remove(queue);
            world.Notifying.MembershipChanged(agent, queue);
            world.Routing.Assign();
        }
    }

    /// <param name="permissions">Null grants all.</param>
    /// <param name="anotherRegion">The client exists, but not here: the login host says its secret is wrong.</param>
    /// <param name="scopes">What its tokens carry on the guide flavor; null is all.</param>
    public ClientView AddOAuthClient(string id, string secret, IEnumerable<string>? permissions = null, int? callsPerMinute = null, bool anotherRegion = false,
        IEnumerable<string>? scopes = null)
    {
        lock (world.Gate)
        {
            world.Tokens.Register(new(id, secret, permissions?.ToHashSet(StringComparer.Ordinal), scopes?.ToHashSet(StringComparer.Ordinal), callsPerMinute ?? world.Options.CallsPerMinute, anotherRegion));
            return new(id, secret);
        }
    }

    /// <summary>A client that people sign in with: authorization code with PKCE, no secret. It may call nothing that needs a permission.</summary>
    public void AddSignInClient(string id, params IEnumerable<string> redirectUris)
    {
        lock (world.Gate)
        {
            world.Tokens.Register(new(id, "", new HashSet<string>(), null, world.Options.CallsPerMinute, false) { RedirectUris = redirectUris.ToHashSet(StringComparer.Ordinal) });
        }
    }

    /// <summary>The roles a person has in the organization, by name.</summary>
    public void SetRoles(string agentId, params IEnumerable<string> roles)
    {
        lock (world.Gate) FindAgent(agentId).Roles = [.. roles];
    }

    public void ExpireTokens()
    {
        lock (world.Gate) world.Tokens.ExpireTokens();
    }

    Queue FindQueue(string idOrName) => world.Queue(idOrName) ?? throw Unknown("queue", idOrName);

    Agent FindAgent(string idOrName) => world.Agent(idOrName) ?? throw Unknown("agent", idOrName);

    static KeyNotFoundException Unknown(string kind, string name) => new($"There is no {kind} \"{name}\" in the organization.");
}
