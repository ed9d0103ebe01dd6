using System.CommandLine;
using System.Text.Json.Nodes;
using Baton.Core.Access;

namespace Baton.Cli.Commands;

static class KeyCommands
{
    const int LongestName = 100;

    public static Command Create() => new("keys", "Keys to the API: who may call the server, and what for.") { Make(), List(), Revoke() };

    static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is: the audit trail names it" };
        var role = new Option<Role>("--role") { Description = "bot (tells turns), agent (reads, suggestions), supervisor (all but keys) or admin", Required = true };
        return Verb.WithNewStore("create", "Make a key. Its token is shown once: only a hash is kept.", async (parsed, store, output, ct) =>
        {
            var given = parsed.GetValue(name)!.Trim();
            if (given.Length is 0 or > LongestName || given.Any(char.IsControl)) throw new UsageException($"NAME is empty, longer than {LongestName} characters, or holds control characters.");
            var (key, token) = ApiKey.New(given, parsed.GetValue(role), TimeProvider.System.GetUtcNow());
            await store.CreateKeyAsync(key, Environment.UserName, ct);
            var json = Json(key);
            json["token"] = token;
            output.Answer(json, () =>
            {
                output.Line(token);
                Console.Error.WriteLine($"Key {key.Id} for {key.Name}, role {Word(key)}. The token is not shown again; send it as 'Authorization: Bearer ...'.");
            });
            return ExitCodes.Done;
        }, name, role);
    }

    static Command List() => Verb.WithStore("list", "List keys, oldest first, without their tokens.", async (_, store, _, output, ct) =>
    {
        var keys = await store.ListKeysAsync(ct);
        output.Answer(new JsonArray([.. keys.Select(Json)]), () => Out.Table(["key", "name", "role", "created", "last used", "revoked"],
            keys.Select(k => (IReadOnlyList<string>)[k.Id, k.Name, Word(k), $"{k.CreatedAt:u}", k.LastUsedAt is { } used ? $"{used:u}" : "never", k.RevokedAt is { } revoked ? $"{revoked:u}" : ""])));
        return ExitCodes.Done;
    });

    static Command Revoke()
    {
        var id = new Argument<string>("KEY") { Description = "The key's id, as 'baton keys list' shows it" };
        return Verb.WithStore("revoke", "End a key, and the sessions of people who signed in with it: from now on it opens nothing.", async (parsed, store, _, output, ct) =>
        {
            var asked = parsed.GetValue(id)!;
            if (await store.FindKeyAsync(asked, ct) is not { } key) throw new IOException($"There is no key {asked} in this store; 'baton keys list' shows them.");
            var now = await store.RevokeKeyAsync(asked, Environment.UserName, TimeProvider.System.GetUtcNow(), ct);
            output.Answer(new JsonObject { ["id"] = key.Id, ["name"] = key.Name, ["revoked"] = true }, () => output.Line(now ? $"Key {key.Id} of {key.Name} is revoked." : $"Key {key.Id} of {key.Name} was revoked before."));
            return ExitCodes.Done;
        }, id);
    }

    static string Word(ApiKey key) => key.Role.ToString().ToLowerInvariant();

    static JsonObject Json(ApiKey key) => new()
    {
        ["id"] = key.Id,
        ["name"] = key.Name,
        ["role"] = Word(key),
        ["createdAt"] = key.CreatedAt,
        ["lastUsedAt"] = key.LastUsedAt,
        ["revokedAt"] = key.RevokedAt,
    };
}
