namespace Baton.Core.Readings;

/// <summary>FNV-1a, 64 bits: the same on every machine and in every run, which <see cref="string.GetHashCode()"/> is not.</summary>
static class StableHash
{
    public const ulong Start = 14_695_981_039_346_656_037;

    public static ulong Add(ulong hash, char character) => (hash ^ character) * 1_099_511_628_211;

    public static ulong Of(string text)
    {
        var hash = Start;
        foreach (var character in text) hash = Add(hash, character);
        return hash;
    }
}
