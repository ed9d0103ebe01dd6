namespace Baton.Storage;

/// <summary>
/// Tells a runner that there may be work. A signal given while nobody waits is kept for the next who asks, so nothing is lost between looking and waiting;
/// the price is one look too many now and then. Made for one runner a store.
/// </summary>
sealed class WorkSignal
{
    readonly Lock gate = new();
    TaskCompletionSource? next;
    bool kept;

    public void Give()
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            kept = true;
            (waiting, next) = (next, null);
        }
        waiting?.TrySetResult();
    }

    public Task WaitAsync(CancellationToken ct)
    {
        lock (gate)
        {
            if (!kept) return (next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
            kept = false;
            return Task.CompletedTask;
        }
    }
}
