using Baton.Sandbox.Assist;

namespace Baton.Sandbox.Routing;

sealed class Queue(string id, string name, TimeSpan alertingTimeout, bool wrapupRequired, TimeSpan? acwTimeout, DateTimeOffset created)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public TimeSpan AlertingTimeout { get; } = alertingTimeout;
    public bool WrapupRequired { get; } = wrapupRequired;
    public TimeSpan? AcwTimeout { get; } = acwTimeout;
    public DateTimeOffset Created { get; } = created;

    public IReadOnlyList<Media> Media { get; init; } = [Sandbox.Media.Message, Sandbox.Media.Voice];

    /// <summary>An inactive queue exists, but nothing may be sent to it. The platform has no such flag; the guides do.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Null: as much as its members can hold.</summary>
    public int? Capacity { get; init; }

    /// <summary>Helps whoever answers here. Platform flavor.</summary>
    public Assistant? Assistant { get; set; }

    public bool Takes(Media media) => Media.Contains(media);

    /// <summary>How long those answered so far had waited: the history that estimates rest on.</summary>
    public List<TimeSpan> PastWaits { get; } = [];
}

sealed record Skill(string Id, string Name);

sealed record Language(string Id, string Name);

sealed record WrapupCode(string Id, string Name);

sealed record BotFlow(string Id, string Name);
