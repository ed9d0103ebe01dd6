namespace Baton.Sandbox.Guide;

/// <summary>What a token of the guide flavor may carry.</summary>
static class GuideScopes
{
    public const string ConversationView = "conversation:view";
    public const string ConversationTransfer = "conversation:transfer";
    public const string ConversationRead = "conversation:read";
    public const string ConversationWrite = "conversation:write";
    public const string QueueView = "routing:queue:view";
    public const string AgentView = "routing:agent:view";
    public const string RoutingConversation = "routing:conversation";
    public const string AnalyticsQuery = "analytics:query";
    public const string GuestRead = "guest:read";
    public const string SuggestionsRead = "agentassist:suggestions:read";
}
