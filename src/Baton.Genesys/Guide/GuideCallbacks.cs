using System.Text.Json;
using Baton.Core.Assist;
using Baton.Genesys.Http;

namespace Baton.Genesys.Guide;

/// <summary>What the guides' platform posts to our address (row 004 b of the contract).</summary>
sealed class GuideCallbacks : ISuggestionCallbacks
{
    const int LongestStatus = 40;

    public string Source => GuideSuggestions.SourceName;

    public CallbackReply? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var callback = document.RootElement;
            if (callback.ValueKind != JsonValueKind.Object) return null;
            var status = (callback.Member("status").Text() ?? "").Trim().ToLowerInvariant();
            return new CallbackReply(
                callback.Member("id").Text(),
                status.Length > LongestStatus ? status[..LongestStatus] : status,
                status == "completed" ? GuideSuggestions.SuggestionsIn(callback.Member("suggestions")) : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
