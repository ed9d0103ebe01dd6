using System.Text.Json.Nodes;
using Baton.Sandbox.Conversations;
using Baton.Sandbox.Knowledge;

namespace Baton.Sandbox.Assist;

sealed class Suggestion(string id, int number, Cue cue, DateTimeOffset created)
{
    public static readonly string[] Types = ["Faq", "Article", "KnowledgeArticle", "KnowledgeSearch", "CannedResponse", "Script", "SuggestedKnowledgeAnswer", "ThirdPartySuggestion"];
    public static readonly string[] States = ["Suggested", "Accepted", "Dismissed", "Failed", "Rated"];

    public string Id { get; } = id;

    /// <summary>Its place among those of the conversation, from 1.</summary>
    public int Number { get; } = number;
    public Cue Cue { get; } = cue;
    public DateTimeOffset Created { get; } = created;

    /// <summary>Null when it failed.</summary>
    public Match? Found { get; init; }
    public string? SearchId { get; init; }
    public string State { get; set; } = "Suggested";
    public string? EngagementType { get; set; }
    public string? Rating { get; set; }

    /// <summary>What somebody else's system put in its place.</summary>
    public JsonObject? ThirdParty { get; set; }

    public string Type => ThirdParty is null ? "KnowledgeSearch" : "ThirdPartySuggestion";

    public SuggestionView ToView()
    {
        var found = ThirdParty is null ? Found : null;
        return new(Id, found?.Article.Id, found?.Article.Title, found?.Confidence, State, EngagementType, Rating, Created);
    }
}

/// <summary>What made an assistant look something up.</summary>
/// <param name="Statement">What it asked for.</param>
sealed record Cue(Assistant Assistant, Leg Agent, Message Message, string Statement, string TriggerType);
