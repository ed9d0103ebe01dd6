using Baton.Core.Handoffs;
using Baton.Genesys;
using Microsoft.Extensions.Configuration;

namespace Baton.Server;

/// <summary>All settings of one system: from the file, then the environment, then flags; later ones win. <c>baton init</c> writes the commented file.</summary>
public sealed record BatonSettings
{
    public GenesysOptions Genesys { get; init; } = new();
    public RunnerOptions Runner { get; init; } = new();
    public DeliveryOptions Deliveries { get; init; } = new();
    public AssistSettings Assist { get; init; } = new();
    public AccessSettings Access { get; init; } = new();
    public ConsoleSettings Console { get; init; } = new();

    /// <summary>The SQLite file.</summary>
    public string StorePath { get; init; } = ".baton/baton.db";

    /// <summary>A policy file, or the name of a preset. When none is given: "default", on the guide flavor "gate", because it cannot do all that "default" asks for.</summary>
    public string Policy { get; init; } = "default";

    /// <summary>False when <see cref="Policy"/> only stands in for one that was not given.</summary>
    public bool IsPolicyGiven { get; init; }

    /// <summary><see cref="Policy"/> was named for this command: the store's newest version does not stand in its place.</summary>
    public bool IsPolicyOfThisRun { get; init; }

    /// <summary>What stands in for settings that were not given, by flavor.</summary>
    public const string GuidePolicy = "gate";
    public const string GuideAuditFile = "handoff_audit.log";

    /// <summary>Where the server listens; loopback unless told otherwise.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5200";

    /// <summary>Reads every setting; errors name the key and the fix, all at once.</summary>
    public static (BatonSettings Settings, IReadOnlyList<string> Errors) Load(IConfiguration configuration)
    {
        var read = new SettingsReader(configuration);
        var usual = new BatonSettings();
        var flavor = read.OneOf<GenesysFlavor>("Genesys:Flavor") ?? usual.Genesys.Flavor;
        var settings = usual with
        {
            StorePath = read.Text("Store:Path") ?? usual.StorePath,
            Policy = read.Text("Policy") ?? (flavor == GenesysFlavor.Guide ? GuidePolicy : usual.Policy),
            IsPolicyGiven = read.Text("Policy") is not null,
            Url = read.Text("Server:Url") ?? usual.Url,
            Genesys = new GenesysOptions
            {
                Flavor = flavor,
                Region = read.Text("Genesys:Region"),
                ApiBaseUrl = read.Text("Genesys:ApiBaseUrl"),
                LoginBaseUrl = read.Text("Genesys:LoginBaseUrl"),
                Clients = Clients(read),
                CallsPerMinute = read.Whole("Genesys:CallsPerMinute", 10, 100_000) ?? usual.Genesys.CallsPerMinute,
                SuggestionsPerMinute = read.Whole("Genesys:SuggestionsPerMinute", 10, 100_000) ?? usual.Genesys.SuggestionsPerMinute,
                Timeout = read.Seconds("Genesys:TimeoutSeconds", 1, 25) ?? usual.Genesys.Timeout,
                BotFlows = read.List("Genesys:BotFlows"),
                MinutesPerPriority = read.Whole("Genesys:MinutesPerPriority", 1, 10_000) ?? usual.Genesys.MinutesPerPriority,
                QueueCache = read.Seconds("Genesys:QueueCacheSeconds", 0, 600) ?? usual.Genesys.QueueCache,
                Queues = read.Map("Genesys:Queues"),
                Notifications = read.OnOff("Genesys:Notifications"),
                HandoffAuditFile = read.Text("Audit:HandoffFile") ?? (flavor == GenesysFlavor.Guide ? GuideAuditFile : null),
            },
            Deliveries = DeliveryOptions.Read(read),
            Assist = AssistSettings.Read(read, flavor == GenesysFlavor.Guide),
            Access = AccessSettings.Read(read),
            Console = ConsoleSettings.Read(read, flavor == GenesysFlavor.Guide),
            Runner = usual.Runner with
            {
                AtOnce = read.Whole("Runner:AtOnce", 1, 10_000) ?? usual.Runner.AtOnce,
                Lease = read.Seconds("Runner:LeaseSeconds", 45, 3600) ?? usual.Runner.Lease,
                Trust = read.Seconds("Runner:TrustSeconds", 5, 86_400) ?? usual.Runner.Trust,
                Poll = read.Seconds("Runner:PollSeconds", 0.05, 60) ?? usual.Runner.Poll,
                Pace = usual.Runner.Pace with
                {
                    Settle = read.Seconds("Runner:SettleSeconds", 1, 600) ?? usual.Runner.Pace.Settle,
                    SendWithin = read.Seconds("Runner:SendWithinSeconds", 0.5, 20) ?? usual.Runner.Pace.SendWithin,
                    FirstLook = read.Seconds("Runner:FirstLookSeconds", 0.1, 60) ?? usual.Runner.Pace.FirstLook,
                    FollowLeast = read.Seconds("Runner:FollowLeastSeconds", 0.5, 600) ?? usual.Runner.Pace.FollowLeast,
                    FollowMost = read.Seconds("Runner:FollowMostSeconds", 1, 3600) ?? usual.Runner.Pace.FollowMost,
                },
            },
        };
        return (settings, read.Errors);
    }

    static IReadOnlyList<OAuthClientOptions> Clients(SettingsReader read)
    {
        var several = read.Sections("Genesys:Clients").Select(key => new OAuthClientOptions(read.Text($"{key}:ClientId") ?? "", read.Text($"{key}:ClientSecret") ?? "")).ToList();
        if (several.Count > 0) return several;
        var (id, secret) = (read.Text("Genesys:ClientId"), read.Text("Genesys:ClientSecret"));
        return id is null && secret is null ? [] : [new OAuthClientOptions(id ?? "", secret ?? "")];
    }
}

/// <summary>Reads values out of the configuration and collects what is wrong with them.</summary>
sealed class SettingsReader(IConfiguration configuration)
{
    readonly List<string> errors = [];
    public IReadOnlyList<string> Errors => errors;

    public void Fault(string sentence) => errors.Add(sentence);

    public bool? YesNo(string key)
    {
        if (Text(key) is not { } text) return null;
        if (bool.TryParse(text, out var value)) return value;
        errors.Add($"{key} is '{text}'; allowed is true or false.");
        return null;
    }

    public bool? OnOff(string key)
    {
        if (Text(key) is not { } text) return null;
        if (text.Equals("on", StringComparison.OrdinalIgnoreCase) || text.Equals("true", StringComparison.OrdinalIgnoreCase)) return true;
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase)) return false;
        errors.Add($"{key} is '{text}'; allowed is on or off.");
        return null;
    }

    public string? Text(string key) => configuration[key] is { } text && text.Trim() is { Length: > 0 } value ? value : null;

    public IReadOnlyList<string> List(string key)
    {
        var items = configuration.GetSection(key).GetChildren().Select(c => c.Value).OfType<string>().ToList();
        return items.Count > 0 ? items : Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    public IEnumerable<string> Sections(string key) => configuration.GetSection(key).GetChildren().Select(c => c.Path);

    public IReadOnlyDictionary<string, string> Map(string key) =>
        configuration.GetSection(key).GetChildren().Where(c => !string.IsNullOrWhiteSpace(c.Value)).ToDictionary(c => c.Key, c => c.Value!.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>One of an enum's names, in any case.</summary>
    public T? OneOf<T>(string key) where T : struct, Enum
    {
        if (Text(key) is not { } text) return null;
        foreach (var value in Enum.GetValues<T>())
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase)) return value;
        errors.Add($"{key} is '{text}'; allowed is {string.Join(" or ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
        return null;
    }

    public int? Whole(string key, int least, int most)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, out var value) && value >= least && value <= most) return value;
        errors.Add($"{key} is '{text}'; allowed is a whole number from {least} to {most}.");
        return null;
    }

    public double? Number(string key, double least = double.MinValue, double most = double.MaxValue)
    {
        if (Text(key) is not { } text) return null;
        if (double.TryParse(text, out var value) && value >= least && value <= most) return value;
        errors.Add(least == double.MinValue ? $"{key} is '{text}'; it must be a number." : $"{key} is '{text}'; allowed is a number from {least} to {most}.");
        return null;
    }

    public TimeSpan? Seconds(string key, double least, double most)
    {
        if (Text(key) is not { } text) return null;
        if (double.TryParse(text, out var value) && value >= least && value <= most) return TimeSpan.FromSeconds(value);
        errors.Add($"{key} is '{text}'; allowed is a number of seconds from {least} to {most}.");
        return null;
    }
}
