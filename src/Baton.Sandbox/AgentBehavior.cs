namespace Baton.Sandbox;

/// <summary>How a simulated agent works.</summary>
public sealed record AgentBehavior
{
    public TimeSpan AcceptAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>False lets every alert ring until the queue's alerting timeout.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>From accepting to ending the conversation; infinite means until somebody else ends it.</summary>
    public TimeSpan HandleTime { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>From the end of the leg to the posted wrap-up; infinite means the API has to post it.</summary>
    public TimeSpan WrapUpAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages handled at the same time.</summary>
    public int Capacity { get; init; } = 1;

    /// <summary>Sent to the guest on accepting.</summary>
    public string? Greeting { get; init; }

    /// <summary>From a missed alert to being IDLE again; infinite means until the routing status is set.</summary>
    public TimeSpan BackAfter { get; init; } = Timeout.InfiniteTimeSpan;
}

/// <param name="Attributes">Sent by the guest's page; they appear on the customer participant with the prefix <c>context.</c></param>
/// <param name="Language">A locale such as <c>es-ES</c>; it does not restrict routing.</param>
public sealed record GuestProfile(string Name, IReadOnlyDictionary<string, string>? Attributes = null, string? Language = null)
{
    public string? Email { get; init; }

    /// <summary>The first is what a caller calls from.</summary>
    public IReadOnlyList<string> PhoneNumbers { get; init; } = [];
}
