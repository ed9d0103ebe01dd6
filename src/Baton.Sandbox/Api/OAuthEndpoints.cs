using System.Text;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace Baton.Sandbox.Api;

/// <summary>The login host and the token's own resource.</summary>
static class OAuthEndpoints
{
    public static Operation Login { get; } = new("POST", "/oauth/token", [], NeedsAll: false, IssueToken) { IsOpen = true };

    public static void MapTokens(this ApiRoutes api)
    {
        api.Any("GET", "/tokens/me", "", Describe);
        api.Any("HEAD", "/tokens/me", "", _ => new Answer(200));
        api.Any("DELETE", "/tokens/me", "", Delete);
    }

    static Answer IssueToken(Call call)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Bytes));
        string Given(string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";
        var (id, secret) = Basic(call.Request.Headers.Authorization.ToString()) ?? (Given("client_id"), Given("client_secret"));
        var grant = Given("grant_type");
        if (grant.Length == 0) return Error(400, "invalid_request", "grant_type is required");
        if (grant == "authorization_code") return Redeem(call, id, Given);
        if (grant != "client_credentials") return Error(400, "unsupported_grant_type", "unsupported grant type");
        if (call.World.Tokens.Find(id) is not { } client) return Error(400, "invalid_client", "client not found");
        if (client.InAnotherRegion || client.RedirectUris is not null || client.Secret != secret) return Error(401, "invalid_client", "authentication failed");
        call.Client = client;
        return Granted(call, call.World.Tokens.Issue(client));
    }

    static Answer Redeem(Call call, string id, Func<string, string> given)
    {
        if (call.World.Tokens.Find(id) is not { } client) return Error(400, "invalid_client", "client not found");
        if (client.RedirectUris is null) return Error(400, "unauthorized_client", "the client may not use this grant");
        call.Client = client;
        return call.World.Tokens.Codes.Redeem(given("code"), client, given("redirect_uri"), given("code_verifier")) is { } user
            ? Granted(call, call.World.Tokens.Issue(client, user))
            : Error(400, "invalid_grant", "the authorization code is wrong, used or expired, or the verifier or redirect URI does not fit it");
    }

    static Answer Granted(Call call, Token token) => Answer.Ok(Json.Object(
        ("access_token", token.Value),
        ("token_type", "bearer"),
        // Recorded replies say one second less than the client's lifetime.
        ("expires_in", (int)call.World.Options.TokenLifetime.TotalSeconds - 1)));

    static Answer Describe(Call call)
    {
        var organization = Json.Object(("id", call.World.OrganizationId), ("name", "Baton Sandbox"));
        return Answer.Ok(Json.Object(
            ("organization", organization),
            ("homeOrganization", organization.DeepClone()),
            ("authorizedScope", new System.Text.Json.Nodes.JsonArray()),
            ("OAuthClient", Json.Object(("id", call.Client!.Id), ("name", call.Client.Id), ("organization", organization.DeepClone())))));
    }

    static Answer Delete(Call call)
    {
        call.Token!.Deleted = true;
        call.World.Notifying.TokenRevoked(call.Token);
        return Answer.NoContent;
    }

    static Answer Error(int status, string error, string description) =>
        Answer.Of(status, Json.Object(("error", error), ("description", description), ("error_description", description)));

    static (string Id, string Secret)? Basic(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return ("", "");
        var pair = Encoding.Latin1.GetString(bytes, 0, length).Split(':', 2);
        return pair.Length == 2 ? (pair[0], pair[1]) : (pair[0], "");
    }
}
