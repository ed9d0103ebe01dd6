using System.Text.Json.Nodes;
using Baton.Core.Access;
using Baton.Storage.Sqlite;

namespace Baton.EndToEnd.Tests.Cli;

public sealed class KeyCommandTests : IDisposable
{
    readonly BatonFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_key_is_made_where_there_is_no_store_yet_listed_without_its_token_and_revoked()
    {
        var made = await folder.RunAsync("keys", "create", "shop bot", "--role", "bot", "--json");
        made.ExitCode.ShouldBe(0, made.Error);
        var key = JsonNode.Parse(made.Output)!;
        var (id, token) = (key["id"]!.GetValue<string>(), key["token"]!.GetValue<string>());
        token.ShouldStartWith($"baton_{id}_");

        var listed = await folder.RunAsync("keys", "list");
        listed.Output.ShouldContain("shop bot");
        listed.Output.ShouldNotContain(token);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(folder.StorePath)!)) File.ReadAllText(file).ShouldNotContain(token);

        (await folder.RunAsync("keys", "revoke", id)).Output.ShouldContain("is revoked");
        (await folder.RunAsync("keys", "revoke", id)).Output.ShouldContain("was revoked before");
        var unknown = await folder.RunAsync("keys", "revoke", "none");
        (unknown.ExitCode, unknown.Error.Trim()).ShouldBe((1, "There is no key none in this store; 'baton keys list' shows them."));
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_is_signed_in_is_listed_and_signed_out_and_a_key_takes_its_sessions_with_it()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var store = await SqliteStore.OpenAsync(folder.StorePath, null, ct);
        var now = TimeProvider.System.GetUtcNow();
        var key = ApiKey.New("Sue", Role.Supervisor, now).Key;
        await store.CreateKeyAsync(key, "test", ct);
        var (mine, token) = Session.New("Sue", Role.Supervisor, now);
        await store.BeginSessionAsync(mine with { KeyId = key.Id }, ct);
        var person = Session.New("Lea", Role.Agent, now).Session with { UserId = "u1" };
        await store.BeginSessionAsync(person, ct);

        var listed = await folder.RunAsync("sessions", "list");
        listed.Output.ShouldContain($"key {key.Id}");
        listed.Output.ShouldContain("Genesys Cloud");
        listed.Output.ShouldNotContain(token);
        (await folder.RunAsync("sessions", "end", person.Id)).Output.Trim().ShouldBe("Lea is signed out.");
        var gone = await folder.RunAsync("sessions", "end", person.Id);
        (gone.ExitCode, gone.Error.Trim()).ShouldBe((1, $"Nobody is signed in with the session {person.Id}; 'baton sessions list' shows who is."));
        (await folder.RunAsync("keys", "revoke", key.Id)).ExitCode.ShouldBe(0);
        JsonNode.Parse((await folder.RunAsync("sessions", "list", "--json")).Output)!.AsArray().ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("keys create x")]
    [InlineData("keys create x --role king")]
    [InlineData("keys create --role bot")]
    public async Task A_key_needs_a_name_and_a_role(string command) => (await folder.RunAsync(command.Split(' '))).ExitCode.ShouldBe(2);
}
