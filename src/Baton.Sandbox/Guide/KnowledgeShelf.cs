using System.Text.Json.Nodes;
using Baton.Sandbox.Wire;

namespace Baton.Sandbox.Guide;

/// <summary>A few articles that stand for everybody's knowledge base; what fits a transcript is found by the words they share.</summary>
static class KnowledgeShelf
{
    const int Most = 5;

    static readonly Article[] Articles =
    [
        new("billing-address", "Update a billing address", "Open Account, then Billing, then Address. The change applies from the next invoice.", ["billing", "address", "update", "change"], ["billing_tier_2", "account_management"]),
        new("current-plan", "Read the details of a plan", "Account, then Plan lists the price, the renewal date and what is included.", ["plan", "details", "current", "price"], ["account_management"]),
        new("refund", "Refund a payment", "A payment can be refunded within 30 days. Open the order, then Refund.", ["refund", "money", "back", "payment"], ["refunds", "billing_tier_2"]),
        new("password", "Reset a password", "Send a reset link from Security. It is valid for one hour.", ["password", "reset", "login", "forgot"], ["account_management"]),
        new("card-lost", "Block a lost card", "Block the card at once in Cards; a new one arrives within five days.", ["card", "lost", "stolen", "block"], ["cards"]),
        new("late-delivery", "Trace a late delivery", "Ask for the order number and open Shipping, then Trace.", ["delivery", "order", "late", "shipping"], ["logistics"]),
        new("cancel", "Cancel a subscription", "Account, then Plan, then Cancel. It ends with the paid period.", ["cancel", "subscription", "plan", "end"], ["retention"]),
        new("invoice-copy", "Send a copy of an invoice", "Billing, then Invoices, then Send. Any invoice of the last seven years can be sent.", ["invoice", "copy", "billing", "send"], ["billing_tier_2"]),
    ];

    /// <summary>The surest first. The confidence is the share of an article's words that were said.</summary>
    public static IReadOnlyList<Suggestion> Suggest(string transcript, IReadOnlyList<string> sources)
    {
        var letters = transcript.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ');
        var said = string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Articles
                .Select((article, i) => new Suggestion(article, Share(article, said), sources[i % sources.Count]))
                .Where(s => s.Confidence > 0)
                .OrderByDescending(s => s.Confidence)
                .Take(Most),
        ];
    }

    static double Share(Article article, HashSet<string> said) => Math.Round(article.Words.Count(said.Contains) / (double)article.Words.Length, 2);
}

sealed record Article(string Id, string Title, string Content, string[] Words, string[] Tags);

sealed record Suggestion(Article Article, double Confidence, string KnowledgeSourceId)
{
    public JsonObject Render() => Json.Object(
        ("id", $"sug-{Article.Id}"),
        ("title", Article.Title),
        ("content", Article.Content),
        ("confidence", Confidence),
        ("knowledgeSourceId", KnowledgeSourceId),
        ("metadata", Json.Object(("tags", Json.Strings(Article.Tags)))));
}
