using Baton.Sandbox;

namespace Baton.EndToEnd.Tests.Cli;

public sealed class ServeTests : IDisposable
{
    readonly BatonFolder folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task An_interrupted_server_ends_by_itself_however_many_streams_are_open()
    {
        await using var sandbox = await GenesysSandbox.StartAsync(ct: Ct);
        folder.Knows(sandbox);
        await using var serving = await folder.ServeAsync();
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = serving.Address, Timeout = Timeout.InfiniteTimeSpan };
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var response = await client.GetAsync("v1/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
            (await reader.ReadLineAsync(Ct)).ShouldBe(": ");
            return reader;
        }));
        (await serving.InterruptAsync()).ShouldBe(0);
        foreach (var stream in streams)
        {
            (await stream.ReadToEndAsync(Ct)).Trim().ShouldBeEmpty("it ended in good order");
            stream.Dispose();
        }
        (await serving.LogAsync()).ShouldNotContain("Exception");
    }
}
