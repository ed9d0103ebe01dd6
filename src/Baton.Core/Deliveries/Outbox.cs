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
        var deliveries = new List<Delivery>();
        foreach (var (type, body) in HandoffNotices.Of(before, transition.Handoff))
        {
            foreach (var target in targets.Where(t => t.Wants(type)))
                deliveries.Add(Delivery.New(IdOf(transition.Handoff.Id, type, target.Name), target.Name, transition.Handoff.ConversationId, type, body, transition.Handoff.ChangedAt));
        }
        return deliveries.Count == 0 ? transition : transition with { Deliveries = deliveries };
    }

    // From what it tells and whom: a transition that is applied again makes the same delivery, not a second one.
    static string IdOf(HandoffId handoff, string type, string target) =>
        "de_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{handoff}\n{type}\n{target}")))[..32];
}
