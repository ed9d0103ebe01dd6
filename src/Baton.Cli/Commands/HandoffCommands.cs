using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Core;
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
                By = Environment.UserName,
                Guest = Configuration.Maybe(parsed.GetValue(guest), "GENESYS_GUEST_ID"),
                Queue = parsed.GetValue(queue),
                UsualQueue = Configuration.Maybe(null, "GENESYS_QUEUE_ID"),
                Participant = Configuration.Maybe(parsed.GetValue(participant), "GENESYS_PARTICIPANT_ID"),
                Anyway = parsed.GetValue(anyway),
                Message = parsed.GetValue(message),
                Skills = parsed.GetValue(skills)!,
                Priority = parsed.GetValue(priority),
                Reason = parsed.GetValue(reason),
                IdempotencyKey = parsed.GetValue(key),
            };
            if (ask.Fault(system.Settings.Genesys.Flavor, Flag) is { } fault) throw new UsageException(fault.Sentence);
            var reply = await new HandoffDesk(system, read => Patience.OutAsync(system, read, ct)).StartAsync(ask, ct);
            if (reply is HandoffReply.NotDecided { Decision: var decision })
            {
                output.Answer(JsonNode.Parse(decision.ToJson()), () => output.Line(decision.Explain()));
                return Refuse($"The policy does not hand this conversation off; {(ask.Guest is null ? "--queue QUEUE" : "--queue QUEUE --anyway")} does it anyway.");
            }
            return await AnswerAsync(system, reply, parsed.GetValue(follow), output, ct);
        }, conversation, queue, participant, guest, anyway, message, skills, priority, reason, key, follow);
    }

    static string Flag(string field) => field switch
    {
        "queue" => "--queue QUEUE",
        "skills" => "--skill",
        _ => $"--{field}",
    };

    static async Task<int> AnswerAsync(BatonSystem system, HandoffReply reply, bool follow, Out output, CancellationToken ct)
    {
        if (reply is HandoffReply.Refused refused) return Refuse(refused.Sentence);
        var (handoff, outcome) = (HandoffReply.Known)reply;
        output.Line(outcome switch
        {
            StartOutcome.AlreadyLive => $"The conversation has a live handoff already: {handoff.Id}.",
            StartOutcome.SameRequest => $"The same request started {handoff.Id} before.",
            _ => $"Handoff {handoff.Id} requested to {handoff.CurrentStep.Queue}.",
        });
        return await WaitAsync(system, handoff.Id, follow, output, ct);
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
            Out.Table(["time", "state", "what", "asked of the platform", "note"], history.Select(s => (IReadOnlyList<string>)[$"{s.At:yyyy-MM-dd HH:mm:ss.fff}", s.State.ToString(), s.What,
                string.Join(", ", s.Calls.Select(c => $"{c.Method} {c.Status?.ToString() ?? "no answer"}")), s.Note ?? ""]));
        });
        return ExitCodes.Done;
    }, Id);

    static Command Cancel() => Verb.WithStore("cancel", "Call a handoff off, as long as nothing has been sent.", async (parsed, store, settings, output, ct) =>
    {
        var handoff = await FindAsync(store, parsed.GetValue(Id)!, ct);
        switch (await HandoffDesk.CancelAsync(store, settings, handoff.Id, Environment.UserName, TimeProvider.System, ct))
        {
            case HandoffReply.Known { Handoff: var canceled }:
                output.Answer(Json(canceled), () => output.Line($"Handoff {canceled.Id} is canceled; the bot keeps the conversation."));
                return ExitCodes.Done;
            case HandoffReply.Refused refused:
                return Refuse(refused.Sentence);
            default:
                return Refuse($"Handoff {handoff.Id} is not in the store any more.");
        }
    }, Id);

    static Command Retry()
    {
        var follow = new Option<bool>("--follow") { Description = "Wait for the outcome, not only for the confirmed transfer" };
        return Verb.WithSystem("retry", "Start a handoff that has ended once more: the same conversation and plan, a new handoff.", async (parsed, system, output, ct) =>
        {
            var ended = await FindAsync(system.Store, parsed.GetValue(Id)!, ct);
            return await AnswerAsync(system, await new HandoffDesk(system).RetryAsync(ended, Environment.UserName, ct), parsed.GetValue(follow), output, ct);
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
