namespace Baton.Tests.Conventions;

/// <summary>The sources these tests were built from.</summary>
static class Tree
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Every source file of the product and of the tests, by its path from the root.</summary>
    public static IReadOnlyList<Source> Sources { get; } = [.. new[] { "src", "tests", "bench" }.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)).Select(Relative)
        .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/")).Order(StringComparer.Ordinal).Select(path => new Source(path, File.ReadAllLines(Path.Combine(Root, path))))];

    public static IEnumerable<Source> Product => Sources.Where(source => source.Path.StartsWith("src/", StringComparison.Ordinal));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    static string Find(DirectoryInfo? folder) => folder is null ? throw new InvalidOperationException("baton.slnx was not found above the tests.")
        : File.Exists(Path.Combine(folder.FullName, "baton.slnx")) ? folder.FullName : Find(folder.Parent);
}

sealed record Source(string Path, IReadOnlyList<string> Lines)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Lines that match, each as <c>path:line text</c>.</summary>
    public IEnumerable<string> Where(Func<string, bool> matches) => Lines.Select((line, index) => (line, index)).Where(l => matches(l.line)).Select(l => $"{Path}:{l.index + 1} {l.line.Trim()}");
}
