using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Assist;
using Baton.Core.Audit;
using Baton.Core.Conversations;
using Baton.Core.Deliveries;
using Baton.Core.Handoffs;
using Baton.Core.Policies;

namespace Baton.Storage;

/// <summary>
/// What the audit trail says of a change: ids, states, codes, the names of those who acted, and salted hashes of texts. Never a text itself,
/// so that erasing a customer leaves the chain as it is.
/// </summary>
static class AuditFacts
{
    /// <summary>The chain of what concerns no single conversation.</summary>
    public const string SystemChain = "system";

    internal sealed record OfRequest(string Handoff, string By, string? RetryOf, PolicyVersion? Policy, IReadOnlyList<string> Reasons);

    internal sealed record OfTransition(
        string Handoff, HandoffState State, int Version, Todo Todo, int Step, int? Attempt, string? Leg, string? Queue,
        FailureKind? Failure, string? Agent, MessageKind? Message, string? MessageHash);

    /// <param name="Hash">Salted, like every hash of a text: reasons may quote what was said.</param>
    internal sealed record OfDecision(DecisionOutcome Outcome, IReadOnlyList<string> Reasons, PolicyVersion Policy, string Hash);

    internal sealed record OfPerson(string By);

    internal sealed record OfKey(string Key, string Name, Role Role, string By);

    internal sealed record OfSession(string Session, string Name, Role Role, string? Key, string? User, string By);
    internal sealed record OfPolicy(long Number, PolicyVersion Policy, PolicySource Source, string By);

    /// <param name="By">The handoff that did it; null: it was heard from the platform.</param>
    internal sealed record OfOwner(OwnerKind Owner, long Epoch, OwnerKind Before, string? Queue, string? Agent, string? By);

    internal sealed record OfDelivery(string Delivery, string Target, string EventType, int Attempts, string? By);

    internal sealed record OfAssist(string Request, AssistState State, int Version, string? VendorId, string? Agent, string? Queue, IReadOnlyList<OfSource> Sources, int Added, int Folded);

    internal sealed record OfSource(string Name, SourceState State, int Count);

    internal sealed record OfCallback(string Request, int Characters);

    internal sealed record OfEngagement(string Suggestion, string Request, string Source, string Subject, SuggestionState State, int Version, string? Agent);

    public static AuditFact Requested(Handoff handoff) => new(handoff.RequestedAt, "handoff.requested", JsonSerializer.Serialize(
        new OfRequest(handoff.Id.ToString(), handoff.Origin.By, handoff.Origin.RetryOf?.ToString(), handoff.Origin.Policy, [.. handoff.Origin.Reasons.Select(r => r.Code)]),
        StorageJson.Plain.OfRequest));

    /// <param name="salt">Asked for only when there is a text to hash.</param>
    public static AuditFact Changed(Handoff before, Transition transition, Func<byte[]> salt)
    {
        var now = transition.Handoff;
        var telling = now.Telling is { } t && t != before.Telling ? t : null;
        return new AuditFact(now.ChangedAt, "handoff." + transition.What, JsonSerializer.Serialize(
            new OfTransition(
                now.Id.ToString(), now.State, now.Version, now.Todo, now.Step, now.Intent?.Attempt, now.Intent?.LegId, now.Intent?.QueueId,
                now.Failure, now.AgentId, telling?.Kind, telling is null ? null : Hash(salt(), telling.Text)),
            StorageJson.Plain.OfTransition));
    }

    public static AuditFact Decided(Decision decision, string json, byte[] salt) => new(decision.At, "decision.recorded", JsonSerializer.Serialize(
        new OfDecision(decision.Outcome, [.. decision.Reasons.Select(r => r.Code)], decision.Policy, Hash(salt, json)),
        StorageJson.Plain.OfDecision));

    public static AuditFact ByPerson(string kind, string by, DateTimeOffset at) =>
        new(at, kind, JsonSerializer.Serialize(new OfPerson(by), StorageJson.Plain.OfPerson));

    public static AuditFact Key(string kind, ApiKey key, string by, DateTimeOffset at) =>
        new(at, kind, JsonSerializer.Serialize(new OfKey(key.Id, key.Name, key.Role, by), StorageJson.Plain.OfKey));

    public static AuditFact Session(string kind, Session session, string by, DateTimeOffset at) =>
        new(at, kind, JsonSerializer.Serialize(new OfSession(session.Id, session.Name, session.Role, session.KeyId, session.UserId, by), StorageJson.Plain.OfSession));
    public static AuditFact PolicyEntered(PolicyEdition policy) => new(policy.At, "policy.entered", JsonSerializer.Serialize(
        new OfPolicy(policy.Number, policy.Version, policy.Source, policy.By), StorageJson.Plain.OfPolicy));

    public static AuditFact OwnerChanged(ConversationOwner now, Owner before, string? by, DateTimeOffset at) => new(at, "owner.changed", JsonSerializer.Serialize(
        new OfOwner(now.Owner.Kind, now.Epoch, before.Kind, now.Owner.QueueId, now.Owner.AgentId, by), StorageJson.Plain.OfOwner));

    public static AuditFact Delivery(string kind, Delivery delivery, string? by, DateTimeOffset at) => new(at, kind, JsonSerializer.Serialize(
        new OfDelivery(delivery.Id, delivery.Target, delivery.EventType, delivery.Attempts, by), StorageJson.Plain.OfDelivery));

    public static AuditFact Asked(AssistRequest request) => Assist("asked", request, 0, 0, request.AskedAt);

    public static AuditFact Assist(AssistStep step) => Assist(step.What, step.Request, step.Added.Count, step.Folded.Count, step.At);

    static AuditFact Assist(string what, AssistRequest request, int added, int folded, DateTimeOffset at) => new(at, "assist." + what, JsonSerializer.Serialize(
        new OfAssist(
            request.Id.ToString(), request.State, request.Version, request.VendorId, request.AgentId, request.QueueId,
            [.. request.Sources.Select(s => new OfSource(s.Name, s.State, s.Count))], added, folded),
        StorageJson.Plain.OfAssist));

    public static AuditFact CalledBack(AssistCallback callback) => new(callback.At, "assist.callbackReceived", JsonSerializer.Serialize(
        new OfCallback(callback.RequestId.ToString(), callback.Body.Length), StorageJson.Plain.OfCallback));

    public static AuditFact Engaged(Suggestion suggestion, Engagement engagement) => new(
        engagement.At, "suggestion." + JsonNamingPolicy.CamelCase.ConvertName(engagement.Did.ToString()), JsonSerializer.Serialize(
            new OfEngagement(
                suggestion.Id.ToString(), suggestion.RequestId.ToString(), suggestion.Source, suggestion.Subject, suggestion.State, suggestion.Version, engagement.AgentId),
            StorageJson.Plain.OfEngagement));

    internal static string Hash(byte[] salt, string text) => Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]));
}
