namespace Baton.EndToEnd.Tests;

/// <summary>Recorded conversations, which are not part of the tree: they lie in shared/data of a folder above it.</summary>
static class RecordedData
{
    public static string? Find(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Path.Combine(at.FullName, "shared", "data", file) is var path && File.Exists(path)) return path;
        }
        return null;
    }
}
