using System.Text.Json.Nodes;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Http;

/// <summary>The platform says no. Thrown by whatever part of a handler notices, answered as an ErrorBody.</summary>
sealed class Refusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>The message before its parameters were put in.</summary>
    public string? Template { get; init; }
    public (string Namespace, string Key, long Value)? Limit { get; init; }
    public int? RetryAfter { get; init; }
    public (string Id, string Name)? Entity { get; init; }

    /// <summary>The fields at fault, each with a code.</summary>
    public IReadOnlyList<(string ErrorCode, string FieldName)> Details { get; init; } = [];

    public JsonObject Body(string contextId)
    {
        var named = new JsonObject();
        foreach (var (key, value) in Params) named.Add(key, value);
        return Json.Object(
            ("message", Message),
            ("code", Code),
            ("status", Status),
            ("messageWithParams", Template),
            ("messageParams", Params.Count > 0 ? named : null),
            ("entityId", Entity?.Id),
            ("entityName", Entity?.Name),
            ("contextId", contextId),
            ("details", Json.Array(Details, d => Json.Object(("errorCode", d.ErrorCode), ("fieldName", d.FieldName)))),
            ("errors", new JsonArray()),
            ("limit", Limit is { } limit ? Json.Object(("namespace", limit.Namespace), ("key", limit.Key), ("value", limit.Value)) : null));
    }
}
