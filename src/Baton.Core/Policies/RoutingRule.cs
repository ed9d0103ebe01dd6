using Baton.Core.Conversations;
using Baton.Core.Readings;

namespace Baton.Core.Policies;

/// <summary>Where a handoff goes; the first rule whose conditions all hold is taken.</summary>
public sealed record RoutingRule(RouteWhen When, RouteStep Step);

/// <summary>All that is given must hold; nothing given: always.</summary>
public sealed record RouteWhen
{
    /// <summary>Codes of triggers, one of which fired.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
    public IReadOnlyList<string> Intents { get; init; } = [];
    public IReadOnlyList<AttributeMatch> Attributes { get; init; } = [];

    /// <summary><c>de</c> takes <c>de-AT</c> too.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];
    public Media? Media { get; init; }
    public IReadOnlyList<Threshold> Readings { get; init; } = [];

    internal bool Holds(ReadingSet readings, Conversation conversation, IReadOnlyList<Reason> fired)
    {
        if (Reasons.Count > 0 && !fired.Any(reason => Reasons.Contains(reason.Code))) return false;
        if (Intents.Count > 0 && (readings.Intent is not { } intent || !Words.Contain(Intents, intent))) return false;
        if (Languages.Count > 0 && (conversation.Language is not { } language || !Languages.Any(wanted => Speaks(language, wanted)))) return false;
        if (Media is { } media && conversation.Media != media) return false;
        foreach (var attribute in Attributes) if (!attribute.Holds(conversation)) return false;
        foreach (var threshold in Readings) if (threshold.Read(readings).Value is not { } value || !threshold.Holds(value)) return false;
        return true;
    }

    static bool Speaks(string language, string wanted) =>
        language.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) && (language.Length == wanted.Length || language[wanted.Length] is '-' or '_');
}
