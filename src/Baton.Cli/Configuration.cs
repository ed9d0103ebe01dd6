using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Genesys;
using Baton.Server;
using Microsoft.Extensions.Configuration;

namespace Baton.Cli;

/// <summary>Settings from the file, the guides' environment names, <c>BATON__…</c>, and flags; later ones win.</summary>
static class Configuration
{
    public const string DefaultFile = "baton.json";

    static readonly (string Variable, string Key)[] GuideNames =
    [
        ("GENESYS_CLIENT_ID", "Genesys:ClientId"), ("GENESYS_CLIENT_SECRET", "Genesys:ClientSecret"),
        ("GENESYS_ENVIRONMENT", "Genesys:Region"), ("GENESYS_REGION", "Genesys:Region"), ("GENESYS_BASE_URL", "Genesys:ApiBaseUrl"),
        ("WFM_WEBHOOK_URL", "Deliveries:WfmUrl"), ("ANALYTICS_ENDPOINT", "Deliveries:AnalyticsUrl"),
    ];

    /// <summary>An argument, or what the guides' environment names for it.</summary>
    /// <exception cref="UsageException">Neither is given.</exception>
    public static string Given(string? argument, string name, string variable) =>
        Maybe(argument, variable) ?? throw new UsageException($"{name} is missing; give it, or set {variable}.");

    /// <summary>The same where it may be left out: null then.</summary>
    public static string? Maybe(string? argument, string variable) => argument ?? (Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } text ? text : null);

    /// <exception cref="UsageException">The file cannot be read.</exception>
    /// <exception cref="SettingsException">Values that are not allowed, all of them.</exception>
    public static BatonSettings Load(string? file, bool sandbox)
    {
        var here = sandbox ? SandboxFile.Read() : null;
        var (settings, errors) = BatonSettings.Load(Read(file, here?.Flavor));
        if (errors.Count > 0) throw new SettingsException(errors);
        return here?.Apply(settings) ?? settings;
    }

    /// <exception cref="UsageException">Nothing at all is known of the organization: the sentence names both ways on.</exception>
    public static void RequireOrganization(BatonSettings settings)
    {
        if (settings.Genesys is not { Clients.Count: 0, Region: null, ApiBaseUrl: null }) return;
        throw new UsageException("""
            Baton does not know your organization yet. Two ways on:
              baton init                       writes baton.json; then set GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION, or fill them in there
              baton sandbox, then --sandbox    a Genesys Cloud on this machine, for trying things out
            """);
    }

    /// <param name="flavor">The sandbox's own, which wins: what is left out of the settings stands for that flavor.</param>
    static IConfigurationRoot Read(string? file, GenesysFlavor? flavor)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path)) throw new UsageException($"There is no file {file}; 'baton init' writes one.");
        var guides = GuideNames.Select(n => KeyValuePair.Create(n.Key, Environment.GetEnvironmentVariable(n.Variable))).Where(n => !string.IsNullOrWhiteSpace(n.Value))
            .GroupBy(n => n.Key).Select(g => g.Last());
        var last = flavor is null ? [] : new Dictionary<string, string?> { ["Genesys:Flavor"] = flavor.ToString() };
        try
        {
            return new ConfigurationBuilder().AddJsonFile(path, optional: true).AddInMemoryCollection(guides).AddEnvironmentVariables("BATON__").AddInMemoryCollection(last).Build();
        }
        catch (InvalidDataException e) when (e.InnerException is FormatException { InnerException: JsonException syntax })
        {
            throw new UsageException($"{path} is not valid JSON (line {syntax.LineNumber + 1}): {syntax.Message.Split(" LineNumber")[0]}");
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"{path} could not be read: {e.InnerException?.Message ?? e.Message}");
        }
    }
}

/// <summary>Where the sandbox of this folder is and how to sign in to it: written by <c>baton sandbox</c>, read by verbs with <c>--sandbox</c>.</summary>
sealed record SandboxFile(string ApiBaseUrl, string LoginBaseUrl, string ClientId, string ClientSecret, int Process)
{
    public const string Name = ".baton/sandbox.json";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public GenesysFlavor Flavor { get; init; }

    /// <summary>Ids by name: the guide flavor has no call that finds a queue by its name.</summary>
    public IReadOnlyDictionary<string, string>? Queues { get; init; }

    /// <summary>The ids of what is written down for agents: asked when a question names none.</summary>
    public IReadOnlyList<string>? KnowledgeBases { get; init; }

    public void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        File.WriteAllText(Name, JsonSerializer.Serialize(this, Json) + Environment.NewLine);
    }

    public static SandboxFile Read()
    {
        try
        {
            return JsonSerializer.Deserialize<SandboxFile>(File.ReadAllText(Name), Json) ?? throw new JsonException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"There is no sandbox in this folder ({Name} is missing or damaged); start one with 'baton sandbox' in another terminal.");
        }
    }

    public BatonSettings Apply(BatonSettings settings) => settings with
    {
        // A store of its own: what is tried in the sandbox does not mix with the real organization's.
        StorePath = settings.StorePath == new BatonSettings().StorePath ? ".baton/sandbox.db" : settings.StorePath,
        Genesys = settings.Genesys with { Region = null, ApiBaseUrl = ApiBaseUrl, LoginBaseUrl = LoginBaseUrl, Clients = [new OAuthClientOptions(ClientId, ClientSecret)], Queues = Queues ?? settings.Genesys.Queues },
        // Tried out on this machine, by whoever is on it.
        Access = settings.Access with { Auth = ServerAuth.Open },
        // Its agent's screen may show the desk inside.
        Console = settings.Console with { FrameAncestors = [.. settings.Console.FrameAncestors, new Uri(ApiBaseUrl).GetLeftPart(UriPartial.Authority)] },
        // The sandbox is on this machine, and so is what it calls back.
        Deliveries = settings.Deliveries with { AllowLoopback = true },
        Assist = settings.Assist with { KnowledgeSourceIds = settings.Assist.KnowledgeSourceIds is { Count: > 0 } named ? named : [.. KnowledgeBases ?? [], .. settings.Assist.Local is { } local ? [local.Id] : Array.Empty<string>()] },
    };
}
