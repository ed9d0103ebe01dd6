using System.Text.Json;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Http;
using Baton.Genesys.Quota;

namespace Baton.Genesys.Guide;

/// <summary>
/// The guides' query for suggestions (row 004 a of the contract). It answers by callback where it has been told where to, else at once. Asking twice does no harm: the second
/// callback carries the same id of ours and changes nothing, so a broken connection is asked again like any read, as long as the deadline lets it.
/// </summary>
sealed class GuideSuggestions(GenesysApi api) : ISuggestionSource
{
    public const string SourceName = "guide";
    const string Tried = "Asking for suggestions";

    public string Name => SourceName;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var asked = question.Asked;
        var callback = asked.IsAsync ? question.CallbackUrl : null;
        var query = new GuideSuggestionsQuery(asked.ConversationId, asked.Transcript, asked.AgentSkills, asked.KnowledgeSourceIds, callback, callback is not null);
        var reply = await api.QueryAsync("agentassist/suggestions/query", query, GuideJson.Default.GuideSuggestionsQuery, Tried, GuideJson.Default.JsonElement,
            CallPurpose.Suggest, CallFor.Nobody, QuotaBucket.Suggestions, ct);
        return Read(reply, isCalledBack: callback is not null);
    }

    static SourceAnswer Read(JsonElement reply, bool isCalledBack)
    {
        var (id, status) = (reply.Member("id").Text(), reply.Member("status").Text());
        if (Is(status, "failed")) throw new ContactCenterException(FailureKind.Unavailable, $"{Tried}: the platform answered that it failed.");
        if (Is(status, "completed")) return SuggestionsIn(reply.Member("suggestions"));
        if (id is null && status is null) throw new ContactCenterException(FailureKind.MalformedReply, $"{Tried}: the platform answered 200 with neither id nor status.");
        return isCalledBack
            ? new SourceAnswer.Later(id)
            : throw new ContactCenterException(FailureKind.MalformedReply, $"{Tried}: the platform was asked to answer at once and has not; no callback was asked for.");
    }

    static bool Is(string? status, string word) => string.Equals(status, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Row 004 b: <c>[{id, title, content, confidence, knowledgeSourceId, metadata: {tags}}]</c>, in the order they came.</summary>
    public static SourceAnswer.Found SuggestionsIn(JsonElement? suggestions)
    {
        var tally = new CandidateTally();
        tally.Each(suggestions, "suggestion", (entry, name) => ReadOne(entry, name, tally));
        return tally.Found;
    }

    static void ReadOne(JsonElement entry, string name, CandidateTally tally)
    {
        if (entry.Member("id").Text() is not { } id) tally.Pass($"{name} has no id.");
        else if (entry.Member("knowledgeSourceId").Text() is not { } source) tally.Pass($"{name} has no knowledgeSourceId.");
        else if (entry.Member("content").Text() is not { } content) tally.Pass($"{name} has no content.");
        else if (entry.Member("confidence").Share() is not { } confidence) tally.Pass($"{name}: confidence is not a number from 0 to 1.");
        else
        {
            tally.Take(new Candidate(SourceName, id, entry.Member("title").Text() ?? Beginning(content), content, confidence, source) { Tags = TagsOf(entry.Member("metadata").Member("tags"), name, tally) }, name);
        }
    }

    /// <summary>Without its tags a suggestion can lose its bonus, and that is all; it is not given up for them.</summary>
    static IReadOnlyList<string> TagsOf(JsonElement? tags, string name, CandidateTally tally)
    {
        if (tags is null) return [];
        if (tags is { ValueKind: JsonValueKind.String } && tags.Text() is { } single) return [single];
        var texts = tags.Items().Where(t => t.ValueKind == JsonValueKind.String).Select(t => ((JsonElement?)t).Text()).OfType<string>().ToList();
        if (tags is not { ValueKind: JsonValueKind.Array } || texts.Count < tags.Items().Count()) tally.NoteOnce($"{name}: metadata.tags is not a list of texts; it was taken without those that are none.");
        return texts;
    }

    static string Beginning(string content)
    {
        const int Longest = 80;
        var line = content.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        if (line.Length <= Longest) return line.ToString();
        return line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)].ToString();
    }
}
