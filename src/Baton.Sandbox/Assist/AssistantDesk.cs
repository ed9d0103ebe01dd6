using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Events;
using Baton.Sandbox.Knowledge;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox.Assist;

/// <summary>
/// Assistants listen to the conversations of their queue's agents: when one accepts they read the customer's last turns, then each message. What they find comes a while later,
/// if the agent is still there. Platform flavor.
/// </summary>
sealed class AssistantDesk(World world)
{
    public void Accepted(Conversation conversation, Leg agent)
    {
        if (agent.Queue?.Assistant is not { } assistant) return;
        var turns = conversation.Messages.Where(m => m.IsInbound).TakeLast(assistant.Behavior.Turns).ToList();
        if (turns.Count > 0) Look(conversation, new(assistant, agent, turns[^1], string.Join(' ', turns.Select(t => t.Text)), "ConversationTransfer"));
    }

    public void Heard(Conversation conversation, Message message)
    {
        if (message.IsInbound && conversation.Agent is { Queue.Assistant: { } assistant } agent) Look(conversation, new(assistant, agent, message, message.Text, "Fallback"));
    }

    void Look(Conversation conversation, Cue cue)
    {
        if (world.Options.Flavor != SandboxFlavor.Platform) return;
        var struck = world.Faults.DrawForMaking(conversation.Id, inCallback: false, SuggestionEvents.KnowledgeSearch.Replace("{id}", conversation.Id, StringComparison.Ordinal));
        world.NoteFaults(struck, conversation.Id);
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsNever)) return;
        var late = TimeSpan.FromMilliseconds(struck.FirstOrDefault(f => f.Kind == FaultKind.SuggestionsLate)?.Milliseconds ?? 0);
        world.Agenda.After(cue.Assistant.Behavior.SuggestsAfter + late, () => Suggest(conversation, cue, struck));
    }

    void Suggest(Conversation conversation, Cue cue, IReadOnlyList<Fault> struck)
    {
        if (!cue.Agent.IsConnected) return;
        if (struck.Any(f => f.Kind == FaultKind.SuggestionsFailed))
        {
            Make(conversation, cue, null, null);
            return;
        }
        var behavior = cue.Assistant.Behavior;
        var found = world.Knowledge.Search(cue.Statement, cue.Assistant.Reads).Where(m => m.Confidence >= behavior.MinConfidence).Take(behavior.AtMost).ToList();
        var searchId = conversation.AssistChance.NextId();
        var times = struck.Any(f => f.Kind == FaultKind.SuggestionsTwice) ? 2 : 1;
        for (var time = 0; time < times; time++)
            foreach (var match in found) Make(conversation, cue, match, searchId);
    }

    void Make(Conversation conversation, Cue cue, Match? found, string? searchId)
    {
        var suggestion = new Suggestion(conversation.AssistChance.NextId(), conversation.Suggestions.Count + 1, cue, world.Now)
        {
            Found = found,
            SearchId = searchId,
            State = found is null ? "Failed" : "Suggested",
        };
        conversation.Suggestions.Add(suggestion);
        world.Ledger.Append(Entry(LedgerKind.SuggestionMade, conversation, suggestion) with { Detail = found?.Article.Id ?? "failed" });
        world.Events.Suggested(conversation, suggestion);
    }

    /// <summary>The last word counts. Opening decides nothing, and a failed suggestion stays one.</summary>
    public void Engage(Conversation conversation, Suggestion suggestion, string type, string? rating, string? client)
    {
        suggestion.EngagementType = type;
        suggestion.Rating = rating ?? suggestion.Rating;
        suggestion.State = (type, suggestion.State) switch
        {
            (_, "Failed") => "Failed",
            ("Dismissed", _) => "Dismissed",
            ("Copied", _) => "Accepted",
            ("Feedback", _) => "Rated",
            (_, var asItWas) => asItWas,
        };
        world.Ledger.Append(Entry(LedgerKind.SuggestionEngaged, conversation, suggestion) with { Client = client, Detail = rating is null ? type : $"{type} {rating}" });
        world.Events.Suggested(conversation, suggestion);
    }

    public void Replace(Conversation conversation, Suggestion suggestion, JsonObject thirdParty, string? client)
    {
        suggestion.ThirdParty = thirdParty;
        world.Ledger.Append(Entry(LedgerKind.SuggestionReplaced, conversation, suggestion) with { Client = client });
        world.Events.Suggested(conversation, suggestion);
    }

    static LedgerEntry Entry(LedgerKind kind, Conversation conversation, Suggestion suggestion) => new()
    {
        Kind = kind,
        ConversationId = conversation.Id,
        QueueId = suggestion.Cue.Agent.Queue?.Id,
        UserId = suggestion.Cue.Agent.Agent?.Id,
        MessageId = suggestion.Cue.Message.Id,
        SuggestionId = suggestion.Id,
    };
}
