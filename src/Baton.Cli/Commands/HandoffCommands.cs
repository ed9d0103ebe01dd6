using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Briefings;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using Baton.Server;

namespace Baton.Cli.Commands;

static class HandoffCommands
{
    public static Command Create() => new("handoff", "Hand a conversation to a human, and see what became of it.") { Start(), List(), Show(), Cancel(), Retry() };

    static readonly Argument<string> Id = new("HANDOFF") { Description = "The handoff's id (ho_...)" };

    static Command Start()
    {
        var conversation = new Argument<string?>("CONVERSATION") { Description = "The conversation's id (else GENESYS_CONVERSATION_ID)", Arity = ArgumentArity.ZeroOrOne };
        var queue = new Option<string?>("--queue") { Description = "Hand off to this queue (name or id), whatever the policy decides; its fallback list and messages still hold. GENESYS_QUEUE_ID, and either with --guest, only says where: the policy decides whether" };
        var participant = new Option<string?>("--participant") { Description = "The bot's leg (else GENESYS_PARTICIPANT_ID): nothing is sent when another one holds the conversation. Usually left out, it is read" };
        var guest = new Option<string?>("--guest") { Description = "The conversation's guest (guide 003; else GENESYS_GUEST_ID): its history goes into the briefing, and where no policy is configured 'escalate' decides" };
        var anyway = new Option<bool>("--anyway") { Description = "Hand off to the queue whatever the policy decides; needed with --guest or GENESYS_QUEUE_ID" };
        var message = new Option<string?>("--message") { Description = "What the customer is told when the transfer has happened, in place of the policy's message" };
        var skills = new Option<string[]>("--skill") { Description = "A skill the agent must have; may be repeated", DefaultValueFactory = _ => [] };
        var priority = new Option<int?>("--priority") { Description = $"1 (low) to 10 (high); {RouteStep.UsualPriority} is usual" };
        var reason = new Option<string?>("--reason") { Description = "What the agent reads as the reason" };
        var key = new Option<string?>("--idempotency-key") { Description = "The same key starts it once, however often the command is run" };
        var follow = new Option<bool>("--follow") { Description = "Wait for the outcome, not only for the confirmed transfer" };
        return Verb.WithSystem("start", "Hand a conversation off and wait until the platform has confirmed it. A conversation has one live handoff: a second start answers with the first.", async (parsed, system, output, ct) =>
        {
            var ask = new HandoffAsk(Configuration.Given(parsed.GetValue(conversation), "CONVERSATION", "GENESYS_CONVERSATION_ID"))
            {
                Guest = Configuration.Maybe(parsed.GetValue(guest), "GENESYS_GUEST_ID"),
                Queue = parsed.GetValue(queue),
                Participant = Configuration.Maybe(parsed.GetValue(participant), "GENESYS_PARTICIPANT_ID"),
                Anyway = parsed.GetValue(anyway),
                Message = parsed.GetValue(message),
                Skills = parsed.GetValue(skills)!,
                Priority = parsed.GetValue(priority),
                Reason = parsed.GetValue(reason),
            };
            ask.Check(system.Settings.Genesys.Flavor);
            if (await system.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = ask.ConversationId, LiveOnly = true, Limit = 1 }, ct) is [var live])
            {
                output.Line($"The conversation has a live handoff already: {live.Id}.");
                return await WaitAsync(system, live.Id, parsed.GetValue(follow), output, ct);
            }
            // Read first: unknown and ended conversations, unknown guests and wrong credentials are answered before anything is stored.
            var read = await Patience.OutAsync(system, () => system.Center.ReadTranscriptAsync(ask.ConversationId, CallFor.Nobody, ct), ct) with { GuestId = ask.Guest };
            if (read.EndedAt is not null) return Refuse($"Conversation {read.Id} has ended; there is nobody to hand off.");
            if (ask.WhyNotTheLeg(read) is { } why) return Refuse(why);
            var policy = ask.Guest is not null && !system.Settings.IsPolicyGiven ? PolicyPresets.Load(HandoffAsk.GuestPolicy) : system.Policy.Current;
            var now = system.Time.GetUtcNow();
            var decision = ask.PolicyDecides ? policy.Decide(read, RoutingSnapshot.Unknown, now) : null;
            if (decision is not null && decision.Outcome != DecisionOutcome.HandOff)
            {
                output.Answer(JsonNode.Parse(decision.ToJson()), () => output.Line(decision.Explain()));
                return Refuse($"The policy does not hand this conversation off; {(ask.Guest is null ? "--queue QUEUE" : "--queue QUEUE --anyway")} does it anyway.");
            }
            var plan = ask.PlanOf(decision, policy);
            var welcome = ask.Guest is { } known ? Briefing.Welcome(await Patience.OutAsync(system, () => system.Center.ReadGuestAsync(known, read.Id, CallFor.Nobody, ct), ct), plan.Redact) : null;
            await system.Store.FoldAsync(new ConversationFold(read, [.. read.Turns]) { Decision = decision }, ct);
            var reasons = decision?.Reasons ?? [new Reason("requested", ask.Reason ?? $"Requested by {Environment.UserName}.")];
            var handoff = Handoff.Request(system.NewId(now), read.Id, plan, new HandoffOrigin(decision is null ? Environment.UserName : "policy", reasons, decision?.Policy), now)
                with
            { GuestId = ask.Guest, Welcome = welcome };
            return await RequestAsync(system, handoff, parsed.GetValue(key), parsed.GetValue(follow), output, ct);
        }, conversation, queue, participant, guest, anyway, message, skills, priority, reason, key, follow);
    }

    static async Task<int> RequestAsync(BatonSystem system, Handoff requested, string? key, bool follow, Out output, CancellationToken ct)
    {
        var start = await system.Store.StartHandoffAsync(requested, key, ct);
        switch (start.Outcome)
        {
            case StartOutcome.KeyReused:
                return Refuse($"The idempotency key was used for handoff {start.Handoff.Id} of conversation {start.Handoff.ConversationId}; nothing was started.");
            case StartOutcome.AlreadyLive:
                output.Line($"The conversation has a live handoff already: {start.Handoff.Id}.");
                break;
            case StartOutcome.SameRequest:
                output.Line($"The same request started {start.Handoff.Id} before.");
                break;
            default:
                output.Line($"Handoff {start.Handoff.Id} requested to {start.Handoff.CurrentStep.Queue}.");
                break;
        }
        return await WaitAsync(system, start.Handoff.Id, follow, output, ct);
    }

    static async Task<int> WaitAsync(BatonSystem system, HandoffId id, bool follow, Out output, CancellationToken ct)
    {
        var handoff = await new HandoffProgress(system, output).WaitAsync(id, follow ? h => h.State.IsFinal() && h.Todo == Todo.None : IsSettled, ct);
        output.Answer(Json(handoff), () => output.Line(Sentence(handoff)));
        return handoff.State is HandoffState.Queued or HandoffState.WithAgent or HandoffState.Completed ? ExitCodes.Done : ExitCodes.RefusedOrFailed;
    }

    // Confirmed and said, or ended: what remains is following, which the next runner goes on with.
    static bool IsSettled(Handoff h) => h.State.IsFinal() ? h.Todo == Todo.None : h.State == HandoffState.WithAgent || (h.State == HandoffState.Queued && h.Todo == Todo.Follow);

    static Command List()
    {
        var state = new Option<HandoffState?>("--state") { Description = "Only those in this state" };
        var of = new Option<string?>("--conversation") { Description = "Only those of this conversation" };
        var live = new Option<bool>("--live") { Description = "Only those that have not ended" };
        var limit = new Option<int>("--limit") { Description = "How many, newest first", DefaultValueFactory = _ => 30 };
        return Verb.WithStore("list", "List handoffs, newest first.", async (parsed, store, settings, output, ct) =>
        {
            var handoffs = await store.ListHandoffsAsync(new HandoffFilter { State = parsed.GetValue(state), ConversationId = parsed.GetValue(of), LiveOnly = parsed.GetValue(live), Limit = parsed.GetValue(limit) }, ct);
            output.Answer(new JsonArray([.. handoffs.Select(Json)]), () => Out.Table(["handoff", "state", "queue", "requested", "conversation", "note"],
                handoffs.Select(h => (IReadOnlyList<string>)[h.Id.ToString(), h.State.ToString(), h.QueueName ?? h.CurrentStep.Queue, $"{h.RequestedAt:u}", h.ConversationId, h.State.IsFinal() ? h.FailureSentence ?? "" : ""])));
            return ExitCodes.Done;
        }, state, of, live, limit);
    }

    static Command Show() => Verb.WithStore("show", "A handoff with its whole history.", async (parsed, store, settings, output, ct) =>
    {
        var handoff = await FindAsync(store, parsed.GetValue(Id)!, ct);
        var history = await store.HistoryAsync(handoff.Id, ct);
        var json = Json(handoff);
        json["history"] = JsonSerializer.SerializeToNode(history, CoreJson.Default.IReadOnlyListHandoffStep);
        output.Answer(json, () =>
        {
            output.Line($"Handoff       {handoff.Id}");
            output.Line($"Conversation  {handoff.ConversationId}");
            output.Line($"State         {handoff.State}{(handoff.AgentId is null ? "" : $" (agent {handoff.AgentId})")}");
            output.Line($"Queue         {handoff.QueueName ?? handoff.CurrentStep.Queue} (step {handoff.Step + 1} of {handoff.Plan.Steps.Count})");
            output.Line($"Because       {string.Join(" ", handoff.Origin.Reasons.Select(r => r.Sentence))}");
            if (handoff.FailureSentence is not null) output.Line($"Note          {handoff.FailureSentence}");
            if (handoff is { Failure: { } kind, State: HandoffState.Failed or HandoffState.Refused }) output.Line($"What to do    {Failures.WhatToDo(kind)}");
            Out.Table(["time", "state", "what", "note"], history.Select(s => (IReadOnlyList<string>)[$"{s.At:yyyy-MM-dd HH:mm:ss.fff}", s.State.ToString(), s.What, s.Note ?? ""]));
        });
        return ExitCodes.Done;
    }, Id);

    static Command Cancel() => Verb.WithStore("cancel", "Call a handoff off, as long as nothing has been sent.", async (parsed, store, settings, output, ct) =>
    {
        while (true)
        {
            var handoff = await FindAsync(store, parsed.GetValue(Id)!, ct);
            var canceled = handoff.Apply(new HandoffEvent.CancelRequested(Environment.UserName), TimeProvider.System.GetUtcNow(), settings.Runner.Pace);
            var transition = new Outbox(settings.Deliveries.Targets).With(handoff, canceled);
            if (transition.Rejection is { } why) return Refuse(why);
            if (!transition.Changed || await store.CommitOverAsync(handoff, transition, ct))
            {
                output.Answer(Json(transition.Handoff), () => output.Line($"Handoff {handoff.Id} is canceled; the bot keeps the conversation."));
                return ExitCodes.Done;
            }
            // The runner was quicker: look at what it made of it.
        }
    }, Id);

    static Command Retry()
    {
        var follow = new Option<bool>("--follow") { Description = "Wait for the outcome, not only for the confirmed transfer" };
        return Verb.WithSystem("retry", "Start a handoff that has ended once more: the same conversation and plan, a new handoff.", async (parsed, system, output, ct) =>
        {
            var ended = await FindAsync(system.Store, parsed.GetValue(Id)!, ct);
            if (!ended.State.IsFinal()) return Refuse($"Handoff {ended.Id} has not ended ({ended.State}); there is nothing to retry.");
            if (ended.State == HandoffState.Completed) return Refuse($"Handoff {ended.Id} is completed; start a new one if the customer needs somebody again.");
            var now = system.Time.GetUtcNow();
            var again = Handoff.Request(system.NewId(now), ended.ConversationId, ended.Plan, ended.Origin with { RetryOf = ended.Id }, now);
            return await RequestAsync(system, again, $"retry-{ended.Id}", parsed.GetValue(follow), output, ct);
        }, Id, follow);
    }

    static async Task<Handoff> FindAsync(IBatonStore store, string text, CancellationToken ct)
    {
        if (!HandoffId.TryParse(text, null, out var id)) throw new UsageException($"'{text}' is not a handoff id; it looks like ho_ and 32 hex digits. 'baton handoff list' shows them.");
        return await store.FindHandoffAsync(id, ct) ?? throw new IOException($"There is no handoff {id} in this store.");
    }

    static JsonObject Json(Handoff handoff) => JsonSerializer.SerializeToNode(handoff, CoreJson.Default.Handoff)!.AsObject();

    static string Sentence(Handoff h) => h.State switch
    {
        HandoffState.Queued => $"Confirmed: the conversation waits in {h.QueueName}.",
        HandoffState.WithAgent => $"Confirmed: agent {h.AgentId} has the conversation.",
        HandoffState.Completed => "Completed: the agent's work with the customer is over.",
        _ => $"{h.State}: {h.FailureSentence}{(h.Failure is { } kind ? $" {Failures.WhatToDo(kind)}" : "")}",
    };

    static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return ExitCodes.RefusedOrFailed;
    }
}
