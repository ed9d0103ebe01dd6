using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Deliveries;

namespace Baton.Cli.Commands;

static class DeliveryCommands
{
    public static Command Create() => new("deliveries", "Events sent to other systems: what is on its way, what was given up, and sending it again.") { List(), Show(), Replay() };

    static readonly Option<string?> Target = new("--target") { Description = "Only those to this receiver" };

    static Command List()
    {
        var state = new Option<DeliveryState?>("--state") { Description = "Only those in this state" };
        var limit = new Option<int>("--limit") { Description = "How many, newest first", DefaultValueFactory = _ => 30 };
        return Verb.WithStore("list", "List deliveries, newest first.", async (parsed, store, settings, output, ct) =>
        {
            var found = await store.ListDeliveriesAsync(new DeliveryFilter { State = parsed.GetValue(state), Target = parsed.GetValue(Target), Limit = parsed.GetValue(limit) }, ct);
            output.Answer(new JsonArray([.. found.Select(Json)]), () => Out.Table(["delivery", "state", "target", "event", "created", "attempts", "next", "last error"],
                found.Select(d => (IReadOnlyList<string>)[d.Id, d.State.ToString(), d.Target, d.EventType, $"{d.CreatedAt:u}", $"{d.Attempts}", d.DueAt is { } due ? $"{due:u}" : "", d.LastError ?? ""])));
            foreach (var gone in found.Where(d => d.State == DeliveryState.Pending).Select(d => d.Target).Distinct().Where(t => settings.Deliveries.Targets.All(s => s.Name != t)))
                Console.Error.WriteLine($"The receiver '{gone}' is not configured any more; what is pending for it waits until it is.");
            return ExitCodes.Done;
        }, state, Target, limit);
    }

    static Command Show()
    {
        var id = new Argument<string>("DELIVERY") { Description = "The delivery's id (de_...)" };
        return Verb.WithStore("show", "A delivery with its body and every attempt.", async (parsed, store, settings, output, ct) =>
        {
            var delivery = await store.FindDeliveryAsync(parsed.GetValue(id)!, ct) ?? throw new IOException($"There is no delivery {parsed.GetValue(id)} in this store.");
            var attempts = await store.DeliveryAttemptsAsync(delivery.Id, ct);
            var json = Json(delivery);
            json["body"] = JsonNode.Parse(delivery.Body);
            json["history"] = new JsonArray([.. attempts.Select(a => new JsonObject { ["at"] = a.At, ["status"] = a.Status, ["error"] = a.Error, ["milliseconds"] = Math.Round(a.Milliseconds, 1) })]);
            output.Answer(json, () =>
            {
                output.Line($"Delivery      {delivery.Id}");
                output.Line($"Event         {delivery.EventType} of conversation {delivery.ConversationId}");
                output.Line($"Receiver      {delivery.Target}");
                output.Line($"State         {delivery.State}{(delivery.DueAt is { } due ? $", next {due:u}" : "")}");
                if (delivery.LastError is not null) output.Line($"Last error    {delivery.LastError}");
                output.Line($"Body          {delivery.Body}");
                Out.Table(["time", "status", "ms", "error"], attempts.Select(a => (IReadOnlyList<string>)[$"{a.At:yyyy-MM-dd HH:mm:ss.fff}", a.Status?.ToString() ?? "none", $"{a.Milliseconds:0}", a.Error ?? ""]));
            });
            return ExitCodes.Done;
        }, id);
    }

    static Command Replay()
    {
        var id = new Argument<string?>("DELIVERY") { Description = "The delivery's id (de_...)", Arity = ArgumentArity.ZeroOrOne };
        var dead = new Option<bool>("--dead") { Description = "All that were given up" };
        return Verb.WithStore("replay", "Send again, with the same id and body: a delivery, or all that were given up. 'baton serve' does it.", async (parsed, store, settings, output, ct) =>
        {
            if (parsed.GetValue(id) is null == !parsed.GetValue(dead)) throw new UsageException("Name one delivery, or give --dead for all that were given up.");
            var which = parsed.GetValue(id) is { } one ? [one]
                : (await store.ListDeliveriesAsync(new DeliveryFilter { State = DeliveryState.Dead, Target = parsed.GetValue(Target), Limit = int.MaxValue }, ct)).Select(d => d.Id).Reverse().ToList();
            var replayed = 0;
            foreach (var each in which)
            {
                if (await store.ReplayDeliveryAsync(each, Environment.UserName, TimeProvider.System.GetUtcNow(), ct)) replayed++;
                else if (await store.FindDeliveryAsync(each, ct) is null) throw new IOException($"There is no delivery {each} in this store.");
            }
            output.Answer(new JsonObject { ["replayed"] = replayed }, () => output.Line(replayed == 1 ? "1 delivery is due again." : $"{replayed} deliveries are due again."));
            return ExitCodes.Done;
        }, id, dead, Target);
    }

    static JsonObject Json(Delivery d) => new()
    {
        ["id"] = d.Id,
        ["state"] = d.State.ToString(),
        ["target"] = d.Target,
        ["eventType"] = d.EventType,
        ["conversationId"] = d.ConversationId,
        ["createdAt"] = d.CreatedAt,
        ["attempts"] = d.Attempts,
        ["dueAt"] = d.DueAt,
        ["lastError"] = d.LastError,
    };
}
