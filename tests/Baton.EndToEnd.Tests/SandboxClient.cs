using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Sandbox;

namespace Baton.EndToEnd.Tests;

/// <summary>A caller of the sandbox who knows nothing but HTTP.</summary>
public sealed class SandboxClient(GenesysSandbox sandbox) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler());

    public string? Token { get; set; }

    public static async Task<SandboxClient> LoggedInAsync(GenesysSandbox sandbox, string id = "baton-sandbox", string secret = "sandbox-secret")
    {
        var client = new SandboxClient(sandbox);
        var reply = await client.LoginAsync(id, secret);
        client.Token = reply.Json["access_token"]!.GetValue<string>();
        return client;
    }

    public Task<SandboxReply> LoginAsync(string id, string secret, string grant = "client_credentials") => SendAsync(new(HttpMethod.Post, $"{sandbox.LoginBaseUrl}/oauth/token")
    {
        Content = new FormUrlEncodedContent([new("grant_type", grant)]),
        Headers = { Authorization = new("Basic", Convert.ToBase64String(Encoding.Latin1.GetBytes($"{id}:{secret}"))) },
    });

    public Task<SandboxReply> GetAsync(string path) => CallAsync(HttpMethod.Get, path, null);

    public Task<SandboxReply> PostAsync(string path, string? body = null) => CallAsync(HttpMethod.Post, path, body);

    public Task<SandboxReply> PatchAsync(string path, string body) => CallAsync(HttpMethod.Patch, path, body);

    public Task<SandboxReply> PutAsync(string path, string body) => CallAsync(HttpMethod.Put, path, body);

    public Task<SandboxReply> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path, null);

    public Task<SandboxReply> ReplaceQueueAsync(string conversationId, string participantId, string queueId) =>
        PostAsync($"/conversations/{conversationId}/participants/{participantId}/replace/queue", $$"""{"queueId":"{{queueId}}","transferType":"Unattended"}""");

    public Task<SandboxReply> CallAsync(HttpMethod method, string path, string? body, string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(method, $"{sandbox.ApiBaseUrl}/api/v2{path}");
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        return SendAsync(request);
    }

    public async Task<SandboxReply> AdminAsync(HttpMethod method, string path, string? body = null) => await SendAsync(new(method, $"{sandbox.BaseAddress}sandbox{path}")
    {
        Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
    });

    async Task<SandboxReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
            return new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), headers);
        }
    }

    public void Dispose() => http.Dispose();
}

public sealed record SandboxReply(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;
    public string? Code => Json["code"]?.GetValue<string>();
}
