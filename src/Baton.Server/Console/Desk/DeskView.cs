using Baton.Core;
using Baton.Core.Assist;
using Baton.Core.Conversations;
using Baton.Core.Handoffs;

namespace Baton.Server.Console.Desk;

/// <summary>One conversation as the agent who has it sees it (guide 004, "the unified interface"): the briefing, what was said, what might be answered.</summary>
public sealed record DeskView(string ConversationId, DeskStage Stage)
{
    const int MostRequests = 10;

    /// <summary>Null: nothing of the conversation is stored.</summary>
    public Conversation? Conversation { get; init; }

    /// <summary>The newest; null when it was never handed off.</summary>
    public Handoff? Handoff { get; init; }
    public IReadOnlyDictionary<string, string> Briefing { get; init; } = new Dictionary<string, string>();

    /// <summary>In the order offered. What comes later stands behind what an agent may be reading.</summary>
    public IReadOnlyList<Suggestion> Suggestions { get; init; } = [];

    /// <summary>The newest request for suggestions; null when there was none.</summary>
    public AssistRequest? Asked { get; init; }

    /// <summary>How each source does in it.</summary>
    public IReadOnlyList<SourceView> Sources { get; init; } = [];

    /// <summary>The newest request is answered, and all that it brought stood here already.</summary>
    public bool BroughtNothingNew { get; init; }

    /// <summary>What asking now would ask.</summary>
    public AssistQuestion? Question { get; init; }

    /// <summary>Why nothing can be asked now, as a sentence; null when it can.</summary>
    public string? WhyNotAsked { get; init; }

    public string? CustomerName => Conversation?.Participants.LastOrDefault(p => p.Role == ParticipantRole.Customer && p.Name is not null)?.Name;

    /// <summary>An agent who sits down to a conversation nobody asked for has not to ask.</summary>
    public bool AsksByItself => Stage == DeskStage.WithAgent && Asked is null && WhyNotAsked is null;

    public bool IsAsking => Asked is { IsOpen: true };

    internal static async Task<DeskView> ReadAsync(string id, string agent, BatonSystem system, CancellationToken ct)
    {
        var store = system.Store;
        var conversation = await store.FindConversationAsync(id, ct);
        var handoff = await store.ListHandoffsAsync(new HandoffFilter { ConversationId = id, Limit = 1 }, ct) is [var newest] ? await system.NamedAsync(newest, ct) : null;
        var requests = await store.ListAssistAsync(new AssistFilter { ConversationId = id, Limit = MostRequests }, ct);
        var stage = StageOf(conversation, handoff, await store.FindOwnerAsync(id, ct), requests.Count > 0);
        if (stage is DeskStage.Unknown or DeskStage.Erased) return new DeskView(id, stage) { Conversation = conversation, Handoff = handoff };
        var offered = new List<Suggestion>();
        foreach (var request in requests.Reverse()) offered.AddRange(await store.SuggestionsOfAsync(request.Id, ct));
        var shown = Shown(offered);
        var asked = requests.Count > 0 ? requests[0] : null;
        var question = QuestionOf(id, conversation, handoff, agent, system.Settings.Assist);
        return new DeskView(id, stage)
        {
            Conversation = conversation,
            Handoff = handoff,
            Briefing = handoff is null ? new Dictionary<string, string>() : Core.Briefings.Briefing.Write(handoff, conversation),
            Suggestions = shown,
            Asked = asked,
            Sources = asked is null ? [] : SourceView.Of(asked, [.. system.Assist.Sources.Select(s => s.Name)]),
            BroughtNothingNew = asked is { IsOpen: false } && offered.Any(s => s.RequestId == asked.Id) && !shown.Any(s => s.RequestId == asked.Id),
            Question = question,
            WhyNotAsked = WhyNot(stage, question, system),
        };
    }

    static DeskStage StageOf(Conversation? conversation, Handoff? handoff, ConversationOwner? owner, bool wasAsked)
    {
        if (conversation is null && handoff is null && !wasAsked) return DeskStage.Unknown;
        if (conversation is { Turns.Count: > 0 } && conversation.Turns.All(t => t.Text.Length == 0)) return DeskStage.Erased;
        return handoff?.State switch
        {
            HandoffState.WithAgent => DeskStage.WithAgent,
            HandoffState.Requested or HandoffState.Transferring or HandoffState.Queued => DeskStage.Waiting,
            _ when conversation?.EndedAt is not null || owner?.Owner.Kind == OwnerKind.Nobody => DeskStage.Ended,
            _ when owner?.Owner.Kind == OwnerKind.Agent => DeskStage.WithAgent,
            _ when owner?.Owner.Kind == OwnerKind.Queue => DeskStage.Waiting,
            _ => DeskStage.WithBot,
        };
    }

    // An article that stands there is not shown a second time, whichever request brings it again; one that was put away stays away.
    static List<Suggestion> Shown(List<Suggestion> offered)
    {
        var shown = new List<Suggestion>();
        foreach (var one in offered)
            if (!shown.Exists(s => s.Subject == one.Subject && s.State != SuggestionState.Expired)) shown.Add(one);
        return shown;
    }

    /// <summary>The agent's skills are those in the settings; else those for which the conversation was routed to somebody who has them.</summary>
    static AssistQuestion QuestionOf(string id, Conversation? conversation, Handoff? handoff, string agent, AssistSettings settings) =>
        new AssistQuestion(id, conversation is null ? "" : AssistQuestion.TranscriptOf(conversation))
        {
            AgentId = agent,
            AgentSkills = settings.AgentSkills.GetValueOrDefault(agent) ?? handoff?.CurrentStep.Skills ?? [],
            KnowledgeSourceIds = settings.KnowledgeSourceIds.Count > 0 || settings.Local is not { } local ? settings.KnowledgeSourceIds : [local.Id],
        }.Tail().Question;

    static string? WhyNot(DeskStage stage, AssistQuestion question, BatonSystem system)
    {
        if (stage == DeskStage.Ended) return "The conversation has ended.";
        if (system.Assist.Sources.Count == 0 || question.KnowledgeSourceIds.Count == 0) return "No knowledge is set up to suggest from (Assist:Local:Folder, Assist:KnowledgeSourceIds).";
        if (question.Transcript.Length == 0) return "Nothing has been said yet that could be asked with.";
        return question.Check(_ => null) is [var fault, ..] ? fault.Sentence : null;
    }
}

/// <summary>Where the conversation is, as far as it matters at a desk.</summary>
public enum DeskStage
{
    /// <summary>Nothing is known of it, perhaps not yet.</summary>
    Unknown,
    WithBot,
    Waiting,
    WithAgent,
    Ended,

    /// <summary>The customer's words were deleted.</summary>
    Erased,
}
