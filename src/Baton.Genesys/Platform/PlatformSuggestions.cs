using System.Text.Json;
using Baton.Core;
using Baton.Core.Assist;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>
/// What the queue's assistant has suggested in the conversation (genesys-api 7.1). It suggests by itself and is never asked, so neither query nor sources go along: what stands there is read.
/// </summary>
sealed class PlatformSuggestions(GenesysApi api) : ISuggestionSource
{
    /// <summary>For what the platform suggests without saying how sure it is: articles, canned responses and scripts by rule.</summary>
    public const double Neutral = 0.5;

    public const string SourceName = "platform";
    const string Tried = "Reading the assistant's suggestions";
    const int PageSize = 200;
    const int MostPages = 10;

    public string Name => SourceName;

    public async Task<SourceAnswer> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var tally = new CandidateTally();
        string? path = $"{PlatformContactCenter.Conversation(question.Asked.ConversationId)}/suggestions?state=Suggested&pageSize={PageSize}";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; path is not null; page++)
        {
            if (page > MostPages || !seen.Add(path))
            {
                tally.Note(page > MostPages ? $"There is more than the {MostPages} pages that were read." : $"The cursor after page {page - 1} repeats; no more was read.");
                break;
            }
            JsonElement read;
            try { read = await api.GetAsync(path, Tried, PlatformJson.Default.JsonElement, CallPurpose.Suggest, CallFor.Nobody, ct); }
            catch (Exception e) when (page > 1 && e is ContactCenterException or OperationCanceledException)
            {
                // What was read before is not lost with it.
                tally.Note($"Page {page} could not be read: {(e is ContactCenterException ? e.Message : "the deadline was over.")}");
                break;
            }
            tally.Each(read.Member("entities"), $"page {page}, suggestion", (entry, name) => ReadOne(entry, name, tally));
            path = NextPage.PathOf(read.Member("nextUri").Text());
        }
        return tally.SurestFirst;
    }

    public bool TakesEngagements => true;

    public async Task EngageAsync(Suggestion suggestion, SuggestionState did, CancellationToken ct)
    {
        if (EngagementOf(did) is not { } type) return;
        await api.WriteAsync(HttpMethod.Post, $"{PlatformContactCenter.Conversation(suggestion.ConversationId)}/suggestions/{Uri.EscapeDataString(suggestion.SourceId)}/engagement",
            new WireEngagement(type), PlatformJson.Default.WireEngagement, "Telling the assistant what was used", CallPurpose.Suggest, CallFor.Nobody, ct);
    }

    static string? EngagementOf(SuggestionState did) => did switch
    {
        SuggestionState.Displayed => "Opened",
        SuggestionState.Inserted or SuggestionState.Edited or SuggestionState.Sent => "Copied",
        SuggestionState.Dismissed => "Dismissed",
        _ => null,
    };

    static void ReadOne(JsonElement entry, string name, CandidateTally tally)
    {
        // Filtered already; a state that is none we know may be the filter's successor.
        if (entry.Member("state").Text() is { } state && !state.Equals("Suggested", StringComparison.OrdinalIgnoreCase)) return;
        if (entry.Member("id").Text() is not { } id)
        {
            tally.Pass($"{name} has no id.");
            return;
        }
        if (Body(entry) is not ({ } kind, var body))
        {
            tally.Pass($"{name}: nothing of the kind '{entry.Member("type").Text() ?? "?"}' can be shown.");
            return;
        }
        var (title, content, subject, of, link) = Parts(kind, body);
        if (content is null) tally.Pass($"{name}: {kind} has no text.");
        else if ((of ?? entry.Member("assistant").Member("id").Text()) is not { } source) tally.Pass($"{name} names neither a knowledge base nor an assistant.");
        else if (body.Member("confidence") is not null && body.Member("confidence").Share() is null) tally.Pass($"{name}: confidence is not a number from 0 to 1.");
        else
        {
            tally.Take(new Candidate(SourceName, id, title ?? kind, content, body.Member("confidence").Share() ?? Neutral, source) { Subject = subject ?? id, Link = link }, name);
        }
    }

    static readonly string[] kinds = ["knowledgeSearch", "knowledgeArticle", "thirdPartySuggestion", "cannedResponse", "script", "faq", "article"];

    static (string? Kind, JsonElement Body) Body(JsonElement entry)
    {
        foreach (var kind in kinds)
            if (entry.Member(kind) is { ValueKind: JsonValueKind.Object } body) return (kind, body);
        return default;
    }

    /// <summary>Canned responses and scripts come as references alone; the agent's workspace opens them, so what is said is which.</summary>
    static (string? Title, string? Content, string? Subject, string? Of, string? Link) Parts(string kind, JsonElement body) => kind switch
    {
        "cannedResponse" => ("Canned response", Which("the canned response", body.Member("response")), body.Member("response").Member("id").Text(), body.Member("library").Member("id").Text(), null),
        "script" => ("Script", Which("the script", body.Member("script")), body.Member("script").Member("id").Text(), null, null),
        "thirdPartySuggestion" => (body.Member("title").Text(), body.Member("text").Text(), null, null, body.Member("sources").Items().Select(s => s.Member("url").WebAddress()).FirstOrDefault(l => l is not null)),
        "faq" => (body.Member("question").Text(), body.Member("answer").Text(), body.Member("sourceUri").Text(), body.Member("documentDisplayName").Text(), body.Member("documentUrl").WebAddress()),
        _ => (body.Member("title").Text(), AnswerOf(body), body.Member("document").Member("id").Text() ?? body.Member("uri").Text(), KnowledgeBaseOf(body.Member("document")), body.Member("uri").WebAddress()),
    };

    static string? Which(string noun, JsonElement? reference) =>
        (reference.Member("name").Text() ?? reference.Member("id").Text()) is { } one ? $"The assistant suggests {noun} {one}." : null;

    static string? AnswerOf(JsonElement article) =>
        article.Member("knowledgeAnswer").Member("answer").Text()
        ?? (string.Join('\n', article.Member("snippets").Items().Select(s => ((JsonElement?)s).Text()).OfType<string>()) is { Length: > 0 } snippets ? snippets : null);

    /// <summary>A reference to a document names its knowledge base only in its address.</summary>
    static string? KnowledgeBaseOf(JsonElement? document)
    {
        const string Before = "/knowledgebases/";
        if (document.Member("selfUri").Text() is not { } uri || uri.IndexOf(Before, StringComparison.Ordinal) is not (>= 0 and var at)) return null;
        var rest = uri[(at + Before.Length)..];
        return rest.Split('/', '?')[0] is { Length: > 0 } id ? Uri.UnescapeDataString(id) : null;
    }
}
