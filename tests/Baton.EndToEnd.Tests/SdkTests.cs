using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>The vendor's own JavaScript SDK, unmodified, against the sandbox: what it can use, a connector can trust.</summary>
public sealed class SdkTests
{
    [Fact]
    public async Task The_vendors_sdk_gets_along_with_the_sandbox()
    {
        await using var sandbox = await GenesysSandbox.StartAsync(new()
        {
            CallsPerMinute = 1000,
            TransferDelayMin = TimeSpan.FromMilliseconds(1),
            TransferDelayMax = TimeSpan.FromMilliseconds(5),
        }, TestContext.Current.CancellationToken);
        foreach (var agent in sandbox.Organization.Agents) sandbox.Organization.SetBehavior(agent.Id, new() { AcceptAfter = TimeSpan.Zero, WrapUpAfter = Timeout.InfiniteTimeSpan, Capacity = 5 });

        var (exitCode, output, errors) = await NodeTool.RunAsync("Sdk", "ws", "sdk.test.mjs", sandbox.BaseAddress.ToString());
        var steps = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        steps.Where(s => !s.StartsWith("ok ", StringComparison.Ordinal)).ShouldBeEmpty(output + errors);
        exitCode.ShouldBe(0, output + errors);
        steps.Length.ShouldBeGreaterThan(30);
    }
}
