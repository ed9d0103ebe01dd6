using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baton.Benchmarks.Speed;

/// <summary>A process that answers a login and one queue of four kilobytes, at once and as plainly as Kestrel can: the least a vendor, and the least a server, can be.</summary>
sealed class PlainVendor(Process process, Uri address) : IDisposable
{
    public const string QueueId = "11111111-2222-3333-4444-555555555555";
    public const string QueuePath = $"api/v2/routing/queues/{QueueId}";
    public const string Token = "plain";

    public Uri Address { get; } = address;

    public static async Task<PlainVendor> StartAsync(CancellationToken ct)
    {
        var process = Dotnet.Start("Baton.Benchmarks.dll", new Dictionary<string, string>(), "vendor");
        var line = await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The plain vendor did not start.");
        return new PlainVendor(process, new Uri(line));
    }

    /// <summary>The process itself: serves until it is killed.</summary>
    public static async Task ServeAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var queue = Encoding.UTF8.GetBytes(Queue());
        var token = Encoding.UTF8.GetBytes($$"""{"access_token":"{{Token}}","token_type":"bearer","expires_in":86400}""");
        app.Run(http =>
        {
            http.Response.ContentType = "application/json";
            var answer = http.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? token : queue;
            http.Response.ContentLength = answer.Length;
            return http.Response.Body.WriteAsync(answer, http.RequestAborted).AsTask();
        });
        await app.StartAsync(ct);
        Console.Out.WriteLine(app.Urls.First());
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
    }

    /// <summary>Shaped like the platform's: most of it is nothing Baton reads.</summary>
    static string Queue()
    {
        var media = new JsonObject();
        foreach (var name in (string[])["call", "callback", "chat", "email", "message"])
            media[name] = new JsonObject { ["enableAutoAnswer"] = false, ["alertingTimeoutSeconds"] = 30, ["serviceLevel"] = new JsonObject { ["percentage"] = 0.8, ["durationMs"] = 20000 }, ["subTypeSettings"] = new JsonObject() };
        var rules = new JsonArray([.. Enumerable.Range(0, 18).Select(n => new JsonObject { ["operator"] = "MEETS_THRESHOLD", ["threshold"] = n, ["waitSeconds"] = n * 10, ["description"] = new string('r', 60) })]);
        return new JsonObject
        {
            ["id"] = QueueId,
            ["name"] = "Support",
            ["description"] = new string('d', 900),
            ["memberCount"] = 12,
            ["joinedMemberCount"] = 7,
            ["mediaSettings"] = media,
            ["routingRules"] = rules,
            ["selfUri"] = "/" + QueuePath,
        }.ToJsonString();
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
