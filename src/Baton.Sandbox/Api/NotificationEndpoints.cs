using System.Text.Json.Nodes;
using Baton.Sandbox.Http;
using Baton.Sandbox.Notifications;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Api;

static class NotificationEndpoints
{
    const string Channel = "/notifications/channels/{channelId}";

    public static void MapNotifications(this ApiRoutes api)
    {
        api.Any("POST", "/notifications/channels", "", call => Answer.Ok(Render(call, call.World.Notifying.Open(call.Token!))));
        api.Any("GET", "/notifications/channels", "", List);
        api.Any("HEAD", Channel, "", call => Find(call) is null ? new(404) : new(200));
        api.Any("GET", Channel + "/subscriptions", "", call => Topics(Existing(call)));
        api.Any("POST", Channel + "/subscriptions", "", call => Subscribe(call, replaces: false));
        api.Any("PUT", Channel + "/subscriptions", "", call => Subscribe(call, replaces: true));
        api.Any("DELETE", Channel + "/subscriptions", "", Clear);
        api.Any("GET", "/notifications/availabletopics", "", call => Answer.Ok(Json.Object(("entities", Json.Array(TopicCatalog.All, t => NotificationWire.Available(t, call.QueryAll("expand")))))));
    }

    static JsonObject Render(Call call, NotificationChannel channel) => NotificationWire.Channel(channel, call.Request.Host.Value!);

    static NotificationChannel? Find(Call call) => call.World.Notifying.Find(call.Path("channelId")) is { } channel && channel.Token.Client == call.Client ? channel : null;

    static NotificationChannel Existing(Call call) => Find(call) ?? throw Refusals.NotFound();

    static Answer List(Call call)
    {
        var included = call.Query("includechannels") ?? "token";
        if (included is not ("token" or "oauthclient")) throw Refusals.InvalidQuery("includechannels", included);
        var own = call.World.Notifying.Channels.Where(c => included == "token" ? c.Token == call.Token : c.Token.Client == call.Client);
        return Answer.Ok(Json.Object(("entities", Json.Array(own, c => Render(call, c)))));
    }

    static Answer Topics(NotificationChannel channel, IEnumerable<JsonObject>? rejected = null) =>
        Answer.Ok(Json.Object(("entities", Json.Array(channel.Subscriptions.Select(t => NotificationWire.Topic(channel, t)).Concat(rejected ?? []), t => t))));

    static Answer Subscribe(Call call, bool replaces)
    {
        var channel = Existing(call);
        var wanted = Wanted(call);
        var judged = wanted.Select(topic => (Topic: topic, Missing: NotificationDesk.Missing(call.Client!, topic))).ToList();
        if (call.Query("ignoreErrors") is not "true" && judged.Find(j => j.Missing is not { Count: 0 }) is { Topic: not null } bad)
            throw bad.Missing is null ? new Refusal(400, "notification.invalid.topic", "The subscription topic is not valid.") : Refusals.MissingPermissions(bad.Missing, any: bad.Missing.Count > 1);
        var good = judged.Where(j => j.Missing is { Count: 0 }).Select(j => j.Topic).ToList();
        if ((replaces ? good : channel.Subscriptions.Union(good)).Count() > NotificationDesk.MaxTopics)
            throw new Refusal(400, "notification.subscription.too.many.subscriptions", $"A channel may have at most {NotificationDesk.MaxTopics} topics.");
        if (replaces) call.World.Notifying.Unsubscribe(channel);
        call.World.Notifying.Subscribe(channel, good);
        return Topics(channel, judged.Where(j => j.Missing is not { Count: 0 }).Select(j => NotificationWire.Rejected(j.Topic, j.Missing)));
    }

    static List<string> Wanted(Call call)
    {
        if (call.Body is not JsonArray list) throw Refusals.BadRequest();
        return [.. list.Select(item => item is JsonObject topic ? Call.Text(topic, "id") ?? throw Refusals.Missing("id") : throw Refusals.BadRequest()).Distinct()];
    }

    static Answer Clear(Call call)
    {
        call.World.Notifying.Unsubscribe(Existing(call));
        return Answer.NoContent;
    }
}
