namespace Baton.Sandbox;

/// <summary>What a fresh sandbox holds: enough of each kind to try everything by hand.</summary>
static class DefaultOrganization
{
    public const string ClientId = "baton-sandbox";
    public const string SignInClientId = "baton-sandbox-people";
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
        organization.AddSignInClient(SignInClientId, "http://127.0.0.1:5200/signin/genesys/callback", "http://localhost:5200/signin/genesys/callback");
        organization.SetRoles("Grace Chen", "employee", "Supervisor");
        organization.SetRoles("Hugo Silva", "employee", "Admin");

        organization.AddKnowledgeBase("Billing");
        organization.AddKnowledgeBase("Service");
        foreach (var (knowledgeBase, article) in Articles) organization.AddArticle(knowledgeBase, article);
        foreach (var queue in (string[])["Billing", "Support"]) organization.BindAssistant(queue);
        organization.AddDeployment("Website");
    }

    static readonly (string KnowledgeBase, KnowledgeArticle Article)[] Articles =
    [
        ("Billing", Article("billing-address", "Update a billing address", "Open Account, then Billing, then Address. The change applies from the next invoice.", "billing_tier_2", "account_management")),
        ("Billing", Article("current-plan", "Read the details of a plan", "Account, then Plan lists the price, the renewal date and what is included.", "account_management")),
        ("Billing", Article("refund", "Refund a payment", "A payment can be refunded within 30 days. Open the order, then Refund. The money is back within five days.", "refunds", "billing_tier_2")),
        ("Service", Article("password", "Reset a password", "Send a reset link from Security to whoever forgot it or cannot log in. It is valid for one hour.", "account_management")),
        ("Service", Article("card-lost", "Block a lost card", "Block a lost or stolen card at once in Cards. A new one arrives within five days.", "cards")),
        ("Service", Article("late-delivery", "Trace a late delivery", "Ask for the order number and open Shipping, then Trace.", "logistics")),
        ("Billing", Article("cancel", "Cancel a subscription", "Account, then Plan, then Cancel. It ends with the paid period.", "retention")),
        ("Billing", Article("invoice-copy", "Send a copy of an invoice", "Billing, then Invoices, then Send. Any invoice of the last seven years can be sent.", "billing_tier_2")),
    ];

    static KnowledgeArticle Article(string id, string title, string text, params string[] tags) => new(title, text) { Id = id, Tags = tags };
}
