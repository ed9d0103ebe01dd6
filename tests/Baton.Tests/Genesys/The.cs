using System.Net;
using Baton.Core.Handoffs;
using Baton.Genesys;
using Baton.Genesys.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.Tests.Genesys;

/// <summary>One organization and the client that calls it.</summary>
static class The
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    public const string Conversation = "7f3c2f8e-0d0b-4a39-9a44-0c7d3a1f5b11";
    public static readonly Uri Login = new("https://login.test/");
    public static readonly OAuthClientOptions Client = new("client-1", "top-secret");

    public static readonly GenesysOptions Options = new() { ApiBaseUrl = "https://api.test", LoginBaseUrl = "https://login.test", Clients = [Client], BotFlows = ["flow-1"] };

    public static HandoffId Handoff(int number) => HandoffId.Parse($"ho_{number:x32}");

    public static GenesysApi Api(StubNetwork network, TimeProvider time, GenesysOptions? options = null) => new(options ?? Options, network, time, new Random(1), NullLogger.Instance);

    public static HttpResponseMessage Answer(HttpStatusCode status, string body = "{}", params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    public static HttpResponseMessage Ok(string body = "{}") => Answer(HttpStatusCode.OK, body);
}
