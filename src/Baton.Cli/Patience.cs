using Baton.Core;
using Baton.Server;

namespace Baton.Cli;

/// <summary>A command ends with its answer, and nobody goes on for it later: "too many calls" is waited out, as guides 000 and 002 have it, and said.</summary>
static class Patience
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static Task OutAsync(BatonSystem system, Func<Task> read, CancellationToken ct) => OutAsync(system, async () =>
    {
        await read();
        return true;
    }, ct);

    /// <exception cref="ContactCenterException">Also when the platform wants to be left alone for longer.</exception>
    public static async Task<T> OutAsync<T>(BatonSystem system, Func<Task<T>> read, CancellationToken ct)
    {
        var deadline = system.Time.GetUtcNow() + Longest;
        while (true)
        {
            try { return await read(); }
            catch (ContactCenterException e) when (e is { Kind: FailureKind.RateLimited, NotBefore: { } open } && open <= deadline)
            {
                var pause = open - system.Time.GetUtcNow();
                if (pause <= TimeSpan.Zero) continue;
                Console.Error.WriteLine($"Too many calls; waiting {Math.Ceiling(pause.TotalSeconds):0} s, as the platform asks.");
                await Task.Delay(pause, system.Time, ct);
            }
        }
    }
}
