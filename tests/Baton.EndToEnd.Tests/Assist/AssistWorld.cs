using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.Core.Deliveries;
using Baton.EndToEnd.Tests.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>A served world with a folder of articles, the same articles in the sandbox, and an agent who asks.</summary>
sealed class AssistWorld : IAsyncDisposable
{
    public const string Refund = "Refund a payment";
    static readonly (string Id, string Title, string Text, string Tag)[] articles =
    [
        ("refund", Refund, "A payment can be refunded within 30 days. Open the order and choose Refund.", "refunds"),
        ("password", "Reset a password", "Send a reset link to whoever forgot the password. The link is valid for one hour.", "accounts"),
        ("delivery", "Trace a late delivery", "Ask for the order number and open Shipping to trace the parcel.", "logistics"),
    ];

    readonly DirectoryInfo shelf;

    AssistWorld(DirectoryInfo shelf, HandoffWorld world, string knowledgeBase) => (this.shelf, World, KnowledgeBase) = (shelf, world, knowledgeBase);

    public HandoffWorld World { get; }
    public string KnowledgeBase { get; }
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<AssistWorld> StartAsync(SandboxFlavor flavor, Func<AssistSettings, AssistSettings>? configured = null, Func<DeliveryOptions, DeliveryOptions>? delivered = null, string? framedBy = null)
    {
        var folder = Directory.CreateTempSubdirectory("baton-articles-");
        foreach (var (id, title, text, tag) in articles) File.WriteAllText(Path.Combine(folder.FullName, id + ".md"), $"tags: {tag}\n\n# {title}\n\n{text}\n");
        var world = await HandoffWorld.StillAsync(o => o with { Flavor = flavor }, s =>
        {
            var assist = new AssistSettings { Local = new KnowledgeOptions { Folder = folder.FullName }, Options = new AssistOptions { CallbackUrl = $"{s.Url}/agentassist/callback", AuditFile = Path.Combine(folder.FullName, "audit.log") } };
            var deliveries = new DeliveryOptions { AllowLoopback = true };
            return s with
            {
                Policy = "escalate",
                Genesys = s.Genesys with { Flavor = flavor == SandboxFlavor.Guide ? GenesysFlavor.Guide : GenesysFlavor.Platform },
                Assist = configured?.Invoke(assist) ?? assist,
                Deliveries = delivered?.Invoke(deliveries) ?? deliveries,
                Console = new ConsoleSettings { FrameAncestors = framedBy is null ? [] : [framedBy] },
            };
        }, withEvents: true);
        var knowledge = world.Organization.AddKnowledgeBase("Help");
        foreach (var (id, title, text, tag) in articles) world.Organization.AddArticle(knowledge.Id, new KnowledgeArticle(title, text) { Id = id, Tags = [tag] });
        world.Begin();
        return new AssistWorld(folder, world, knowledge.Id);
    }

    public string AuditFile => Path.Combine(shelf.FullName, "audit.log");

    /// <summary>A conversation about a refund, as the sandbox has it.</summary>
    public string Converse() => World.Converse("I was charged twice and want a refund of the payment.");

    public Task<(HttpStatusCode Status, JsonObject Body)> AskAsync(string conversation, Action<JsonObject>? with = null)
    {
        var asked = new JsonObject
        {
            ["conversationId"] = conversation,
            ["transcript"] = "Bot: How can I help?\nCustomer: I was charged twice and want a refund of the payment.",
            ["agentSkills"] = new JsonArray("refunds"),
            ["knowledgeSourceIds"] = new JsonArray("local", KnowledgeBase),
            ["agentId"] = "ana",
        };
        with?.Invoke(asked);
        return PostAsync("v1/assist/suggestions", asked);
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, JsonNode body) => SendAsync(() => World.Client.PostAsJsonAsync(path, body, Ct));

    public Task<(HttpStatusCode Status, JsonObject Body)> GetAsync(string path) => SendAsync(() => World.Client.GetAsync(path, Ct));

    static async Task<(HttpStatusCode, JsonObject)> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        using var reply = await send();
        return (reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(Ct))!.AsObject());
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> EngageAsync(JsonNode suggestion, string action, string agent = "ana") =>
        PostAsync($"v1/assist/suggestions/{suggestion["id"]}/engagements", new JsonObject { ["action"] = action, ["agentId"] = agent });

    /// <summary>The request as it stands once it waits for nobody any more.</summary>
    public async Task<JsonObject> UntilSettledAsync(JsonObject asked)
    {
        while (true)
        {
            var (_, now) = await GetAsync($"v1/assist/requests/{asked["requestId"]}");
            if (now["state"]!.GetValue<string>() is not ("Waiting" or "Asking")) return now;
            await World.PassAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    public static JsonObject Source(JsonObject answer, string name) => answer["sources"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == name)!.AsObject();
    public static string State(JsonObject answer, string source) => Source(answer, source)["state"]!.GetValue<string>();
    public static IReadOnlyList<JsonObject> Suggestions(JsonObject answer) => [.. answer["suggestions"]!.AsArray().Select(s => s!.AsObject())];
    public static IReadOnlyList<string> Titles(JsonObject answer) => [.. Suggestions(answer).Select(s => s["title"]!.GetValue<string>())];

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        shelf.Delete(recursive: true);
    }
}
