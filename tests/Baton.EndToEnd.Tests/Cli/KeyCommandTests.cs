using System.Text.Json.Nodes;

namespace Baton.EndToEnd.Tests.Cli;

public sealed class KeyCommandTests : IDisposable
{
    readonly BatonFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
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

    [Theory(Timeout = 60_000)]
    [InlineData("keys create x")]
    [InlineData("keys create x --role king")]
    [InlineData("keys create --role bot")]
    public async Task A_key_needs_a_name_and_a_role(string command) => (await folder.RunAsync(command.Split(' '))).ExitCode.ShouldBe(2);
}
