using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Core.Deliveries;

/// <summary>The events that leave the house: ids, codes and times, never what anybody said.</summary>
public static class HandoffNotices
{
    /// <summary>Guide 000's event for workforce management: once a handoff, when its first transfer is confirmed, or when it ends without one.</summary>
    public const string Evaluated = "handoff_evaluated";

    /// <summary>Once a handoff, when it ends.</summary>
    public const string Ended = "handoff_ended";

    /// <summary>A policy's targets can only be given these.</summary>
    public static IReadOnlyList<string> Types { get; } = [Evaluated, Ended];

    internal static IEnumerable<(string Type, string Body)> Of(Handoff before, Handoff after)
    {
        var ends = after.State.IsFinal() && !before.State.IsFinal();
        if (after.State == HandoffState.Canceled)
        {
            // Called off before anything was sent: nothing was evaluated.
        }
        else if (before.ConfirmedAt is null && after.ConfirmedAt is { } confirmed)
        {
            yield return (Evaluated, JsonSerializer.Serialize(new EvaluatedNotice(Evaluated, Audit(after, after.Intent?.AnsweredAt ?? confirmed) with { Status = "success", ResponseStatus = after.Intent?.Status }, Text(after.ChangedAt)), NoticesJson.Default.EvaluatedNotice));
        }
        else if (ends && after.ConfirmedAt is null)
        {
            var failed = Audit(after, after.Intent?.AnsweredAt ?? after.ChangedAt) with { Status = "failed", ErrorCode = after.Intent?.Status, ErrorMessage = (after.Failure ?? FailureKind.TransferFailed).ToString() };
            yield return (Evaluated, JsonSerializer.Serialize(new EvaluatedNotice(Evaluated, failed, Text(after.ChangedAt)), NoticesJson.Default.EvaluatedNotice));
        }
        if (ends)
        {
            yield return (Ended, JsonSerializer.Serialize(new EndedNotice(
                Ended, after.Id.ToString(), after.ConversationId, after.State, after.Failure, after.Intent?.QueueId, after.AgentId, [.. after.Origin.Reasons.Select(r => r.Code)], after.Origin.Policy,
                after.RequestedAt, after.ConfirmedAt, after.AgentAt, after.EndedAt), NoticesJson.Default.EndedNotice));
        }
    }

    static NoticeAudit Audit(Handoff handoff, DateTimeOffset answered) => new(
        Text(handoff.ChangedAt), handoff.ConversationId, handoff.Intent?.LegId, handoff.Intent?.QueueId, handoff.Intent is { Enqueues: false, Skills.Count: > 0 } ? "skill" : "queue",
        handoff.Intent is { Attempt: > 0 } sent ? Math.Round((decimal)Math.Max(0, (answered - sent.At).TotalMilliseconds), 2) : 0m);

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff+00:00", System.Globalization.CultureInfo.InvariantCulture);
}

sealed record EvaluatedNotice(string EventType, NoticeAudit Audit, string SyncTimestamp);

/// <summary>The guides' audit record; the failure's name stands for the sentence, which may quote somebody.</summary>
sealed record NoticeAudit(string Timestamp, string ConversationId, string? ParticipantId, string? QueueId, string TransferType, decimal LatencyMs)
{
    public string Status { get; init; } = "";
    public int? ResponseStatus { get; init; }
    public int? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
}

sealed record EndedNotice(
    string EventType, string HandoffId, string ConversationId, HandoffState Outcome, FailureKind? Failure, string? QueueId, string? AgentId, IReadOnlyList<string> Reasons, PolicyVersion? Policy,
    DateTimeOffset RequestedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? AgentAt, DateTimeOffset? EndedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluatedNotice))]
[JsonSerializable(typeof(EndedNotice))]
sealed partial class NoticesJson : JsonSerializerContext;
