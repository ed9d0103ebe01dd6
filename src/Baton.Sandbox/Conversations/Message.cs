namespace Baton.Sandbox.Conversations;

/// <param name="From">guest, bot, api, agent or system.</param>
sealed record Message(string Id, string CommunicationId, string From, string Text, DateTimeOffset Time, bool ByHuman)
{
    public bool IsInbound => From == "guest";
    /// <summary>On the guides' scale, 0 to 1. Told once it is known.</summary>
    public double? Sentiment { get; set; }
    public Intent? Intent { get; set; }
    public IReadOnlyList<string> MediaIds { get; init; } = [];

    /// <summary>What the guest may press instead of writing.</summary>
    public IReadOnlyList<string> QuickReplies { get; init; } = [];

    /// <summary>What the guest pressed.</summary>
    public ButtonResponse? Response { get; init; }
}

sealed record ButtonResponse(string Text, string Payload, string Type);

sealed record Intent(string Name, double Confidence);

sealed record BotTurn(
    string Id,
    string UserInput,
    IReadOnlyList<string> BotPrompts,
    string? IntentName,
    double? Confidence,
    string AskActionResult,
    DateTimeOffset Time,
    int Number);

sealed record Sentiment(double Score, double Trend)
{
    public string TrendClass => Trend switch
    {
        <= -0.3 => "Declining",
        < 0 => "SlightlyDeclining",
        0 => "NoChange",
        < 0.3 => "SlightlyImproving",
        _ => "Improving",
    };
}
