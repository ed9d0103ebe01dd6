using Baton.Core.Access;

namespace Baton.Server;

/// <summary>How people get to the console. Configuration section <c>Console</c>.</summary>
public sealed record ConsoleSettings
{
    /// <summary>An OAuth client of the organization with the grant Code Authorization (PKCE); null: people sign in with a key.</summary>
    public string? ClientId { get; init; }

    /// <summary>Scheme and host as a browser sees them; null: those of the request, which behind a proxy are not.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Origins whose pages may embed ours, as Genesys Cloud does with the desk; empty: none.</summary>
    public IReadOnlyList<string> FrameAncestors { get; init; } = [];

    /// <summary>What a role of the organization may do here, by its name.</summary>
    public IReadOnlyDictionary<string, Role> Roles { get; init; } = new Dictionary<string, Role>();

    /// <summary>The most that these roles allow; null: nothing.</summary>
    public Role? MostOf(IEnumerable<string> roles) => roles.Select(r => Roles.TryGetValue(r, out var role) ? role : (Role?)null).Max();

    internal static ConsoleSettings Read(SettingsReader read, bool isGuide)
    {
        var clientId = read.Text("Console:ClientId");
        var ancestors = read.List("Console:FrameAncestors");
        foreach (var origin in ancestors.Where(o => !AccessSettings.IsOrigin(o))) read.Fault($"Console:FrameAncestors has '{origin}'; an origin is scheme and host, as in https://apps.mypurecloud.de.");
        var given = read.Text("Console:PublicUrl");
        var publicUrl = given is not null && AccessSettings.IsOrigin(given.TrimEnd('/')) ? new Uri(given) : null;
        if (given is not null && publicUrl is null) read.Fault($"Console:PublicUrl is '{given}'; it is scheme and host, as in https://baton.example.");
        if (ancestors.Count > 0 && publicUrl is { Scheme: "http", IsLoopback: false }) read.Fault("Console:FrameAncestors is set and Console:PublicUrl is http; browsers keep the cookie of an embedded page over https only.");
        var roles = new Dictionary<string, Role>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, word) in read.Map("Console:Roles"))
        {
            if (Enum.TryParse<Role>(word, ignoreCase: true, out var role) && Enum.IsDefined(role) && role > Role.Bot && !char.IsDigit(word[0])) roles[name] = role;
            else read.Fault($"Console:Roles:{name} is '{word}'; allowed is agent, supervisor or admin.");
        }
        if (clientId is not null && isGuide) read.Fault("Console:ClientId is set and Genesys:Flavor is guide, which has no sign-in of people; leave it out, and sign in with a key.");
        if (clientId is not null && roles.Count == 0) read.Fault("Console:ClientId is set and Console:Roles is empty, so nobody could sign in; name a role of your organization and what it may do, as in \"Supervisor\": \"supervisor\".");
        return new ConsoleSettings { ClientId = clientId, PublicUrl = publicUrl, FrameAncestors = ancestors, Roles = roles };
    }
}
