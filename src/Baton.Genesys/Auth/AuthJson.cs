using System.Text.Json.Serialization;

namespace Baton.Genesys.Auth;

// Names as they stand on the wire (RFC 6749, and the platform's two spellings of a description).
sealed record TokenGrant(string? access_token, double expires_in);
sealed record TokenError(string? error, string? description, string? error_description);

[JsonSerializable(typeof(TokenGrant))]
[JsonSerializable(typeof(TokenError))]
sealed partial class AuthJson : JsonSerializerContext;
