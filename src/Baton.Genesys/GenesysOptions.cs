namespace Baton.Genesys;

/// <summary>How to reach the organization. Configuration section <c>Genesys</c>.</summary>
public sealed record GenesysOptions
{
    public GenesysFlavor Flavor { get; init; }

    /// <summary>A region (<c>us-east-1</c>, <c>us_east_1</c>) or a domain (<c>mypurecloud.de</c>). Needed unless both base URLs are given.</summary>
    public string? Region { get; init; }

    /// <summary>In place of <c>https://api.{domain}</c>: a sandbox, a proxy.</summary>
    public string? ApiBaseUrl { get; init; }

    /// <summary>In place of <c>https://login.{domain}</c>. Not needed where <see cref="ApiBaseUrl"/> is <c>https://api.{domain}</c> of a known region.</summary>
    public string? LoginBaseUrl { get; init; }

    /// <summary>One or more OAuth clients (client credentials). Each has its own quota window, so several make more calls a minute.</summary>
    public IReadOnlyList<OAuthClientOptions> Clients { get; init; } = [];

    /// <summary>Calls a minute and client until the platform's own headers say otherwise (the platform's default).</summary>
    public int CallsPerMinute { get; init; } = 300;

    /// <summary>Questions for suggestions a minute and client, which the guide counts by themselves (guide 004). The platform counts its own among <see cref="CallsPerMinute"/>.</summary>
    public int SuggestionsPerMinute { get; init; } = 100;

    /// <summary>One HTTP exchange. Shorter than a lease, so that a reply cannot come after somebody else has taken the handoff over.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The bot flows whose reporting turns tell intents and confidence; empty: found through the conversation's analytics.</summary>
    public IReadOnlyList<string> BotFlows { get; init; } = [];

    /// <summary>One step of a policy's priority (1..10, 5 is usual) in the platform's points: a point is a minute of waiting.</summary>
    public int MinutesPerPriority { get; init; } = 5;

    /// <summary>How long what was read of a queue's staff is shared.</summary>
    public TimeSpan QueueCache { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Queue ids by the names that policies use. For the guide flavor, which knows queues by id only.</summary>
    public IReadOnlyDictionary<string, string> Queues { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the platform's notifications are listened to; null: where a server runs for long (<c>baton serve</c>), and not on the guide flavor, which has none.</summary>
    public bool? Notifications { get; init; }

    /// <summary>Where every transfer is appended as a line of JSON (guide 000); null: nowhere. Configuration key <c>Audit:HandoffFile</c>.</summary>
    public string? HandoffAuditFile { get; init; }

    /// <summary>Every error at once, each naming its key and the fix; empty when all is well.</summary>
    public IReadOnlyList<string> Check()
    {
        var errors = new List<string>();
        if (Clients.Count == 0) errors.Add("Genesys:ClientId is empty; set GENESYS_CLIENT_ID or BATON__GENESYS__CLIENTID.");
        for (var i = 0; i < Clients.Count; i++)
        {
            var key = Clients.Count == 1 ? "Genesys:" : $"Genesys:Clients:{i}:";
            if (string.IsNullOrWhiteSpace(Clients[i].ClientId)) errors.Add($"{key}ClientId is empty; set GENESYS_CLIENT_ID or BATON__GENESYS__CLIENTID.");
            if (string.IsNullOrWhiteSpace(Clients[i].ClientSecret)) errors.Add($"{key}ClientSecret is empty; set GENESYS_CLIENT_SECRET or BATON__GENESYS__CLIENTSECRET.");
        }
        if ((ApiBaseUrl is null || LoginBaseUrl is null) && Region is null && RegionOfApi is null)
            errors.Add($"Genesys:Region is empty; set GENESYS_REGION to one of {string.Join(", ", GenesysRegion.Names)}. It is not guessed: a guess would send the credentials to the wrong place.");
        else if (Region is not null && GenesysRegion.Find(Region) is null)
            errors.Add($"Genesys:Region is '{Region}'; allowed is one of {string.Join(", ", GenesysRegion.Names)}, or a region's domain.");
        foreach (var (key, url) in new[] { ("ApiBaseUrl", ApiBaseUrl), ("LoginBaseUrl", LoginBaseUrl) })
        {
            if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
                errors.Add($"Genesys:{key} is '{url}'; it must be an http or https address.");
            else if (url is not null && new Uri(url) is { Scheme: "http", IsLoopback: false })
                errors.Add($"Genesys:{key} is '{url}'; plain http would show the credentials to the network. Use https (http is allowed on loopback only).");
        }
        if (CallsPerMinute < 10) errors.Add($"Genesys:CallsPerMinute is {CallsPerMinute}; it must be at least 10.");
        if (SuggestionsPerMinute < 1) errors.Add($"Genesys:SuggestionsPerMinute is {SuggestionsPerMinute}; it must be at least 1.");
        return errors;
    }

    public Uri ApiUrl => new((ApiBaseUrl ?? $"https://api.{GenesysRegion.Find(Region!)!.Domain}").TrimEnd('/') + "/");
    public Uri LoginUrl => new((LoginBaseUrl ?? $"https://login.{(Region is null ? RegionOfApi : GenesysRegion.Find(Region))!.Domain}").TrimEnd('/') + "/");

    /// <summary>Guide 000 gives the API's address and no region: one of a known region says where to sign in.</summary>
    GenesysRegion? RegionOfApi => Uri.TryCreate(ApiBaseUrl, UriKind.Absolute, out var api) && api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase) ? GenesysRegion.Find(api.Host["api.".Length..]) : null;
}

/// <summary>Client credentials. The secret is never shown.</summary>
public sealed record OAuthClientOptions(string ClientId, string ClientSecret)
{
    public override string ToString() => $"{nameof(OAuthClientOptions)} {{ ClientId = {ClientId}, ClientSecret = *** }}";
}
