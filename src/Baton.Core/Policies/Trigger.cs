using Baton.Core.Conversations;

namespace Baton.Core.Policies;

/// <summary>One reason to hand off. Any trigger that fires proposes it.</summary>
/// <param name="Code">Its key in the policy, and the code of its reason.</param>
public abstract record Trigger(string Code)
{
    /// <summary>Whatever is asked is handed off, if the guards hold: for policies that only check (preset <c>gate</c>).</summary>
    public sealed record Always() : Trigger("always");

    /// <param name="AfterTurns">Not before the customer has said this much.</param>
    public sealed record OfReading(string Code, Threshold Threshold, int AfterTurns) : Trigger(Code);

    public sealed record OfIntent(IReadOnlyList<string> Names) : Trigger("intents");

    public sealed record OfBotResult(IReadOnlyList<BotResult> Results) : Trigger("botResult");

    public sealed record OfAttribute(AttributeMatch Match) : Trigger("attributes." + Match.Name);
}

/// <summary>An attribute with one of the values; upper and lower case are the same.</summary>
public sealed record AttributeMatch(string Name, IReadOnlyList<string> Values)
{
    internal bool Holds(Conversation conversation) =>
        conversation.Attributes.TryGetValue(Name, out var value) && Words.Contain(Values, value);
}

static class Words
{
    public static bool Contain(IReadOnlyList<string> words, string word)
    {
        for (var index = 0; index < words.Count; index++)
            if (string.Equals(words[index], word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
