namespace Baton.Sandbox.Timing;

/// <summary>
/// Chance, cut into independent streams. Each conversation draws from its own, so what happens in one conversation
/// does not depend on how the requests of others are interleaved.
/// </summary>
static class Draws
{
    public static Random For(int seed, string purpose, int ordinal = 0)
    {
        var hash = 2166136261u;
        foreach (var letter in purpose) hash = (hash ^ letter) * 16777619u;
        hash = (hash ^ (uint)seed) * 16777619u;
        hash = (hash ^ (uint)ordinal) * 16777619u;
        return new Random((int)(hash & int.MaxValue));
    }

    public static string NextId(this Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes).ToString("D");
    }

    public static string NextSecret(this Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToBase64String(buffer).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    public static TimeSpan Between(this Random random, TimeSpan min, TimeSpan max) =>
        max <= min ? min : TimeSpan.FromMilliseconds(Math.Round(min.TotalMilliseconds + (random.NextDouble() * (max - min).TotalMilliseconds)));
}
