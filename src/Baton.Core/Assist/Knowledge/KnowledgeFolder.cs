using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Core.Assist.Knowledge;

/// <summary>
/// A folder of Markdown files and the index over them. It looks every second whether files have come, gone or changed (path, length, time of change), reads only those, and puts a whole new index in
/// the old one's place: who asks meanwhile is answered from the old one. What cannot be taken is passed over, with a sentence for each; a folder that goes away leaves what was read from it.
/// Names that begin with a dot are left alone.
/// </summary>
public sealed partial class KnowledgeFolder
{
    /// <summary>A larger file is no article.</summary>
    public const int LargestFile = 1024 * 1024;

    static readonly TimeSpan lookEvery = TimeSpan.FromSeconds(1);
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly KnowledgeOptions options;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly string root;
    readonly Lock looking = new();
    Dictionary<string, ReadFile> files = new(StringComparer.Ordinal);
    IReadOnlyList<string> passedPlaces = [];
    volatile KnowledgeState state;

    public KnowledgeFolder(KnowledgeOptions options, TimeProvider time, ILogger<KnowledgeFolder>? logger = null)
    {
        (this.options, this.time, this.logger) = (options, time, logger ?? NullLogger<KnowledgeFolder>.Instance);
        root = Path.GetFullPath(options.Folder ?? throw new ArgumentException("Assist:Local:Folder is not set.", nameof(options)));
        state = new KnowledgeState(ArticleIndex.Empty, [], $"The articles in {root} have not been read yet.");
    }

    /// <summary>What is answered from now; one value, so that its parts belong together.</summary>
    public KnowledgeState State => state;
    public ArticleIndex Index => state.Index;

    /// <summary>What was passed over, a sentence each.</summary>
    public IReadOnlyList<string> Passed => state.Passed;

    /// <summary>Looks until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            RunOnce();
            try { await Task.Delay(lookEvery, time, stop); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Looks once. True when something had changed and a new state is in place.</summary>
    public bool RunOnce()
    {
        lock (looking)
        {
            var next = Look();
            if (next is null) return false;
            state = next;
            if (next.Fault is { } fault) Log.Unreadable(logger, fault);
            else Log.Read(logger, next.Index.Count, root, next.Passed.Count);
            return true;
        }
    }

    KnowledgeState? Look()
    {
        if (!Directory.Exists(root))
        {
            var kept = state.Index.Count;
            var fault = kept == 0 ? $"The folder {root} of Assist:Local:Folder does not exist." : $"The folder {root} is gone; what was read from it before, {kept} article{(kept == 1 ? "" : "s")}, is still used.";
            return fault == state.Fault ? null : state with { Fault = fault };
        }
        var passed = new List<string>();
        var found = new List<FoundFile>();
        Collect(new DirectoryInfo(root), "", RealPath(root).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, found, passed);
        found.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));

        var isChanged = state.Fault is not null || found.Count != files.Count || !passed.SequenceEqual(passedPlaces);
        var next = new Dictionary<string, ReadFile>(found.Count, StringComparer.Ordinal);
        foreach (var file in found)
        {
            if (files.TryGetValue(file.Id, out var known) && known.Length == file.Length && known.Changed == file.Changed) next[file.Id] = known;
            else
            {
                isChanged = true;
                next[file.Id] = Take(file);
            }
        }
        if (!isChanged) return null;
        (files, passedPlaces) = (next, passed);
        return new KnowledgeState(ArticleIndex.Of(next.Values.Select(f => f.Article).OfType<Article>(), options), [.. passed, .. found.Select(f => next[f.Id].Sentence).OfType<string>()], null);
    }

    static void Collect(DirectoryInfo folder, string prefix, string realRoot, List<FoundFile> found, List<string> passed)
    {
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (entry.Name.StartsWith('.')) continue;
                var id = prefix + entry.Name;
                if (entry is DirectoryInfo below)
                {
                    if (below.LinkTarget is not null) passed.Add($"{id} is a link to a folder; links to folders are not followed.");
                    else Collect(below, id + '/', realRoot, found, passed);
                }
                else if (entry is FileInfo file && entry.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
                {
                    Collect(file, id, realRoot, found, passed);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { passed.Add($"{(prefix.Length == 0 ? folder.FullName : prefix)} could not be read: {e.Message}"); }
    }

    static void Collect(FileInfo file, string id, string realRoot, List<FoundFile> found, List<string> passed)
    {
        try
        {
            var target = file;
            if (file.LinkTarget is not null)
            {
                if (file.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } real)
                {
                    passed.Add($"{id} is a link to nothing.");
                    return;
                }
                if (!RealPath(real.FullName).StartsWith(realRoot, StringComparison.Ordinal))
                {
                    passed.Add($"{id} is a link out of the folder.");
                    return;
                }
                target = real;
            }
            found.Add(new FoundFile(id, target.FullName, target.Length, target.LastWriteTimeUtc));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { passed.Add($"{id} could not be read: {e.Message}"); }
    }

    // What a path leads to may lie behind a folder that is itself a link.
    static string RealPath(string path)
    {
        for (var at = new DirectoryInfo(path); at is not null; at = at.Parent)
        {
            if (at.LinkTarget is not null && at.ResolveLinkTarget(returnFinalTarget: true) is { } real) return RealPath(Path.Join(real.FullName, path[at.FullName.Length..]));
        }
        return path;
    }

    static ReadFile Take(FoundFile file)
    {
        var (article, sentence) = Read(file);
        return new ReadFile(file.Length, file.Changed, article, sentence);
    }

    static (Article? Article, string? Sentence) Read(FoundFile file)
    {
        if (file.Length > LargestFile) return (null, $"{file.Id} has {file.Length:N0} bytes; at most {LargestFile:N0} are taken.");
        // A pipe or a device has no length either, and reading one may never end.
        if (file.Length == 0) return (null, $"{file.Id} is empty.");
        try
        {
            var bytes = new byte[LargestFile + 1 < file.Length + 1 ? LargestFile + 1 : (int)file.Length + 1];
            int length;
            using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = utf8.GetString(bytes.AsSpan(0, length)).TrimStart('\uFEFF');
            if (text.Contains('\0')) return (null, $"{file.Id} is not UTF-8 text.");
            return string.IsNullOrWhiteSpace(text) ? (null, $"{file.Id} is empty.") : (Article.Read(file.Id, text), null);
        }
        catch (DecoderFallbackException) { return (null, $"{file.Id} is not UTF-8 text."); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return (null, $"{file.Id} could not be read: {e.Message}"); }
    }

    readonly record struct FoundFile(string Id, string Path, long Length, DateTime Changed);

    /// <param name="Sentence">Why it is no article; null when it is one.</param>
    sealed record ReadFile(long Length, DateTime Changed, Article? Article, string? Sentence);

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Articles} articles read from {Folder}; {Passed} passed over")]
        public static partial void Read(ILogger logger, int articles, string folder, int passed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}")]
        public static partial void Unreadable(ILogger logger, string fault);
    }
}

/// <param name="Fault">Why the folder as a whole could not be read; null when it was.</param>
public sealed record KnowledgeState(ArticleIndex Index, IReadOnlyList<string> Passed, string? Fault);
