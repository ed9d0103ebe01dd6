using Baton.Core.Assist;
using Baton.Core.Assist.Knowledge;
using Baton.Core.Deliveries;

namespace Baton.Server;

/// <summary>Suggestions for agents. Configuration section <c>Assist</c>.</summary>
public sealed record AssistSettings
{
    public AssistOptions Options { get; init; } = new();

    /// <summary>Which sources are asked, by name; empty: all that there are.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The knowledge that is asked when a question names none.</summary>
    public IReadOnlyList<string> KnowledgeSourceIds { get; init; } = [];

    /// <summary>What agents can do, by whom the desk knows them as; for others, what their conversation was routed by.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AgentSkills { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The folder of articles; null: none.</summary>
    public KnowledgeOptions? Local { get; init; }

    /// <summary>Callbacks must be signed with one of these; empty: they need no signature, only the request's id, which nobody can guess.</summary>
    public IReadOnlyList<WebhookSecret> CallbackSecrets { get; init; } = [];

    public const string GuideAuditFile = "agentassist_audit.log";
    static readonly IReadOnlyList<string> names = ["guide", "platform", "knowledge", "local"];

    internal static AssistSettings Read(SettingsReader read, bool isGuide)
    {
        var usual = new AssistOptions();
        var sources = read.List("Assist:Sources");
        foreach (var unknown in sources.Where(s => !names.Contains(s))) read.Fault($"Assist:Sources has '{unknown}'; allowed is {string.Join(", ", names)}.");
        return new AssistSettings
        {
            Sources = sources,
            KnowledgeSourceIds = read.List("Assist:KnowledgeSourceIds"),
            AgentSkills = read.Map("Assist:AgentSkills").ToDictionary(a => a.Key, a => (IReadOnlyList<string>)a.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase),
            Local = Folder(read),
            CallbackSecrets = DeliveryOptions.Secrets(read, "Assist:CallbackSecrets"),
            Options = usual with
            {
                Deadline = read.Seconds("Assist:DeadlineSeconds", 0.05, 10) ?? usual.Deadline,
                CallbackWithin = read.Seconds("Assist:CallbackWithinSeconds", 1, 3600) ?? usual.CallbackWithin,
                Expires = read.Seconds("Assist:ExpiresSeconds", 10, 86_400) ?? usual.Expires,
                CallbackUrl = read.Text("Assist:CallbackUrl"),
                AuditFile = read.Text("Audit:AssistFile") ?? (isGuide ? GuideAuditFile : null),
                Weights = new RankingWeights
                {
                    Confidence = read.Number("Assist:Weights:Confidence", 0, 1) ?? usual.Weights.Confidence,
                    Skill = read.Number("Assist:Weights:Skill", 0, 1) ?? usual.Weights.Skill,
                    SkillBonus = read.Number("Assist:Weights:SkillBonus", 0, 1) ?? usual.Weights.SkillBonus,
                    Feedback = read.Number("Assist:Weights:Feedback", 0, 1) ?? usual.Weights.Feedback,
                },
                Feedback = new FeedbackOptions
                {
                    Kind = read.OneOf<FeedbackKind>("Assist:Feedback:Kind") ?? usual.Feedback.Kind,
                    PriorWeight = read.Number("Assist:Feedback:PriorWeight", 0, 1000) ?? usual.Feedback.PriorWeight,
                    HalfLife = read.Number("Assist:Feedback:HalfLifeDays", 0.01, 3650) is { } days ? TimeSpan.FromDays(days) : usual.Feedback.HalfLife,
                },
            },
        };
    }

    static KnowledgeOptions? Folder(SettingsReader read)
    {
        var usual = new KnowledgeOptions();
        if (read.Text("Assist:Local:Folder") is not { } folder) return null;
        var local = usual with
        {
            Folder = folder,
            Id = read.Text("Assist:Local:Id") ?? usual.Id,
            K1 = read.Number("Assist:Local:K1") ?? usual.K1,
            B = read.Number("Assist:Local:B") ?? usual.B,
            TitleBoost = read.Number("Assist:Local:TitleBoost") ?? usual.TitleBoost,
            HeadingBoost = read.Number("Assist:Local:HeadingBoost") ?? usual.HeadingBoost,
            TurnDecay = read.Number("Assist:Local:TurnDecay") ?? usual.TurnDecay,
            LeastConfidence = read.Number("Assist:Local:LeastConfidence") ?? usual.LeastConfidence,
        };
        foreach (var fault in local.Check()) read.Fault(fault);
        return local;
    }

    /// <summary>Why an address cannot be called back, as a sentence; null when it can.</summary>
    internal static string? CallbackFault(string url, Outbound.AddressRules rules)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return $"callbackUrl is '{url}'; it must be an https address.";
        if (address.UserInfo.Length > 0) return "callbackUrl holds a user or password; sign callbacks with a secret instead.";
        if (address.IsLoopback) return rules.AllowLoopback ? null : $"callbackUrl is '{url}', this machine's own address; the platform cannot reach it (Deliveries:AllowLoopback permits it, for the sandbox).";
        if (address.Scheme != "https") return $"callbackUrl is '{url}'; it must be https.";
        if (System.Net.IPAddress.TryParse(address.DnsSafeHost, out var ip) && rules.WhyNot(ip) is { } why) return $"callbackUrl is '{url}', which {why}.";
        return null;
    }
}
