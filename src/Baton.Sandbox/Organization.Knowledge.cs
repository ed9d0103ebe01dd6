using Baton.Sandbox.Assist;
using Baton.Sandbox.Routing;
using Baton.Sandbox.Timing;

namespace Baton.Sandbox;

/// <summary>What is written down for agents, and who looks it up for them.</summary>
public sealed partial class Organization
{
    public IReadOnlyList<KnowledgeBaseView> KnowledgeBases
    {
        get { lock (world.Gate) return [.. world.Knowledge.Bases.Select(View)]; }
    }

    public IReadOnlyList<AssistantView> Assistants
    {
        get { lock (world.Gate) return [.. world.Queues.Where(q => q.Assistant is not null).Select(View)]; }
    }

    /// <param name="id">Null draws one. The guide flavor names knowledge sources freely, so it may be any text.</param>
    public KnowledgeBaseView AddKnowledgeBase(string name, string? id = null)
    {
        lock (world.Gate)
        {
            if (id is not null && world.Knowledge.Bases.Exists(b => b.Id == id)) throw Refused($"There is a knowledge base \"{id}\" already.");
            return View(world.Knowledge.Add(name, id));
        }
    }

    /// <summary>Returns the article's id. An article with the id of another in the base takes its place.</summary>
    /// <param name="knowledgeBase">By id or name.</param>
    public string AddArticle(string knowledgeBase, KnowledgeArticle article)
    {
        lock (world.Gate) return world.Knowledge.Put(world.Knowledge.Find(knowledgeBase) ?? throw Unknown("knowledge base", knowledgeBase), article).Id;
    }

    /// <summary>Knowledge bases and articles are gone, those of the default organization, too; an assistant that read them by name finds nothing.</summary>
    public void ClearKnowledge()
    {
        lock (world.Gate)
        {
            world.Knowledge.Articles.Clear();
            world.Knowledge.Bases.Clear();
        }
    }

    /// <summary>From now on an assistant suggests to the agents of the queue, in the place of the one it had. Platform flavor.</summary>
    /// <param name="queue">By id or name.</param>
    /// <param name="knowledgeBases">By id or name; null is all there are and will be.</param>
    public AssistantView BindAssistant(string queue, IEnumerable<string>? knowledgeBases = null, AssistantBehavior? behavior = null)
    {
        lock (world.Gate)
        {
            var bound = FindQueue(queue);
            var bases = knowledgeBases?.Select(b => world.Knowledge.Find(b) ?? throw Unknown("knowledge base", b)).ToList();
            bound.Assistant = new Assistant(Draws.For(world.Options.Seed, $"assistant {bound.Id}").NextId(), bases, behavior ?? new AssistantBehavior());
            return View(bound);
        }
    }

    public void UnbindAssistant(string queue)
    {
        lock (world.Gate) FindQueue(queue).Assistant = null;
    }

    /// <summary>In the order they were made. Platform flavor.</summary>
    public IReadOnlyList<SuggestionView> Suggestions(string conversationId)
    {
        lock (world.Gate) return [.. Find(conversationId).Suggestions.Select(s => s.ToView())];
    }

    KnowledgeBaseView View(Knowledge.KnowledgeBase knowledge) => new(knowledge.Id, knowledge.Name, world.Knowledge.Articles.Count(a => a.Base == knowledge));

    static AssistantView View(Queue queue) => new(queue.Assistant!.Id, queue.Id, [.. queue.Assistant.Bases?.Select(b => b.Id) ?? []]);
}
