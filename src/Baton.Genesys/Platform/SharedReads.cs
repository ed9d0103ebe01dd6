namespace Baton.Genesys.Platform;

/// <summary>Answers that are shared for a while: one read is under way for a key however many ask, a failed one is forgotten at once.</summary>
sealed class SharedReads<T>(TimeSpan keep, TimeProvider time)
{
    const int Most = 10_000;
    readonly Lock gate = new();
    readonly Dictionary<string, (Task<T> Read, DateTimeOffset Until)> reads = new(StringComparer.OrdinalIgnoreCase);

    public Task<T> GetAsync(string key, Func<Task<T>> read, CancellationToken ct)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (reads.TryGetValue(key, out var known) && (!known.Read.IsCompleted || (known.Read.IsCompletedSuccessfully && known.Until > now))) return known.Read.WaitAsync(ct);
            if (reads.Count >= Most) reads.Clear();
            var started = read();
            reads[key] = (started, now + keep);
            return started.WaitAsync(ct);
        }
    }

    public void Forget(Func<T, bool> which)
    {
        lock (gate)
        {
            foreach (var key in reads.Where(r => r.Value.Read.IsCompletedSuccessfully && which(r.Value.Read.Result)).Select(r => r.Key).ToList()) reads.Remove(key);
        }
    }
}
