namespace Baton.Sandbox.Http;

/// <summary>The codes and sentences of the platform, spelled exactly.</summary>
static class Refusals
{
    public static Refusal BadRequest(string? message = null) =>
        new(400, "bad.request", message ?? "The request could not be understood by the server due to malformed syntax.");

    public static Refusal InvalidValue(string value, string field, IEnumerable<string> allowed)
    {
        var all = string.Join(", ", allowed);
        return new(400, "invalid.value", $"Value [{value}] is not valid for field type [{field}]. Allowable values are: {all}")
        {
            Template = "Value [{value}] is not valid for field type [{field}]. Allowable values are: {allowed}",
            Params = new Dictionary<string, string> { ["value"] = value, ["field"] = field, ["allowed"] = all },
        };
    }

    public static Refusal InvalidQuery(string name, string value) =>
        new(400, "invalid.query.param.value", $"The query parameter {name} has the invalid value [{value}].") { Params = new Dictionary<string, string> { ["name"] = name, ["value"] = value } };

    public static Refusal Missing(string field) =>
        new(400, "required.field.missing", $"The required field {field} is missing.") { Params = new Dictionary<string, string> { ["field"] = field } };

    public static Refusal NotAUser() =>
        new(400, "not.a.user", "This request requires a user context. Client credentials cannot be used for requests to this resource.");

    public static Refusal NoToken() => new(401, "authentication.required", "No authentication bearer token specified in authorization header.");

    public static Refusal BadToken() => new(401, "bad.credentials", "Invalid login credentials.");

    public static Refusal ExpiredToken() => new(401, "credentials.expired", "The supplied credentials have expired.");

    public static Refusal MissingPermissions(IReadOnlyList<string> permissions, bool any)
    {
        var all = string.Join(", ", permissions);
        var sentence = any
            ? "Unable to perform the requested action. You must have at least one of the following permissions assigned: "
            : "Unable to perform the requested action. You are missing the following permission(s): ";
        return new(403, any ? "missing.any.permissions" : "missing.permissions", sentence + all)
        {
            Template = sentence + "{permissions}",
            Params = new Dictionary<string, string> { ["permissions"] = all },
        };
    }

    public static Refusal NotFound() => new(404, "not.found", "The requested resource was not found.");

    public static Refusal NoConversation() => new(404, "conversation.error.conversation.not.found", "The conversation does not exist.");

    public static Refusal NotAParticipant() => new(404, "conversation.error.not.conversation.participant", "The participant is not part of the conversation.");

    public static Refusal TooLarge(long max) =>
        new(413, "request.entity.too.large", $"The request is over the size limit. Maximum bytes: {max}") { Limit = ("platform.api", "request.bytes.max", max) };

    public static Refusal MediaType() => new(415, "unsupported.media.type",
        "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect Content-Type value in the header.");

    public static Refusal TooMany(int seconds, int allowed, string space = "platform.api", string key = "client.credentials.token.rate.per.minute") =>
        new(429, "too.many.requests.retry.after", $"Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds")
        {
            RetryAfter = seconds,
            Limit = (space, key, allowed),
        };

    public static Refusal NotConnected() =>
        new(400, "conversations.error.transfer.not.connected", "You can only transfer conversations that are in the connected state.");

    public static Refusal SameParty() =>
        new(400, "conversations.error.transfer.same.party", "The target of the transfer cannot be the same as the destination.");

    public static Refusal NoDestination() => new(400, "conversations.error.transfer.destination.required", "A destination is required to transfer an interaction.");

    public static Refusal NoQueue() =>
        new(400, "conversations.error.queue.not.found", "Interaction cannot be transferred to a queue that does not exist.");

    public static Refusal OfStatus(int status) => status switch
    {
        500 => new(500, "internal.server.error", "The server encountered an unexpected condition which prevented it from fulfilling the request."),
        503 => new(503, "service.unavailable", "Service Unavailable - The server is currently unavailable (because it is overloaded or down for maintenance)."),
        504 => new(504, "request.timeout", "The request timed out."),
        409 => new(409, "general.conflict", "The request conflicts with the current state of the target resource."),
        404 => NotFound(),
        _ => new(status, status >= 500 ? "internal.server.error" : "bad.request", "The request failed."),
    };
}
