using System.Text;
using Baton.Core.Assist.Knowledge;
using Microsoft.Extensions.Logging;

namespace Baton.Tests.Assist.Knowledge;

public sealed class KnowledgeFolderTests : IDisposable
{
    readonly DirectoryInfo place = Directory.CreateTempSubdirectory("baton-knowledge-");
    readonly ManualTime time = new();
    readonly KnowledgeFolder folder;

    public KnowledgeFolderTests()
    {
        Directory.CreateDirectory(Root);
        folder = new KnowledgeFolder(The.Options with { Folder = Root }, time);
    }

    string Root => Path.Combine(place.FullName, "articles");

    public void Dispose() => place.Delete(recursive: true);

    string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void Articles_are_read_from_all_folders_below()
    {
        Write("a.md", "modem");
        Write("network/deep/B.MD", "modem");
        Write("notes.txt", "modem");
        Write(".hidden/c.md", "modem");

        folder.RunOnce().ShouldBeTrue();

        folder.Index.Found("modem").ShouldBe(["a.md", "network/deep/B.MD"]);
        folder.Passed.ShouldBeEmpty();
        folder.State.Fault.ShouldBeNull();
    }

    [Fact]
    public void What_comes_changes_and_goes_is_seen_at_the_next_look()
    {
        var path = Write("a.md", "modem");
        folder.RunOnce().ShouldBeTrue();
        folder.RunOnce().ShouldBeFalse();

        Write("b.md", "modem");
        folder.RunOnce().ShouldBeTrue();
        folder.Index.Found("modem").ShouldBe(["a.md", "b.md"]);

        // Of the same length: the time tells.
        Write("a.md", "cable");
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        folder.RunOnce().ShouldBeTrue();
        folder.Index.Found("modem").ShouldBe(["b.md"]);
        folder.Index.Found("cable").ShouldBe(["a.md"]);

        File.Move(path, Path.Combine(Root, "c.md"));
        folder.RunOnce().ShouldBeTrue();
        folder.Index.Found("cable").ShouldBe(["c.md"]);

        File.Delete(Path.Combine(Root, "c.md"));
        folder.RunOnce().ShouldBeTrue();
        folder.Index.Count.ShouldBe(1);
        folder.RunOnce().ShouldBeFalse();
    }

    [Fact]
    public async Task It_looks_every_second_until_it_is_told_to_stop()
    {
        using var stop = new CancellationTokenSource();
        Write("a.md", "modem");
        var reads = new Reads();
        var watched = new KnowledgeFolder(The.Options with { Folder = Root }, time, reads);
        var running = watched.RunAsync(stop.Token);
        watched.Index.Count.ShouldBe(1);

        Write("b.md", "modem");
        time.Advance(TimeSpan.FromSeconds(0.9));
        watched.Index.Count.ShouldBe(1);
        reads.Next = new TaskCompletionSource();
        time.Advance(TimeSpan.FromSeconds(0.1));
        await reads.Next.Task.WaitAsync(TestContext.Current.CancellationToken);
        watched.Index.Count.ShouldBe(2);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void Who_has_an_index_keeps_it_whole_while_another_takes_its_place()
    {
        Write("a.md", "modem");
        folder.RunOnce();
        var before = folder.Index;

        Write("a.md", "cable cable");
        folder.RunOnce();

        before.Found("modem").ShouldBe(["a.md"]);
        folder.Index.ShouldNotBeSameAs(before);
    }

    [Fact]
    public void What_cannot_be_taken_is_passed_over_and_said()
    {
        Write("good.md", "modem");
        Write("big.md", new byte[5 * 1024 * 1024]);
        Write("latin.md", [.. "caf"u8, 0xE9, .. " modem"u8]);
        Write("wide.md", Encoding.Unicode.GetBytes("modem"));
        Write("empty.md", "");
        Write("blank.md", "\uFEFF \n");
        using (var huge = File.Create(Path.Combine(Root, "huge.md"))) huge.SetLength(50L * 1024 * 1024);

        folder.RunOnce();

        folder.Index.Found("modem").ShouldBe(["good.md"]);
        folder.Passed.ShouldBe([
            "big.md has 5,242,880 bytes; at most 1,048,576 are taken.",
            "blank.md is empty.",
            "empty.md is empty.",
            "huge.md has 52,428,800 bytes; at most 1,048,576 are taken.",
            "latin.md is not UTF-8 text.",
            "wide.md is not UTF-8 text.",
        ]);
    }

    [Fact]
    public void A_file_of_exactly_the_most_is_taken_and_one_byte_more_is_not()
    {
        Write("most.md", "modem " + new string('x', KnowledgeFolder.LargestFile - 6));
        Write("more.md", "modem " + new string('x', KnowledgeFolder.LargestFile - 5));

        folder.RunOnce();

        folder.Index.Found("modem").ShouldBe(["most.md"]);
        folder.Passed.Single().ShouldStartWith("more.md has 1,048,577 bytes");
    }

    [Fact]
    public void What_is_mended_is_taken()
    {
        Write("a.md", [0xFF, 0xFE, 0x00]);
        folder.RunOnce();
        folder.Passed.Count.ShouldBe(1);

        Write("a.md", "modem");
        folder.RunOnce().ShouldBeTrue();

        folder.Passed.ShouldBeEmpty();
        folder.Index.Count.ShouldBe(1);
    }

    [Fact]
    public void A_byte_order_mark_does_not_hide_the_front_matter()
    {
        Write("a.md", "\uFEFF---\ntags: [refunds]\n---\n# Modem\n\ntext");
        folder.RunOnce();

        var article = folder.Index.Find(["modem"], 1)[0].Article;
        (article.Title, article.Tags.Single()).ShouldBe(("Modem", "refunds"));
    }

    [Fact]
    public void Links_within_the_folder_are_read_and_links_out_of_it_are_not()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Making links needs a privilege on Windows.");
        Write("real.md", "modem");
        var outside = Path.Combine(place.FullName, "secret.md");
        File.WriteAllText(outside, "modem password");
        Directory.CreateDirectory(Path.Combine(place.FullName, "articles-too"));
        File.WriteAllText(Path.Combine(place.FullName, "articles-too", "x.md"), "modem");
        File.CreateSymbolicLink(Path.Combine(Root, "in.md"), Path.Combine(Root, "real.md"));
        File.CreateSymbolicLink(Path.Combine(Root, "out.md"), outside);
        File.CreateSymbolicLink(Path.Combine(Root, "relative.md"), "../secret.md");
        File.CreateSymbolicLink(Path.Combine(Root, "beside.md"), Path.Combine(place.FullName, "articles-too", "x.md"));
        File.CreateSymbolicLink(Path.Combine(Root, "nothing.md"), Path.Combine(Root, "gone.md"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "loop"), Root);
        Directory.CreateSymbolicLink(Path.Combine(Root, ".tunnel"), place.FullName);
        File.CreateSymbolicLink(Path.Combine(Root, "tunnel.md"), Path.Combine(Root, ".tunnel", "secret.md"));

        folder.RunOnce();

        folder.Index.Found("modem").ShouldBe(["in.md", "real.md"]);
        folder.Passed.ShouldBe([
            "beside.md is a link out of the folder.",
            "loop is a link to a folder; links to folders are not followed.",
            "nothing.md is a link to nothing.",
            "out.md is a link out of the folder.",
            "relative.md is a link out of the folder.",
            "tunnel.md is a link out of the folder.",
        ]);
    }

    [Fact]
    public void A_folder_may_itself_be_a_link()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Making links needs a privilege on Windows.");
        Write("a.md", "modem");
        File.CreateSymbolicLink(Path.Combine(Root, "b.md"), "a.md");
        var link = Path.Combine(place.FullName, "link");
        Directory.CreateSymbolicLink(link, Root);
        var linked = new KnowledgeFolder(The.Options with { Folder = link }, time);

        linked.RunOnce();

        linked.Index.Found("modem").ShouldBe(["a.md", "b.md"]);
        linked.Passed.ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_that_is_missing_is_one_sentence_until_it_is_there()
    {
        var later = Path.Combine(place.FullName, "later");
        var waiting = new KnowledgeFolder(The.Options with { Folder = later }, time);

        waiting.RunOnce().ShouldBeTrue();
        waiting.State.Fault.ShouldBe($"The folder {later} of Assist:Local:Folder does not exist.");
        waiting.Index.Count.ShouldBe(0);
        waiting.RunOnce().ShouldBeFalse();

        Directory.CreateDirectory(later);
        File.WriteAllText(Path.Combine(later, "a.md"), "modem");
        waiting.RunOnce().ShouldBeTrue();
        waiting.State.Fault.ShouldBeNull();
        waiting.Index.Count.ShouldBe(1);
    }

    [Fact]
    public void A_folder_that_goes_away_leaves_what_was_read_from_it()
    {
        Write("a.md", "modem");
        folder.RunOnce();
        Directory.Move(Root, Root + "-away");

        folder.RunOnce().ShouldBeTrue();
        folder.State.Fault.ShouldNotBeNull().ShouldContain("is gone");
        folder.Index.Found("modem").ShouldBe(["a.md"]);

        Directory.Move(Root + "-away", Root);
        folder.RunOnce().ShouldBeTrue();
        folder.State.Fault.ShouldBeNull();
    }

    /// <summary>Hears that a new index is in place.</summary>
    sealed class Reads : ILogger<KnowledgeFolder>
    {
        public TaskCompletionSource Next { get; set; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Next.TrySetResult();
    }
}
