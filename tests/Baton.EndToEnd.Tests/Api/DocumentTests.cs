using System.Text.Json;
using System.Text.Json.Nodes;
using static Baton.EndToEnd.Tests.Api.ApiWorld;

namespace Baton.EndToEnd.Tests.Api;

/// <summary>The OpenAPI document is what clients are generated from: it changes only on purpose, with the file in docs/.</summary>
public sealed class DocumentTests
{
    static readonly JsonSerializerOptions readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact(Timeout = 120_000)]
    public async Task The_document_is_the_one_in_docs()
    {
        await using var world = await ApiWorld.StartAsync();
        var now = (await GetAsync(world.Client(null), "openapi/v1.json")).ShouldBeOk().ToJsonString(readable) + "\n";
        var received = Path.Combine(AppContext.BaseDirectory, "openapi-v1.received.json");
        await File.WriteAllTextAsync(received, now, TestContext.Current.CancellationToken);
        var approved = Path.Combine(Root(), "docs", "openapi-v1.json");
        var before = File.Exists(approved) ? await File.ReadAllTextAsync(approved, TestContext.Current.CancellationToken) : "";
        (before == now).ShouldBeTrue($"The API has changed. If that is meant: cp {received} {approved}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_operation_has_a_name_of_its_own_its_errors_and_a_body_that_is_described()
    {
        await using var world = await ApiWorld.StartAsync();
        var document = (await GetAsync(world.Client(null), "openapi/v1.json")).ShouldBeOk();
        var schemas = document["components"]!["schemas"]!.AsObject();
        var names = new List<string>();
        foreach (var (path, item) in document["paths"]!.AsObject().Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal) && p.Key is not ("/v1/events/genesys" or "/v1/callbacks/agent-assist")))
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                names.Add(operation!["operationId"]!.GetValue<string>());
                operation["summary"]!.GetValue<string>().ShouldNotBeEmpty();
                var responses = operation["responses"]!.AsObject();
                foreach (var status in (string[])["401", "403", "429"]) responses[status]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Problem", $"{method} {path}");
                if (path is "/v1/stream" or "/v1/audit/export") continue;
                var schema = responses["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>().Split('/')[^1];
                schemas[schema]!["properties"]!.AsObject().Count.ShouldBeGreaterThan(0, $"{method} {path}");
                (operation["parameters"]?.AsArray().Any(p => p!["name"]!.GetValue<string>() == "Idempotency-Key") ?? false).ShouldBe(method == "post", $"{method} {path}");
            }
        }
        names.Count.ShouldBeGreaterThan(25);
        names.ShouldBeUnique();
        foreach (var reference in References(document)) schemas.ContainsKey(reference).ShouldBeTrue(reference);
    }

    static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>().Split('/')[^1]] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "baton.slnx"))) folder = folder.Parent ?? throw new InvalidOperationException("baton.slnx was not found above the tests.");
        return folder.FullName;
    }
}
