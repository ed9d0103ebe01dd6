namespace Baton.Genesys.Platform;

static class NextPage
{
    const string Prefix = "/api/v2/";

    /// <summary>The path that a <c>nextUri</c> names, without host and prefix; null after the last page.</summary>
    public static string? PathOf(string? nextUri)
    {
        var at = nextUri?.IndexOf(Prefix, StringComparison.Ordinal) ?? -1;
        return at < 0 ? null : nextUri![(at + Prefix.Length)..];
    }
}
