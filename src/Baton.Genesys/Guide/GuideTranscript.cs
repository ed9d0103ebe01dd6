using System.Text.Json;
using Baton.Core;
using Baton.Core.Conversations;
using Baton.Genesys.Http;

namespace Baton.Genesys.Guide;

/// <summary>Puts a conversation together from its whole event stream (row 000 a): all of it or nothing, because a decision over half a transcript is a wrong one.</summary>
sealed class GuideTranscript(GenesysApi api, TimeProvider time)
{
    const int PageSize = 250;
    const int MostPages = 1000;
    const int Attempts = 3;

    /// <summary>How long a page is waited for when the platform says "not now".</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly GuideConfidence confidence = new(api, time);

    public async Task<Conversation> ReadAsync(string id, string segment, CallFor call, CancellationToken ct)
    {
        var wire = await PatientlyAsync(() => api.GetAsync($"conversations/{segment}", $"Reading conversation {id}", GuideJson.Default.GuideConversation, CallPurpose.Read, call, ct), ct);
        var events = await EventsAsync(id, segment, call, ct);
        var turns = events.Where(IsTurn).Select(TurnOf).ToList();
        var startedAt = wire.StartTime ?? events.Min(e => e.Timestamp) ?? time.GetUtcNow();
        // What the bot said with a turn is newer and surer than what analytics has made of it.
        var report = turns.Exists(t => t.Intent?.Confidence is not null) ? null : await PatientlyAsync(() => confidence.ReadAsync(id, wire, startedAt, call, ct), ct);
        return Conversation.Of(id, turns) with
        {
            Media = GuideView.MediaOf(wire),
            StartedAt = startedAt,
            EndedAt = GuideView.IsOver(wire) ? events.Max(e => e.Timestamp) ?? time.GetUtcNow() : null,
            Participants = [.. GuideView.Participants(wire).Where(p => p.Role != ParticipantRole.Queue), .. Transfers(events)],
            Attributes = Texts(wire.Attributes),
            IntentReport = report,
        };
    }

    async Task<IReadOnlyList<GuideEvent>> EventsAsync(string id, string segment, CallFor call, CancellationToken ct)
    {
        var events = new List<GuideEvent>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var path = $"conversations/{segment}/events?pageSize={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var number = page;
            var read = await PatientlyAsync(() => api.GetAsync(path, $"Reading the events of conversation {id}, page {number}", GuideJson.Default.GuideEvents, CallPurpose.Read, call, ct), ct);
            events.AddRange(read.Events ?? []);
            if (read.NextPageCursor is not { Length: > 0 } next) return [.. events.DistinctBy(KeyOf)];
            if (!cursors.Add(next)) throw new ContactCenterException(FailureKind.MalformedReply, $"Reading the events of conversation {id}: page {page} names a cursor that was used before, so the rest cannot be reached.");
            cursor = next;
        }
        throw new ContactCenterException(FailureKind.MalformedReply, $"Reading the events of conversation {id}: there are more than {MostPages} pages.");
    }

    /// <summary>A short "not now" is waited out; a long one is the caller's to decide. Bounded, and never half an answer.</summary>
    async Task<T> PatientlyAsync<T>(Func<Task<T>> read, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try { return await read(); }
            catch (ContactCenterException e) when (attempt < Attempts && e is { Kind: FailureKind.RateLimited, NotBefore: { } open } && open - time.GetUtcNow() <= Patience)
            {
                var pause = open - time.GetUtcNow();
                if (pause > TimeSpan.Zero) await Task.Delay(pause, time, ct);
            }
        }
    }

    /// <summary>Every transfer is a queue's leg: how often the conversation was handed on is counted by them, as the guide counts it.</summary>
    static IEnumerable<Participant> Transfers(IReadOnlyList<GuideEvent> events) =>
        events.Where(e => Is(e.Type, "transfer")).Select((e, i) => new Participant(e.Id ?? $"transfer-{i + 1}", ParticipantRole.Queue) { QueueId = e.QueueId, StartedAt = e.Timestamp });

    // An event without an id is still one that happened.
    static string KeyOf(GuideEvent e) => e.Id ?? $"{e.Type} {e.Timestamp:O} {e.From?.Id} {e.Text}";

    static bool IsTurn(GuideEvent e) => Is(e.Type, "message") && !Is(e.From?.Id, "system");

    static Turn TurnOf(GuideEvent e) => new(KeyOf(e), SpeakerOf(e.From?.Role), e.Text ?? "", e.Timestamp ?? default)
    {
        Intent = e.Intent is { Name: { } name } intent ? new Intent(name, intent.Confidence) : null,
        // The guides' scale is 0..1, Baton's is -1..1.
        Sentiment = e.Sentiment is { } s ? Math.Clamp(s * 2 - 1, -1, 1) : null,
    };

    static Speaker SpeakerOf(string? role) => role?.ToLowerInvariant() switch
    {
        "customer" => Speaker.Customer,
        "agent" => Speaker.Agent,
        "system" => Speaker.System,
        _ => Speaker.Bot,
    };

    static Dictionary<string, string> Texts(Dictionary<string, JsonElement>? attributes) =>
        (attributes ?? []).Where(a => a.Value.ValueKind == JsonValueKind.String).ToDictionary(a => a.Key, a => a.Value.GetString()!);

    static bool Is(string? text, string value) => string.Equals(text, value, StringComparison.OrdinalIgnoreCase);
}
