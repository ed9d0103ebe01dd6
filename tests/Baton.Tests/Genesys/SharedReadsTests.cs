using Baton.Genesys.Platform;

namespace Baton.Tests.Genesys;

public sealed class SharedReadsTests
{
    readonly ManualTime time = new(The.Start);
    int read;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    SharedReads<int> Reads => new(TimeSpan.FromSeconds(5), time);
    Task<int> Next() => Task.FromResult(++read);

    [Fact]
    public async Task However_many_ask_one_read_is_under_way()
    {
        var reads = Reads;
        var answer = new TaskCompletionSource<int>();
        var waiting = Enumerable.Range(0, 100).Select(_ => reads.GetAsync("a", () => { read++; return answer.Task; }, Ct)).ToList();
        answer.SetResult(7);
        (await Task.WhenAll(waiting)).ShouldAllBe(value => value == 7);
        read.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_is_shared_for_as_long_as_it_keeps_and_keys_do_not_mind_case()
    {
        var reads = Reads;
        (await reads.GetAsync("Support", Next, Ct)).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(4.9));
        (await reads.GetAsync("support", Next, Ct)).ShouldBe(1);
        (await reads.GetAsync("other", Next, Ct)).ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(0.1));
        (await reads.GetAsync("Support", Next, Ct)).ShouldBe(3);
    }

    [Fact]
    public async Task A_failed_read_is_forgotten_at_once()
    {
        var reads = Reads;
        await Should.ThrowAsync<InvalidOperationException>(reads.GetAsync("a", () => Task.FromException<int>(new InvalidOperationException()), Ct));
        (await reads.GetAsync("a", Next, Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task One_caller_who_gives_up_does_not_end_the_read()
    {
        var reads = Reads;
        var answer = new TaskCompletionSource<int>();
        using var cancel = new CancellationTokenSource();
        var first = reads.GetAsync("a", () => answer.Task, cancel.Token);
        var second = reads.GetAsync("a", Next, Ct);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        answer.SetResult(7);
        (await second).ShouldBe(7);
    }

    [Fact]
    public async Task What_is_known_to_be_wrong_is_forgotten()
    {
        var reads = Reads;
        await reads.GetAsync("a", Next, Ct);
        await reads.GetAsync("b", Next, Ct);
        reads.Forget(value => value == 1);
        (await reads.GetAsync("a", Next, Ct)).ShouldBe(3);
        (await reads.GetAsync("b", Next, Ct)).ShouldBe(2);
    }
}
