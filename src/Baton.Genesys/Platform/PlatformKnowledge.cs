using System.Runtime.ExceptionServices;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>
/// Searches the platform's knowledge bases for what the customer said last (genesys-api 7.4), all of them side by side. The ids of a question name every source's knowledge:
/// one that is no knowledge base here is told, and is no fault; one that fails costs no other.
/// </summary>
sealed class PlatformKnowledge(GenesysApi api) : ISuggestionSource
{
    const string SourceName = "knowledge";
    const int PageSize = 5;

    public string Name => SourceName;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var text = question.Query.Text;
        if (text.Length == 0) return new SourceAnswer.Found([], 0, "The customer has said nothing that could be searched for.");
        var searches = await Task.WhenAll(question.Asked.KnowledgeSourceIds.Distinct(StringComparer.Ordinal).Select(id => SearchAsync(id, text, ct)));
        if (!searches.Any(s => s.Reply is not null) && searches.FirstOrDefault(s => s.Fault is not null) is { } failed) ExceptionDispatchInfo.Throw(failed.Fault!);

        var tally = new CandidateTally();
        var unknown = searches.Where(s => s is { Reply: null, Fault: null }).Select(s => s.KnowledgeBase).ToList();
        if (unknown.Count > 0) tally.Note($"Not a knowledge base of the platform: {string.Join(", ", unknown)}.");
        foreach (var search in searches)
        {
            if (search.Fault is { } fault) tally.Note(fault is ContactCenterException ? fault.Message : $"Knowledge base {search.KnowledgeBase} had not answered by the deadline.");
            else tally.Each(search.Reply.Member("results"), $"knowledge base {search.KnowledgeBase}, result", (entry, name) => ReadOne(entry, name, search.KnowledgeBase, tally));
        }
        return tally.SurestFirst;
    }

    /// <param name="Reply">Null when there is no such knowledge base, or it failed.</param>
    sealed record Search(string KnowledgeBase, JsonElement? Reply, Exception? Fault);

    async Task<Search> SearchAsync(string id, string text, CancellationToken ct)
    {
        // Any text may name another source's knowledge; in the path it must stay one step of it.
        if (id.Trim() is "." or "..") return new Search(id, null, null);
        try
        {
            var query = new WireKnowledgeQuery(text, PageSize, "Suggestion", new WireApplication("Assistant"));
            // Without the variations there is no text in the answer.
            return new Search(id, await api.QueryAsync($"knowledge/knowledgebases/{Uri.EscapeDataString(id.Trim())}/documents/search?expand=documentVariations", query, PlatformJson.Default.WireKnowledgeQuery,
                $"Searching knowledge base {id}", PlatformJson.Default.JsonElement, CallPurpose.Suggest, CallFor.Nobody, ct), null);
        }
        catch (ContactCenterException e) when (e.Kind == FailureKind.ConversationNotFound || (e.Kind == FailureKind.BadRequest && !Guid.TryParse(id, out _)))
        {
            return new Search(id, null, null);
        }
        catch (Exception e) when (e is ContactCenterException or OperationCanceledException)
        {
            return new Search(id, null, e);
        }
    }

    static void ReadOne(JsonElement result, string name, string knowledgeBase, CandidateTally tally)
    {
        var document = result.Member("document");
        if (document.Member("id").Text() is not { } id) tally.Pass($"{name} has no document id.");
        else if ((document.Member("answer").Text() ?? VariationOf(document)) is not { } content) tally.Pass($"{name}: the document has no text.");
        else if (result.Member("confidence") is not null && result.Member("confidence").Share() is null) tally.Pass($"{name}: confidence is not a number from 0 to 1.");
        else
        {
            tally.Take(new Candidate(SourceName, id, document.Member("title").Text() ?? "Untitled", content, result.Member("confidence").Share() ?? PlatformSuggestions.Neutral, knowledgeBase)
            {
                Tags = [.. document.Member("labels").Items().Select(l => l.Member("name").Text()).OfType<string>()],
                Link = document.Member("externalUrl").WebAddress(),
            }, name);
        }
    }

    /// <summary>The plain texts of the first variation that has any; lists, tables and pictures are left to the article itself.</summary>
    static string? VariationOf(JsonElement? document)
    {
        foreach (var variation in document.Member("variations").Items())
        {
            var paragraphs = variation.Member("body").Member("blocks").Items().Select(b => string.Concat(b.Member("paragraph").Member("blocks").Items().Select(t => t.Member("text").Member("text").Text())));
            if (string.Join('\n', paragraphs.Where(p => p.Length > 0)) is { Length: > 0 } text) return text;
        }
        return null;
    }
}
