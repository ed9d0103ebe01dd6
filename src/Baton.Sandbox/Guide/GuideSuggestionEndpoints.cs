using Baton.Sandbox.Conversations;
using Baton.Sandbox.Http;
using Baton.Sandbox.Timing;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>Row 004 a of the contract.</summary>
static class GuideSuggestionEndpoints
{
    const int MaxTranscript = 5000;
    const int MaxSources = 10;

    public static void MapGuideSuggestions(this ApiRoutes api, SandboxOptions options) =>
        api.Scoped("POST", "/agentassist/suggestions/query", GuideScopes.SuggestionsRead, Query,
            new Bucket("agent.assistant", "agentassist.suggestions.rate.per.minute", options.SuggestionsPerMinute));

    static Answer Query(Call call)
    {
        var conversationId = call.RequiredText("conversationId");
        var transcript = call.RequiredText("transcript");
        if (transcript.Length > MaxTranscript) throw GuideCalls.Invalid("transcript", $"The field transcript is longer than {MaxTranscript} characters.");
        call.OptionalTexts("agentSkills");
        var sources = call.OptionalTexts("knowledgeSourceIds") ?? throw GuideCalls.Missing("knowledgeSourceIds");
        if (sources.Count is 0 or > MaxSources) throw GuideCalls.Invalid("knowledgeSourceIds", $"The field knowledgeSourceIds has {sources.Count} entries; allowed are 1 to {MaxSources}.");
        var later = call.Flag("async") ?? true;
        var callback = later ? CallbackOf(call) : null;
        var conversation = call.KnownConversation(conversationId);

        var id = $"sug-req-{conversation.Chance.NextId()}";
        var suggestions = KnowledgeShelf.Suggest(transcript, sources);
        if (callback is null) return Answer.Ok(Json.Object(("id", id), ("status", "completed"), ("suggestions", Json.Array(suggestions, s => s.Render()))));
        call.World.Suggesting.Promise(conversation, id, callback, suggestions);
        return Answer.Ok(Json.Object(("id", id), ("status", "queued"), ("callbackUrl", callback.OriginalString), ("createdTimestamp", call.Now.Text())));
    }

    static Uri CallbackOf(Call call) =>
        Uri.TryCreate(call.RequiredText("callbackUrl"), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw GuideCalls.Invalid("callbackUrl", "The field callbackUrl is not an absolute http or https address.");
}
