using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class OrganizationEndpoints
{
    static readonly (string Key, long Value)[] PlatformDefaults =
    [
        ("client.credentials.token.rate.per.minute", 300),
        ("token.rate.per.minute", 300),
        ("ui.token.rate.per.minute", 300),
        ("org.app.user.rate.per.minute", 3000),
        ("request.bytes.max", 512000),
    ];

    public static void MapOrganization(this ApiRoutes api)
    {
        api.Any("GET", "/organizations/me", "", Me);
        api.Any("GET", "/organizations/limits/namespaces/{namespaceName}", "", call => Limits(call, call.Client!.CallsPerMinute));
        api.Any("GET", "/organizations/limits/namespaces/{namespaceName}/defaults", "", call => Limits(call, 300));
    }

    static Answer Me(Call call) => Answer.Ok(Json.Object(
        ("id", call.World.OrganizationId),
        ("name", "Baton Sandbox"),
        ("defaultLanguage", "en-us"),
        ("defaultCountryCode", "US"),
        ("thirdPartyOrgName", "baton-sandbox"),
        ("domain", "sandbox.example"),
        ("version", 1),
        ("state", "active"),
        ("defaultSiteSettings", new JsonObject()),
        ("voicemailEnabled", false),
        ("productPlatform", "PureCloud"),
        ("selfUri", "/api/v2/organizations/me")));

    static Answer Limits(Call call, int perMinute)
    {
        var space = call.Path("namespaceName");
        if (space != "platform.api") throw Refusals.NotFound();
        return Answer.Ok(Json.Object(
            ("namespace", space),
            ("limits", Json.Array(PlatformDefaults, l => Json.Object(("namespace", space), ("key", l.Key), ("value", l.Key == "client.credentials.token.rate.per.minute" ? perMinute : l.Value))))));
    }
}
