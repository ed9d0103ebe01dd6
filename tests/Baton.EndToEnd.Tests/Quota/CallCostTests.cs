using Baton.Benchmarks.Speed;

namespace Baton.EndToEnd.Tests.Quota;

/// <summary>What a call allocates is the same on every machine, so it can be a gate; alone, because the whole process is counted.</summary>
[Collection(Handoffs.OnVirtualTime.Name)]
public sealed class CallCostTests
{
    [Fact(Timeout = 120_000)]
    public async Task Reading_a_queue_through_the_whole_pipeline_allocates_at_most_eight_kilobytes() =>
        (await CallSpeed.AllocatedAsync(4000, TestContext.Current.CancellationToken)).ShouldBeInRange(1, 8192);
}
