using Baton.Core.Assist;
using Baton.Genesys;
using Baton.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.EndToEnd.Tests.Assist;

/// <summary>A connector to the sandbox, and one question for its sources.</summary>
static class SourceAsk
{
    public static readonly AssistRequestId Request = AssistRequestId.Parse("as_00000000000000000000000000000001");

    public static GenesysContactCenter Center(this SandboxFixture fixture, HttpMessageHandler network, GenesysFlavor flavor, IReadOnlyList<string>? permissions = null, IReadOnlyList<string>? scopes = null)
    {
        fixture.Organization.AddOAuthClient("assist", "secret", permissions, callsPerMinute: 10_000, scopes: scopes);
        return GenesysContactCenter.Create(new GenesysOptions
        {
            Flavor = flavor,
            ApiBaseUrl = fixture.Sandbox.ApiBaseUrl.ToString(),
            LoginBaseUrl = fixture.Sandbox.LoginBaseUrl.ToString(),
            Clients = [new OAuthClientOptions("assist", "secret")],
            CallsPerMinute = 10_000,
        }, network, fixture.Time, new Random(1), NullLoggerFactory.Instance);
    }

    public static ISuggestionSource Source(this GenesysContactCenter center, string name) => center.SuggestionSources.Single(s => s.Name == name);

    public static SourceQuestion Question(string conversationId, string text, string? callback = null, params string[] sources)
    {
        var transcript = $"Customer: {text}";
        return new SourceQuestion(Request, new AssistQuestion(conversationId, transcript) { AgentSkills = ["refunds"], KnowledgeSourceIds = sources }, AssistQuery.Of(transcript), callback);
    }

    public static async Task<SourceAnswer.Found> FoundAsync(this ISuggestionSource source, SourceQuestion question) =>
        (await source.AskAsync(question, TestContext.Current.CancellationToken)).ShouldBeOfType<SourceAnswer.Found>();
}
