namespace Baton.Sandbox;

/// <summary>The rules of what goes wrong. They may change at any time; the same seed and the same requests draw the same faults.</summary>
public sealed class Faults
{
    readonly Lock gate = new();
    readonly Random chance;
    readonly List<Fault> rules = [];
    int numbered;

    internal Faults(Random chance) => this.chance = chance;

    public IReadOnlyList<Fault> All
    {
        get { lock (gate) return [.. rules]; }
    }

    /// <summary>Adds a rule and returns its id.</summary>
    public string Add(Fault fault)
    {
        lock (gate)
        {
            var named = string.IsNullOrEmpty(fault.Id) ? fault with { Id = $"fault-{++numbered}" } : fault;
            rules.RemoveAll(r => r.Id == named.Id);
            rules.Add(named);
            return named.Id;
        }
    }

    public void Replace(IEnumerable<Fault> faults)
    {
        lock (gate)
        {
            rules.Clear();
            foreach (var fault in faults) Add(fault);
        }
    }

    public bool Remove(string id)
    {
        lock (gate) return rules.RemoveAll(r => r.Id == id) > 0;
    }

    public void Clear()
    {
        lock (gate) rules.Clear();
    }

    /// <summary>The faults that strike a request, at most one of each kind: the first rule that matches wins and is used up.</summary>
    internal IReadOnlyList<Fault> DrawFor(string method, string path, string? conversationId) =>
        Draw(rule => !rule.IsAboutEvents && !rule.IsAboutFrames && !rule.IsAboutSuggesting && !rule.IsAboutContent && rule.TakesMethod(method), conversationId, path);

    internal IReadOnlyList<Fault> DrawForEvent(string topic, string conversationId) => Draw(rule => rule.IsAboutEvents, conversationId, topic);

    /// <summary>The topic of a notification, or <c>webmessaging.</c> with the class of a guest's frame.</summary>
    internal IReadOnlyList<Fault> DrawForFrame(string topic, string? conversationId) => Draw(rule => rule.IsAboutFrames, conversationId, topic);

    /// <summary>Those that strike the making of suggestions; any of the names may match.</summary>
    internal IReadOnlyList<Fault> DrawForMaking(string conversationId, bool inCallback, params string[] names) =>
        Draw(rule => rule.IsAboutSuggesting && (inCallback || !rule.IsAboutCallbacks), conversationId, names);

    /// <summary>Those that strike a list of suggestions that somebody asked for.</summary>
    internal IReadOnlyList<Fault> DrawForContent(string method, string? conversationId, params string[] names) =>
        Draw(rule => rule.IsAboutContent && rule.TakesMethod(method), conversationId, names);

    List<Fault> Draw(Func<Fault, bool> concerns, string? conversationId, params string[] names)
    {
        lock (gate)
        {
            var struck = new List<Fault>();
            for (var i = 0; i < rules.Count; i++)
            {
                var rule = rules[i];
                if (rule.Times <= 0 || !concerns(rule) || struck.Exists(s => s.Kind == rule.Kind)) continue;
                if (rule.ConversationId is not null && rule.ConversationId != conversationId) continue;
                if (rule.Path is not null && !names.Any(n => PathPattern.Matches(rule.Path, n))) continue;
                if (rule.Skip > 0)
                {
                    rules[i] = rule with { Skip = rule.Skip - 1 };
                    continue;
                }
                if (rule.Probability < 1 && chance.NextDouble() >= rule.Probability) continue;
                if (rule.Times is { } times) rules[i] = rule with { Times = times - 1 };
                struck.Add(rule);
            }
            return struck;
        }
    }
}

static class PathPattern
{
    /// <summary>A star stands for any text, also across slashes; letter case does not matter.</summary>
    public static bool Matches(string pattern, string path) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: true);
}
