using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Core;
using Baton.Core.Access;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Sandbox;
using Baton.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>A server with keys over a sandbox, both on real HTTP, and a client for each role.</summary>
sealed class ApiWorld : IAsyncDisposable
{
    const string Secret = "the-secret-of-the-test-organization";

    readonly DirectoryInfo folder;
    readonly GenesysSandbox sandbox;
    // Followed by itself, a redirect would lose the key.
    readonly SocketsHttpHandler network = new() { AllowAutoRedirect = false };
    readonly SocketsHttpHandler outward;
    readonly List<HttpClient> clients = [];
    bool isStopped;

    ApiWorld(DirectoryInfo folder, GenesysSandbox sandbox, SocketsHttpHandler outward, BatonSystem system, BatonServer server) =>
        (this.folder, this.sandbox, this.outward, Baton, Server) = (folder, sandbox, outward, system, server);

    public BatonSystem Baton { get; }
    public BatonServer Server { get; }
    public GenesysSandbox Sandbox => sandbox;
    public HttpClient Bot { get; private set; } = null!;
    public HttpClient Agent { get; private set; } = null!;
    public HttpClient Supervisor { get; private set; } = null!;
    public HttpClient Admin { get; private set; } = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<ApiWorld> StartAsync(Func<BatonSettings, BatonSettings>? configured = null, TimeProvider? time = null)
    {
        var home = Directory.CreateTempSubdirectory("baton-api-");
        var vendor = await GenesysSandbox.StartAsync(new SandboxOptions { SeedOrganization = false, CallsPerMinute = 100_000 }, Ct);
        foreach (var queue in (string[])["Support", "Billing"]) vendor.Organization.AddQueue(queue);
        vendor.Organization.AddOAuthClient("baton", Secret);
        vendor.Organization.AddAgent("Sam", ["Support", "Billing"], [], new AgentBehavior { AcceptAfter = TimeSpan.FromMinutes(10), Capacity = 1000 });
        var settings = new BatonSettings
        {
            StorePath = Path.Combine(home.FullName, "baton.db"),
            Url = "http://127.0.0.1:0",
            Access = new AccessSettings { RequestsPerMinute = 1_000_000 },
            Genesys = new GenesysOptions { ApiBaseUrl = vendor.ApiBaseUrl.ToString(), LoginBaseUrl = vendor.LoginBaseUrl.ToString(), Clients = [new OAuthClientOptions("baton", Secret)] },
        };
        var wire = new SocketsHttpHandler();
        var system = await BatonSystem.OpenAsync(configured?.Invoke(settings) ?? settings, new BatonSystem.Parts(time ?? TimeProvider.System, new Random(1), NullLoggerFactory.Instance) { Network = wire }, Ct);
        var world = new ApiWorld(home, vendor, wire, system, await BatonServer.StartAsync(system, null, Ct));
        world.Bot = await world.ClientAsync("shop bot", Role.Bot);
        world.Agent = await world.ClientAsync("desk", Role.Agent);
        world.Supervisor = await world.ClientAsync("Sue", Role.Supervisor);
        world.Admin = await world.ClientAsync("Ada", Role.Admin);
        return world;
    }

    public async Task<(ApiKey Key, string Token)> KeyAsync(string name, Role role)
    {
        var made = ApiKey.New(name, role, Baton.Time.GetUtcNow());
        await Baton.Store.CreateKeyAsync(made.Key, "test", Ct);
        return made;
    }

    public async Task<HttpClient> ClientAsync(string name, Role role) => Client((await KeyAsync(name, role)).Token);

    public HttpClient Client(string? token)
    {
        var client = new HttpClient(network, disposeHandler: false) { BaseAddress = Server.Address, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        clients.Add(client);
        return client;
    }

    public string Converse(string text = "Where is my parcel?") => sandbox.Organization.StartConversation(new GuestProfile("Gina"), text).ConversationId;

    public static JsonObject Turns(params string[] texts) => new()
    {
        ["turns"] = new JsonArray([.. texts.Select((text, i) => new JsonObject { ["id"] = $"t{i}", ["from"] = "Customer", ["text"] = text, ["at"] = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(i) })]),
    };

    public Task<Reply> TellAsync(string conversation, params string[] texts) => SendAsync(Bot, HttpMethod.Post, $"v1/conversations/{conversation}/turns", Turns(texts));

    /// <summary>A conversation that was handed off and waits in its queue.</summary>
    public async Task<Handoff> HandedOffAsync(string said)
    {
        var conversation = Converse();
        await TellAsync(conversation, "Where is my parcel?", said);
        return await UntilAsync(conversation, h => h.State == HandoffState.Queued);
    }

    /// <summary>Looks at the conversation's newest handoff with each of its news.</summary>
    public async Task<Handoff> UntilAsync(string conversation, Func<Handoff, bool> reached)
    {
        await using var news = await Admin.GetStreamAsync(new Uri($"v1/stream?conversationId={conversation}", UriKind.Relative), Ct);
        using var lines = new StreamReader(news);
        while (true)
        {
            if (await Baton.Store.ListHandoffsAsync(new HandoffFilter { ConversationId = conversation, Limit = 1 }, Ct) is [var newest] && reached(newest)) return newest;
            await lines.ReadLineAsync(Ct);
        }
    }

    public static Task<Reply> GetAsync(HttpClient client, string path) => SendAsync(client, HttpMethod.Get, path, null);

    public static Task<Reply> PostAsync(HttpClient client, string path, JsonNode? body = null, string? key = null) => SendAsync(client, HttpMethod.Post, path, body, key);

    public static async Task<Reply> SendAsync(HttpClient client, HttpMethod method, string path, JsonNode? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await SendAsync(client, request);
    }

    public static async Task<Reply> RawAsync(HttpClient client, string path, string body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        return await SendAsync(client, request);
    }

    public static async Task<Reply> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return new Reply(response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    /// <summary>Stops the server, as at the end of its process.</summary>
    public async Task StopAsync()
    {
        isStopped = true;
        await Server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        network.Dispose();
        if (!isStopped) await Server.DisposeAsync();
        await Baton.DisposeAsync();
        outward.Dispose();
        await sandbox.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

sealed record Reply(HttpStatusCode Status, string Text, string? Type, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;
    public string? Code => Type == "application/problem+json" ? Json["code"]!.GetValue<string>() : null;
    public string Detail => Json["detail"]!.GetValue<string>();

    /// <summary>A problem, with its code and the sentence that holds these words.</summary>
    public void ShouldBe(HttpStatusCode status, string code, string words = "")
    {
        (Status, Code).ShouldBe((status, code), Text);
        Detail.ShouldContain(words);
        Detail.ShouldEndWith(".");
        Json["status"]!.GetValue<int>().ShouldBe((int)status);
    }

    public JsonNode ShouldBeOk(HttpStatusCode status = HttpStatusCode.OK)
    {
        Status.ShouldBe(status, Text);
        return Json;
    }
}
