using Baton.Core.Conversations;

namespace Baton.Core.Handoffs;

/// <summary>What running handoffs asks of the database: claims, commits under them, and when to look again.</summary>
public interface IHandoffStore : IConversationReader
{
    /// <summary>
    /// Claims what is due, up to the limit: later stages first (the order of <see cref="Todo"/>), then the longest due. Each claim has a new lease number and lasts for
    /// <paramref name="lease"/>; one whose lease ran out may be claimed again.
    /// </summary>
    /// <param name="beginNew">False while the system is paused: nothing in <see cref="HandoffState.Requested"/> is claimed.</param>
    Task<IReadOnlyList<LeasedHandoff>> ClaimDueAsync(DateTimeOffset now, TimeSpan lease, int limit, bool beginNew, CancellationToken ct);

    /// <summary>Commits a transition of a claimed handoff and keeps the claim. Null: the lease or the version is no longer ours, and nothing was written.</summary>
    Task<LeasedHandoff?> CommitAsync(LeasedHandoff held, Transition transition, CancellationToken ct);

    /// <summary>Gives the claim back; the handoff is due again at its own <see cref="Handoff.DueAt"/>, or not before the given instant.</summary>
    Task ReleaseAsync(LeasedHandoff held, DateTimeOffset? notBefore, CancellationToken ct);

    /// <summary>When the next unclaimed handoff is due, or a lease ends; null when there is nothing to wait for.</summary>
    Task<DateTimeOffset?> NextDueAsync(bool beginNew, CancellationToken ct);

    /// <summary>Completes when this process has written something a runner may wait for. Writes of other processes are found by polling.</summary>
    Task WaitForWorkAsync(CancellationToken ct);

    /// <summary>Null while nothing is paused.</summary>
    Task<Pause?> PausedAsync(CancellationToken ct);
}
