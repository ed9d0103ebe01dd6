using System.Security.Cryptography;
using System.Text;
using Baton.Core.Handoffs;

namespace Baton.Core.Deliveries;

/// <summary>Which receivers are told of a transition. Pure: what it answers is committed with the transition, or not at all.</summary>
public sealed class Outbox(IReadOnlyList<DeliveryTarget> targets)
{
    public static Outbox None { get; } = new([]);

    public IReadOnlyList<DeliveryTarget> Targets => targets;

    /// <summary>The transition with what is to be told of it.</summary>
    public Transition With(Handoff before, Transition transition)
    {
        if (targets.Count == 0 || !transition.Changed) return transition;
        var handoff = transition.Handoff;
        var deliveries = HandoffNotices.Of(before, handoff).SelectMany(n => Of(handoff.ConversationId, n.Type, handoff.Id.ToString(), n.Body, handoff.ChangedAt)).ToList();
        return deliveries.Count == 0 ? transition : transition with { Deliveries = deliveries };
    }

    /// <summary>One event for every receiver that wants its kind.</summary>
    /// <param name="subject">What it tells of: with kind and receiver it makes the id, so that the same event told again is the same delivery, not a second one.</param>
    public IReadOnlyList<Delivery> Of(string conversationId, string type, string subject, string body, DateTimeOffset at) =>
        [.. targets.Where(t => t.Wants(type)).Select(t => Delivery.New(IdOf(subject, type, t.Name), t.Name, conversationId, type, body, at))];

    static string IdOf(string subject, string type, string target) =>
        "de_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{type}\n{target}")))[..32];
}
