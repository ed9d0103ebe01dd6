using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Sandbox;

namespace Baton.Cli.Demo;

/// <summary>Plays one conversation: the customer and the bot in the sandbox, the bot's reports to Baton, and the customer's patience.</summary>
sealed class Player(DemoWorld world, Scenario scenario, int number, int seed)
{
    static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    readonly Random random = new(seed * 7919 + number);
    readonly List<DeskVisit> visits = [];
    string conversation = "";
    BotReports bot = null!;

    public async Task<Played> PlayAsync(TimeSpan startsAt, CancellationToken ct)
    {
        await Task.Delay(startsAt, world.Time, ct);
        Begin(new GuestProfile($"Guest {number + 1}", scenario.Attributes));
        DecisionOutcome? last = null;
        string? reason = null;
        var handedOff = new List<HandoffId>();
        for (var i = 0; i < scenario.Steps.Count; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1500, 5000)), world.Time, ct);
            switch (scenario.Steps[i])
            {
                case DemoStep.Customer said:
                    if (IsWritten) world.Sandbox.Organization.GuestSays(conversation, said.Text);
                    var answer = await TellAsync(Speaker.Customer, said, ct);
                    (last, reason) = (answer.Outcome, answer.Reasons.Count > 0 ? answer.Reasons[0] : null);
                    if (answer.Handoff is not { } id) continue;
                    handedOff.Add(id);
                    // The bot holds its tongue; what the customer sees from now on comes from Baton and the agent.
                    var rest = i + 1 < scenario.Steps.Count ? scenario.Steps[i + 1] : null;
                    if (!await WaitOutAsync(id, rest, ct)) return await EndAsync(last, reason, handedOff, ct);
                    i++;
                    break;
                case DemoStep.Bot said:
                    if (IsWritten) world.Sandbox.Organization.BotSays(conversation, said.Text);
                    var after = await TellAsync(Speaker.Bot, new DemoStep.Customer(said.Text), ct);
                    if (after.Handoff is { } fromBot)
                    {
                        (last, reason) = (after.Outcome, after.Reasons.Count > 0 ? after.Reasons[0] : null);
                        handedOff.Add(fromBot);
                        await WaitOutAsync(fromBot, null, ct);
                        return await EndAsync(last, reason, handedOff, ct);
                    }
                    break;
                case DemoStep.SomebodyElseTransfers other:
                    // The customer writes in the same moment; what the flow does is under way and not yet to be seen in the queue.
                    world.Sandbox.Organization.OtherSystemTransfers(conversation, other.Queue);
                    if (i + 1 < scenario.Steps.Count && scenario.Steps[i + 1] is DemoStep.Customer inTheSameMoment)
                    {
                        world.Sandbox.Organization.GuestSays(conversation, inTheSameMoment.Text);
                        var late = await TellAsync(Speaker.Customer, inTheSameMoment, ct);
                        (last, reason) = (late.Outcome, late.Reasons.Count > 0 ? late.Reasons[0] : null);
                        if (late.Handoff is { } refused) handedOff.Add(refused);
                        i++;
                        await UntilAsync(() => world.Sandbox.Organization.Conversation(conversation).EndTime is not null, ct);
                        return await EndAsync(last, reason, handedOff, ct);
                    }
                    break;
            }
        }
        return await EndAsync(last, reason, handedOff, ct);
    }

    bool IsWritten => scenario.Media == Core.Conversations.Media.Message;

    void Begin(GuestProfile profile)
    {
        if (IsWritten)
        {
            var started = world.Sandbox.Organization.StartConversation(profile, null);
            conversation = started.ConversationId;
            bot = new BotReports(world, scenario, conversation, started.GuestId);
        }
        else
        {
            conversation = world.Sandbox.Organization.StartCall(profile).ConversationId;
            bot = new BotReports(world, scenario, conversation, null);
        }
    }

    /// <summary>True: the conversation is back with the bot and goes on. False: it is over for the bot.</summary>
    async Task<bool> WaitOutAsync(HandoffId id, DemoStep? next, CancellationToken ct)
    {
        var desk = SitDownAsync(id, ct);
        var isBack = await WaitOutOnlyAsync(id, next, ct);
        await desk;
        return isBack;
    }

    /// <summary>The agent who accepts asks for suggestions as soon as the conversation is there.</summary>
    async Task SitDownAsync(HandoffId id, CancellationToken ct)
    {
        await UntilAsync(async () => (await FindAsync(id, ct)).State is HandoffState.WithAgent || (await FindAsync(id, ct)).State.IsFinal(), ct);
        if (await FindAsync(id, ct) is { State: HandoffState.WithAgent, AgentId: { } agent })
            visits.Add(await new DemoDesk(world, new Random(seed * 104_729 + number)).AssistAsync(conversation, agent, ct));
    }

    async Task<bool> WaitOutOnlyAsync(HandoffId id, DemoStep? next, CancellationToken ct)
    {
        switch (next)
        {
            case DemoStep.LeavesAfterHandoff leaves:
                await Task.Delay(leaves.After, world.Time, ct);
                if (world.Sandbox.Organization.Conversation(conversation).EndTime is null) world.Sandbox.Organization.GuestLeaves(conversation);
                break;
            case DemoStep.AgentReturnsToBot back:
                await UntilAsync(async () => (await FindAsync(id, ct)).State is HandoffState.WithAgent || (await FindAsync(id, ct)).State.IsFinal(), ct);
                await Task.Delay(back.After, world.Time, ct);
                world.Sandbox.Organization.AgentReturnsToBot(conversation);
                await UntilAsync(async () => (await FindAsync(id, ct)).State.IsFinal(), ct);
                return true;
        }
        await UntilAsync(async () => (await FindAsync(id, ct)) is { Todo: Todo.None } h && h.State.IsFinal(), ct);
        return false;
    }

    async Task<Played> EndAsync(DecisionOutcome? last, string? reason, List<HandoffId> handedOff, CancellationToken ct)
    {
        foreach (var id in handedOff) await UntilAsync(async () => (await FindAsync(id, ct)) is { Todo: Todo.None } h && h.State.IsFinal(), ct);
        await Task.Delay(TimeSpan.FromSeconds(2), world.Time, ct);
        if (world.Sandbox.Organization.Conversation(conversation).EndTime is null) world.Sandbox.Organization.GuestLeaves(conversation);
        var handoffs = new List<Handoff>();
        foreach (var id in handedOff) handoffs.Add(await FindAsync(id, ct));
        return new Played(scenario, conversation, last ?? DecisionOutcome.Stay, reason, handoffs) { Visits = visits };
    }

    async Task<Handoff> FindAsync(HandoffId id, CancellationToken ct) => await world.Baton.Store.FindHandoffAsync(id, ct) ?? throw new InvalidOperationException($"{id} is lost.");

    Task UntilAsync(Func<bool> holds, CancellationToken ct) => UntilAsync(() => Task.FromResult(holds()), ct);

    async Task UntilAsync(Func<Task<bool>> holds, CancellationToken ct)
    {
        while (!await holds()) await Task.Delay(Glance, world.Time, ct);
    }

    Task<BotAnswer> TellAsync(Speaker from, DemoStep.Customer said, CancellationToken ct) => bot.TellAsync(from, said, ct);
}

/// <summary>What came of a conversation.</summary>
sealed record Played(Scenario Scenario, string ConversationId, DecisionOutcome Decision, string? Reason, IReadOnlyList<Handoff> Handoffs)
{
    /// <summary>What the agents who took it were suggested, and did with it.</summary>
    public IReadOnlyList<DeskVisit> Visits { get; init; } = [];
}
