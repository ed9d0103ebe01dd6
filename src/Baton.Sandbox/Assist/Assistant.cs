using Baton.Sandbox.Knowledge;

namespace Baton.Sandbox.Assist;

/// <summary>Bound to a queue, for whoever answers there.</summary>
/// <param name="Bases">Null reads everything the organization has.</param>
sealed record Assistant(string Id, IReadOnlyList<KnowledgeBase>? Bases, AssistantBehavior Behavior)
{
    public bool Reads(Article article) => Bases?.Contains(article.Base) != false;
}
