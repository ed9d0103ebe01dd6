using System.Net;
using System.Net.Sockets;

namespace Baton.Server.Console;

/// <summary>How often an address may be wrong. Counted here and not with the requests: whoever is right is not held up, and nobody has a name yet.</summary>
sealed class SignInAttempts(TimeProvider time)
{
    public const int Most = 10;
    const int Remembered = 10_000;
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly Dictionary<IPAddress, (DateTimeOffset Ends, int Count)> wrong = [];

    /// <summary>Counts an attempt before it is known whether it is right, so that many at once count as well.</summary>
    /// <returns>Null: go on. Else how long to wait.</returns>
    public TimeSpan? Begin(IPAddress? address)
    {
        var from = Network(address);
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (wrong.Count >= Remembered) foreach (var old in wrong.Where(w => w.Value.Ends <= now).Select(w => w.Key).ToList()) wrong.Remove(old);
            var (ends, count) = wrong.TryGetValue(from, out var known) && known.Ends > now ? known : (now + Window, 0);
            if (count >= Most || (count == 0 && wrong.Count >= Remembered && !wrong.ContainsKey(from))) return ends - now;
            wrong[from] = (ends, count + 1);
            return null;
        }
    }

    public void WasRight(IPAddress? address)
    {
        var from = Network(address);
        lock (gate)
        {
            if (!wrong.TryGetValue(from, out var known)) return;
            if (known.Count > 1) wrong[from] = known with { Count = known.Count - 1 };
            else wrong.Remove(from);
        }
    }

    // Whoever has one address of version 6 has a whole network of them.
    static IPAddress Network(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
