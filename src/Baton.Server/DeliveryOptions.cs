using Baton.Core.Assist;
using Baton.Core.Deliveries;
using Baton.Server.Outbound;

namespace Baton.Server;

/// <summary>Who is told of handoffs. Configuration section <c>Deliveries</c>.</summary>
public sealed record DeliveryOptions
{
    public IReadOnlyList<DeliveryTarget> Targets { get; init; } = [];
    public bool AllowLoopback { get; init; }
    public bool AllowPrivate { get; init; }

    static readonly IReadOnlyList<string> known = [.. HandoffNotices.Types, AssistNotices.Interaction];

    public AddressRules Rules => new(AllowLoopback, AllowPrivate);

    /// <summary>Reads the section; what is wrong with it goes into the reader's errors, all of it.</summary>
    internal static DeliveryOptions Read(SettingsReader read)
    {
        var loopback = read.YesNo("Deliveries:AllowLoopback") ?? false;
        var targets = new List<DeliveryTarget>();
        foreach (var key in read.Sections("Deliveries:Targets"))
        {
            var name = read.Text($"{key}:Name");
            if (name is null) read.Fault($"{key}:Name is empty; give the receiver a name, it is what 'baton deliveries' shows.");
            else if (targets.Any(t => t.Name == name)) read.Fault($"{key}:Name is '{name}', which another receiver has; names must differ.");
            if (Url(read, $"{key}:Url", loopback) is not { } url || name is null) continue;
            targets.Add(new DeliveryTarget(name, url) { Secrets = Secrets(read, $"{key}:Secrets"), Events = Events(read, $"{key}:Events") });
        }
        // The guides' own names for two receivers.
        foreach (var (key, name) in ((string, string)[])[("Deliveries:WfmUrl", "wfm"), ("Deliveries:AnalyticsUrl", "analytics")])
        {
            if (read.Text(key) is null || targets.Any(t => t.Name == name) || Url(read, key, loopback) is not { } url) continue;
            targets.Add(new DeliveryTarget(name, url) { Secrets = Secrets(read, "Deliveries:Secrets"), Events = name == "wfm" ? [HandoffNotices.Evaluated] : [] });
        }
        return new DeliveryOptions { Targets = targets, AllowLoopback = loopback, AllowPrivate = read.YesNo("Deliveries:AllowPrivate") ?? false };
    }

    static Uri? Url(SettingsReader read, string key, bool loopback)
    {
        var text = read.Text(key);
        if (text is null || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            read.Fault($"{key} is '{text}'; it must be an http or https address.");
        else if (url.UserInfo.Length > 0)
            read.Fault($"{key} holds a user or password; sign the events with a secret instead.");
        else if (url.Scheme == "http" && !(url.IsLoopback && loopback))
            read.Fault($"{key} is '{text}'; plain http would show the events to the network. Use https (http is allowed on loopback only, with Deliveries:AllowLoopback).");
        else
            return url;
        return null;
    }

    internal static IReadOnlyList<WebhookSecret> Secrets(SettingsReader read, string key)
    {
        var secrets = new List<WebhookSecret>();
        var texts = read.List(key);
        for (var i = 0; i < texts.Count; i++)
        {
            if (WebhookSecret.Parse(texts[i]) is { } secret) secrets.Add(secret);
            else read.Fault($"{key}:{i} is no webhook secret; it must be whsec_ and base64 of 24 to 64 bytes.");
        }
        return secrets;
    }

    static IReadOnlyList<string> Events(SettingsReader read, string key)
    {
        var events = read.List(key);
        foreach (var unknown in events.Where(e => !known.Contains(e))) read.Fault($"{key} has '{unknown}'; allowed is {string.Join(", ", known)}.");
        return events;
    }
}
