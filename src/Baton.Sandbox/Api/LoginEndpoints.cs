using System.Net;
using System.Text;
using Baton.Sandbox.Http;
using Baton.Sandbox.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Baton.Sandbox.Api;

/// <summary>The login host's pages: in place of a password, a list of the organization's people to choose from.</summary>
static class LoginEndpoints
{
    public static Operation Ask { get; } = new("GET", "/oauth/authorize", [], NeedsAll: false, Show) { IsOpen = true };
    public static Operation Choose { get; } = new("POST", "/oauth/authorize", [], NeedsAll: false, Take) { IsOpen = true };

    static Answer Show(Call call)
    {
        if (WhyNot(call) is { } refusal) return refusal;
        // A browser that remembers the person shows no page.
        return call.Query("login_hint") is { } hint && call.World.Agent(hint) is { } known ? SendBack(call, known) : Page(call);
    }

    static Answer Take(Call call)
    {
        if (WhyNot(call) is { } refusal) return refusal;
        var chosen = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Bytes)).TryGetValue("user", out var user) ? user.ToString() : "";
        if (chosen.Length == 0) return SendBack(call, "access_denied", "The user denied the request.");
        return call.World.Agent(chosen) is { } person ? SendBack(call, person) : Page(call);
    }

    /// <summary>Nobody is sent to an address that the client has not registered; what else is wrong is told there.</summary>
    static Answer? WhyNot(Call call)
    {
        var (id, redirect) = (call.Query("client_id"), call.Query("redirect_uri"));
        if (id is null || call.World.Tokens.Find(id) is not { } client) return Trouble("The client is unknown.");
        if (redirect is null || client.RedirectUris?.Contains(redirect) != true) return Trouble("The redirect URI is not one of the client's.");
        call.Client = client;
        if (call.Query("response_type") != "code") return SendBack(call, "unsupported_response_type", "response_type must be code.");
        return call.Query("code_challenge") is { Length: 43 } && call.Query("code_challenge_method") == "S256" ? null : SendBack(call, "invalid_request", "code_challenge and code_challenge_method=S256 are required.");
    }

    static Answer SendBack(Call call, Agent user) =>
        SendBack(call, ("code", call.World.Tokens.Codes.Issue(call.Client!, user, call.Query("redirect_uri")!, call.Query("code_challenge")!)));

    static Answer SendBack(Call call, string error, string description) => SendBack(call, ("error", error), ("error_description", description));

    static Answer SendBack(Call call, params IEnumerable<(string Name, string Value)> told)
    {
        if (call.Query("state") is { } state) told = told.Append(("state", state));
        return new Answer(302) { Location = QueryHelpers.AddQueryString(call.Query("redirect_uri")!, told.Select(t => KeyValuePair.Create(t.Name, (string?)t.Value))) };
    }

    static Answer Page(Call call)
    {
        var people = string.Concat(call.World.Agents.Select(a =>
            $"""<li><button name="user" value="{a.Id}">{WebUtility.HtmlEncode(a.Name)}</button> {WebUtility.HtmlEncode(a.Email)}, {WebUtility.HtmlEncode(string.Join(", ", a.Roles))}</li>"""));
        return Html(200, $"""<h1>Baton Sandbox</h1><p>Who are you?</p><form method="post"><ul>{people}</ul><p><button name="user" value="">Cancel</button></p></form>""");
    }

    static Answer Trouble(string sentence) => Html(400, $"<h1>Baton Sandbox</h1><p>{sentence}</p>");

    static Answer Html(int status, string body) =>
        new(status, $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title></head><body>{body}</body></html>""", "text/html; charset=utf-8");
}
