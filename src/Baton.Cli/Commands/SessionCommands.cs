using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Access;

namespace Baton.Cli.Commands;

static class SessionCommands
{
    public static Command Create() => new("sessions", "People who are signed in to the console.") { List(), End() };

    static Command List() => Verb.WithStore("list", "List who is signed in, oldest first.", async (_, store, _, output, ct) =>
    {
        var sessions = await store.ListSessionsAsync(TimeProvider.System.GetUtcNow(), ct);
        output.Answer(new JsonArray([.. sessions.Select(Json)]), () => Out.Table(["session", "name", "role", "with", "since", "last used", "until"],
            sessions.Select(s => (IReadOnlyList<string>)[s.Id, s.Name, Word(s), s.KeyId is { } key ? $"key {key}" : "Genesys Cloud", $"{s.CreatedAt:u}", s.LastUsedAt is { } used ? $"{used:u}" : "never", $"{s.ExpiresAt:u}"])));
        return ExitCodes.Done;
    });

    static Command End()
    {
        var id = new Argument<string>("SESSION") { Description = "Its id, as 'baton sessions list' shows it" };
        return Verb.WithStore("end", "Sign somebody out: from now on their cookie opens nothing.", async (parsed, store, _, output, ct) =>
        {
            var asked = parsed.GetValue(id)!;
            if (await store.FindSessionAsync(asked, ct) is not { } session || !await store.EndSessionAsync(asked, Environment.UserName, TimeProvider.System.GetUtcNow(), ct))
                throw new IOException($"Nobody is signed in with the session {asked}; 'baton sessions list' shows who is.");
            output.Answer(new JsonObject { ["id"] = session.Id, ["name"] = session.Name, ["ended"] = true }, () => output.Line($"{session.Name} is signed out."));
            return ExitCodes.Done;
        }, id);
    }

    static string Word(Session session) => session.Role.ToString().ToLowerInvariant();

    static JsonObject Json(Session session) => new()
    {
        ["id"] = session.Id,
        ["name"] = session.Name,
        ["role"] = Word(session),
        ["keyId"] = session.KeyId,
        ["userId"] = session.UserId,
        ["createdAt"] = session.CreatedAt,
        ["lastUsedAt"] = session.LastUsedAt,
        ["expiresAt"] = session.ExpiresAt,
    };
}
