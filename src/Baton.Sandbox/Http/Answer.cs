using System.Text.Json.Nodes;

namespace Baton.Sandbox.Http;

sealed record Answer(int Status, string? Text = null, string ContentType = "application/json")
{
    /// <summary>Where a browser is sent on to.</summary>
    public string? Location { get; init; }

    /// <summary>What is to happen before it is written.</summary>
    public Task Before { get; init; } = Task.CompletedTask;

    /// <summary>Most replies that promise later work have no body at all.</summary>
    public static Answer Accepted { get; } = new(202);
    public static Answer NoContent { get; } = new(204);

    public static Answer Ok(JsonNode body) => Of(200, body);

    public static Answer Of(int status, JsonNode body) => new(status, body.ToJsonString());
}
