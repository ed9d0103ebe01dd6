using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <param name="Percent">The share of conversations a canary acts on, 0..100.</param>
public sealed record PolicyMode(PolicyModeKind Kind, double Percent)
{
    public static PolicyMode Live { get; } = new(PolicyModeKind.Live, 100);
    public static PolicyMode Shadow { get; } = new(PolicyModeKind.Shadow, 0);

    public override string ToString() => Kind == PolicyModeKind.Canary ? $"canary: {Show.Number(Percent)}%" : Kind.ToString().ToLowerInvariant();

    /// <summary>A conversation is in the canary or not for good, on every node; the policy's name shifts the choice, so that two canaries do not hit the same customers.</summary>
    internal bool Takes(string policy, string conversationId) => Kind switch
    {
        PolicyModeKind.Live => true,
        PolicyModeKind.Shadow => false,
        _ => Spread(StableHash.Of($"{policy}\n{conversationId}")) % 10_000 < Percent * 100,
    };

    /// <summary>FNV leaves its low bits uneven for ids that differ only at the end; this is the finalizer of MurmurHash3.</summary>
    static ulong Spread(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}

public enum PolicyModeKind { Live, Shadow, Canary }
