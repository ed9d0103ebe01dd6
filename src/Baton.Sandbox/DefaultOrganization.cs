namespace Baton.Sandbox;

/// <summary>What a fresh sandbox holds: enough of each kind to try everything by hand.</summary>
static class DefaultOrganization
{
    public const string ClientId = "baton-sandbox";
    public const string ClientSecret = "sandbox-secret";

    static readonly AgentBehavior Steady = new() { AcceptAfter = TimeSpan.FromSeconds(2), WrapUpAfter = TimeSpan.FromSeconds(5), Capacity = 3, Greeting = "Hello, how can I help?" };
    static readonly AgentBehavior Slow = Steady with { AcceptAfter = TimeSpan.FromSeconds(12), Capacity = 2, Greeting = null };
    static readonly AgentBehavior Away = Steady with { Answers = false, BackAfter = TimeSpan.FromMinutes(2) };

    public static void Fill(Organization organization)
    {
        foreach (var skill in (string[])["english", "spanish", "refunds", "cards"]) organization.AddSkill(skill);
        foreach (var language in (string[])["English", "Spanish"]) organization.AddLanguage(language);
        foreach (var code in (string[])["Resolved", "Follow-up", "Escalated"]) organization.AddWrapupCode(code);
        organization.AddBotFlow("Main Bot");
        foreach (var queue in (string[])["Billing", "Support", "Sales", "VIP", "Night Desk", "Empty"]) organization.AddQueue(queue, media: queue == "Night Desk" ? [Media.Message] : null);

        organization.AddAgent("Ana Alvarez", ["Billing", "VIP"], ["english", "spanish", "refunds"], Steady, ["English", "Spanish"]);
        organization.AddAgent("Ben Okafor", ["Billing", "Support"], ["english", "refunds", "cards"], Slow, ["English"]);
        organization.AddAgent("Chloe Martin", ["Support", "VIP"], ["english", "cards"], Steady, ["English"]);
        organization.AddAgent("Diego Ramos", ["Support", "Sales"], ["spanish"], Steady, ["Spanish"]);
        organization.AddAgent("Emma Lind", ["Sales"], ["english"], Away, ["English"]);
        organization.AddAgent("Farid Aziz", ["Sales", "Billing"], ["english", "cards"], Steady, ["English"]);
        organization.AddAgent("Grace Chen", ["Night Desk"], ["english"], Steady, ["English"], onQueue: false);
        organization.AddAgent("Hugo Silva", ["Night Desk"], ["spanish"], Steady, ["Spanish"], onQueue: false);

        organization.AddOAuthClient(ClientId, ClientSecret);
        organization.AddDeployment("Website");
    }
}
