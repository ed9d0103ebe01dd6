using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;

namespace Baton.Genesys.Platform;

/// <summary>Puts a conversation's turns together: texts from the messages, intents and results from the bot's reporting turns, sentiment where the platform has one.</summary>
sealed class TranscriptReader(GenesysApi api, GenesysOptions options, TimeProvider time)
{
    const int BulkLimit = 1000;
    const int MostPages = 40;

    public async Task<Conversation> ReadAsync(string id, CallFor call, CancellationToken ct)
    {
        var wire = await api.GetAsync($"conversations/{id}", $"Reading conversation {id}", PlatformJson.Default.WireConversation, CallPurpose.Read, call, ct);
        var turns = await TextsAsync(id, wire, call, ct);
        var bot = await BotTurnsAsync(id, wire, call, ct);
        var sentiment = await SentimentAsync(id, call, ct);
        var customer = (wire.Participants ?? []).FirstOrDefault(p => string.Equals(p.Purpose, "customer", StringComparison.OrdinalIgnoreCase));
        return new Conversation
        {
            Id = id,
            Media = PlatformView.MediaOf(wire),
            StartedAt = wire.StartTime ?? (turns.Count > 0 ? turns[0].At : time.GetUtcNow()),
            EndedAt = wire.EndTime,
            Language = customer?.Locale,
            Participants = PlatformView.Participants(wire),
            Attributes = customer?.Attributes ?? new Dictionary<string, string>(),
            Turns = WithSentiment(BotTurns.Attach(turns, bot), sentiment),
        };
    }

    /// <summary>The texts of the newest messages, newest last.</summary>
    public async Task<IReadOnlyList<Turn>> NewestTextsAsync(string id, int count, CallFor call, CancellationToken ct)
    {
        var wire = await api.GetAsync($"conversations/{id}", $"Reading conversation {id}", PlatformJson.Default.WireConversation, CallPurpose.Confirm, call, ct);
        return await TextsAsync(id, wire, call, ct, count);
    }

    async Task<IReadOnlyList<Turn>> TextsAsync(string id, WireConversation wire, CallFor call, CancellationToken ct, int newest = int.MaxValue)
    {
        var ids = (wire.Participants ?? []).SelectMany(p => p.Messages ?? []).SelectMany(c => c.Messages ?? [])
            .Where(m => m.MessageId is not null).OrderBy(m => m.MessageTime).Select(m => m.MessageId!).Distinct().TakeLast(newest).ToList();
        var turns = new List<Turn>(ids.Count);
        foreach (var chunk in ids.Chunk(BulkLimit))
        {
            var page = await api.QueryAsync($"conversations/messages/{id}/messages/bulk", chunk, PlatformJson.Default.IReadOnlyListString,
                $"Reading the messages of conversation {id}", PlatformJson.Default.WireMessages, CallPurpose.Read, call, ct);
            turns.AddRange((page.Entities ?? []).Where(m => m.Id is not null && TextOf(m).Length > 0).Select(TurnOf));
        }
        return [.. turns.OrderBy(t => t.At)];
    }

    static Turn TurnOf(WireMessage m) => new(m.Id!, SpeakerOf(m), TextOf(m), m.Timestamp ?? default);

    static string TextOf(WireMessage m) => m.NormalizedMessage?.Text ?? m.TextBody ?? "";

    static Speaker SpeakerOf(WireMessage m) =>
        string.Equals(m.Direction, "inbound", StringComparison.OrdinalIgnoreCase) ? Speaker.Customer
        : string.Equals(m.NormalizedMessage?.OriginatingEntity, "human", StringComparison.OrdinalIgnoreCase) ? Speaker.Agent
        : Speaker.Bot;

    async Task<IReadOnlyList<WireBotTurn>> BotTurnsAsync(string id, WireConversation wire, CallFor call, CancellationToken ct)
    {
        try
        {
            var turns = new List<WireBotTurn>();
            var from = (wire.StartTime ?? time.GetUtcNow()).UtcDateTime;
            var to = (wire.EndTime ?? time.GetUtcNow()).UtcDateTime.AddMinutes(1);
            foreach (var flow in options.BotFlows.Count > 0 ? options.BotFlows : await BotFlowsOfAsync(id, call, ct))
            {
                string? path = $"analytics/botflows/{flow}/divisions/reportingturns?pageSize=250&interval={from:yyyy-MM-ddTHH:mm:ss.fffZ}/{to:yyyy-MM-ddTHH:mm:ss.fffZ}";
                var walked = new HashSet<string>(StringComparer.Ordinal);
                for (var page = 1; path is not null; page++)
                {
                    // They come oldest first, so what lies beyond would be what counts most: better unknown than old.
                    if (page > MostPages) return [];
                    if (!walked.Add(path)) throw new ContactCenterException(FailureKind.MalformedReply, $"Reading the bot's turns: page {page - 1} names a cursor that was used before, so the rest cannot be reached.");
                    var read = await api.GetAsync(path, "Reading the bot's turns", PlatformJson.Default.WirePageWireBotTurn, CallPurpose.Read, call, ct);
                    turns.AddRange((read.Entities ?? []).Where(t => t.Conversation?.Id == id));
                    path = NextPage.PathOf(read.NextUri);
                }
            }
            return turns;
        }
        catch (ContactCenterException e) when (e.Kind is FailureKind.ConversationNotFound or FailureKind.MissingPermission or FailureKind.BadRequest)
        {
            // Without the bot's turns the intent is unknown, which a policy can deal with; the conversation itself is there.
            return [];
        }
    }

    async Task<IReadOnlyList<string>> BotFlowsOfAsync(string id, CallFor call, CancellationToken ct)
    {
        var details = await api.GetAsync($"analytics/conversations/{id}/details", "Reading which bot spoke", PlatformJson.Default.WireDetails, CallPurpose.Read, call, ct);
        return [.. (details.Participants ?? []).SelectMany(p => p.Sessions ?? []).Select(s => s.Flow)
            .Where(f => f?.FlowId is not null && f.FlowType?.Contains("BOT", StringComparison.OrdinalIgnoreCase) == true).Select(f => f!.FlowId!).Distinct()];
    }

    async Task<double?> SentimentAsync(string id, CallFor call, CancellationToken ct)
    {
        try
        {
            var read = await api.GetAsync($"speechandtextanalytics/conversations/{id}", "Reading the sentiment", PlatformJson.Default.WireSentiment, CallPurpose.Read, call, ct);
            return read.SentimentScore is { } score ? Math.Clamp(score, -1, 1) : null;
        }
        catch (ContactCenterException e) when (e.Kind is FailureKind.ConversationNotFound or FailureKind.MissingPermission)
        {
            // 404 is usual: text is often not analyzed before an agent has it.
            return null;
        }
    }

    // The platform's score is of the conversation as a whole, as it stands: it belongs to what the customer said last.
    static IReadOnlyList<Turn> WithSentiment(IReadOnlyList<Turn> turns, double? sentiment)
    {
        var last = turns.Select((t, i) => (t, i)).LastOrDefault(x => x.t.From == Speaker.Customer);
        if (sentiment is null || last.t is null) return turns;
        return [.. turns.Take(last.i), last.t with { Sentiment = sentiment }, .. turns.Skip(last.i + 1)];
    }
}
