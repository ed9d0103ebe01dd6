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
        var address = later ? CallbackAddress(call) : null;
        var conversation = call.KnownConversation(conversationId);

        var id = $"sug-req-{conversation.Chance.NextId()}";
        var found = GuideSuggestion.Find(call.World, transcript, sources);
        var suggestions = GuideSuggestion.Render(found, call.ContentFaults(conversation.Id, SuggestionDesk.Topic));
        if (address is null) return Answer.Ok(Json.Object(("id", id), ("status", "completed"), ("suggestions", suggestions)));
        var overtaken = call.World.Suggesting.PromiseAsync(conversation, new(id, address, suggestions), call.Request.Path);
        return Answer.Ok(Json.Object(("id", id), ("status", "queued"), ("callbackUrl", address.OriginalString), ("createdTimestamp", call.Now.Text()))) with { Before = overtaken };
    }

    /// <summary>It is posted to exactly as it was written, its query included.</summary>
    static Uri CallbackAddress(Call call)
    {
        var text = call.RequiredText("callbackUrl");
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        if (!text.All(c => c is > ' ' and < '\x7f') || !Uri.TryCreate(text, asWritten, out var address) || !address.IsAbsoluteUri || !IsReachable(address))
            throw GuideCalls.Invalid("callbackUrl", "The field callbackUrl is not an absolute https address; http is for loopback only.");
        if (address.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal))
            throw GuideCalls.Invalid("callbackUrl", "The field callbackUrl has credentials or a fragment in it.");
        return address;
    }

    static bool IsReachable(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
