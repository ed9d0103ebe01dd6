using Baton.Core.Conversations;
using Baton.Core.Handoffs;
using Baton.Core.Policies;
using static Baton.Cli.Demo.DemoStep;

namespace Baton.Cli.Demo;

/// <summary>The conversations of <c>baton demo</c>: each goes another way.</summary>
static class Scenarios
{
    const string Rephrase = "Sorry, I did not understand that. Could you rephrase?";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("asks for a human at once", [
            new Customer("Hi, I'd like to speak to a real person please.", "agent", 0.93),
        ]) { Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "Support" } },

        new("three no-matches", [
            new Customer("My thingy does the blinking again", Result: BotResult.NoMatch), new Bot(Rephrase),
            new Customer("the blinking. orange. since the storm", Result: BotResult.NoMatch), new Bot(Rephrase),
            new Customer("modem I mean", Result: BotResult.NoMatch),
        ]) { Expected = new(DecisionOutcome.HandOff, "noMatch", HandoffState.Completed) { Queue = "Support" } },

        new("angry and getting angrier", [
            new Customer("Hello, my parcel has not arrived.", "delivery", 0.86), new Bot("I am sorry to hear that. It shows as delivered on Monday."),
            new Customer("That is wrong. I was home all day and nobody came. This is really annoying.", "delivery", 0.81), new Bot("It shows as delivered on Monday at 14:05."),
            new Customer("This is ridiculous! Terrible service, I am furious, you people are useless and this is a complete waste of my time!!!", "complaint", 0.77),
            new Bot("Please check with your neighbors."), new Customer("WORST COMPANY EVER. I hate this awful, horrible garbage!!", "complaint", 0.8),
        ]) { Expected = new(DecisionOutcome.HandOff, null, HandoffState.Completed) { Queue = "Support" } },

        new("bot in a loop", [
            new Customer("How do I change the address on my contract?", "address", 0.72), new Bot("You can see your contract under My Account, Contracts."),
            new Customer("Where can I edit the street there?", "address", 0.7), new Bot("You can see your contract under My Account, Contracts."),
            new Customer("The page has no button for it.", "address", 0.69), new Bot("You can see your contract under My Account, Contracts."),
            new Customer("It only shows the old street.", "address", 0.66),
        ]) { Expected = new(DecisionOutcome.HandOff, "repetition", HandoffState.Completed) { Queue = "Support" } },

        new("VIP goes first", [
            new Customer("I need to talk to an agent about my portfolio.", "advice", 0.88),
        ]) { Attributes = new Dictionary<string, string> { ["tier"] = "vip" }, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "VIP" } },

        new("refund, with the skill for it", [
            new Customer("You charged me twice last month and I want the money back.", "refund", 0.91), new Bot("I can see two payments. I cannot refund them myself."),
            new Customer("Then let me talk to somebody who can.", "refund", 0.84),
        ]) { Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "Billing" } },

        new("bot is guessing", [
            new Customer("It concerns the thing from the letter", "letters", 0.31), new Bot("Do you mean the invoice?"),
            new Customer("No, the other one, with the blue seal", "invoice", 0.28), new Bot("Do you mean your contract?"),
            new Customer("It came with the registered mail", "contract", 0.22), new Bot("Do you mean a reminder?"),
            new Customer("The seal says something about metering", "reminder", 0.19),
        ]) { Expected = new(DecisionOutcome.HandOff, "intentConfidence", HandoffState.Completed) { Queue = "Support" } },

        new("nobody answers, the fallback queue does", [
            new Customer("A human, please.", "agent", 0.9),
        ]) { Attributes = new Dictionary<string, string> { ["desk"] = "night" }, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "Support" } },

        new("queue without agents", [
            new Customer("Can I speak with someone from sales?", "agent", 0.9),
        ]) { Attributes = new Dictionary<string, string> { ["desk"] = "empty" }, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "Support" } },

        new("customer leaves while waiting", [
            new Customer("Give me a human agent", "agent", 0.95), new LeavesAfterHandoff(TimeSpan.FromSeconds(12)),
        ]) { Attributes = new Dictionary<string, string> { ["desk"] = "night" }, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Abandoned) { Queue = "Night Desk" } },

        new("somebody else is already transferring", [
            new Customer("Hello, I have a question about my bill", "billing", 0.8), new Bot("Sure, what would you like to know?"),
            new SomebodyElseTransfers("Billing"), new Customer("Actually, let me talk to a person.", "agent", 0.9),
        ]) { Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Refused) },

        new("ends happily with the bot", [
            new Customer("What are your opening hours on Saturday?", "hours", 0.97), new Bot("We are open from 9 to 14 on Saturdays."),
            new Customer("Great, thank you!", "thanks", 0.95), new Bot("You are welcome. Have a nice day!"),
        ]) { Expected = new(DecisionOutcome.Stay, null) },

        new("a second handoff to the same queue", [
            new Customer("Please connect me with an agent.", "agent", 0.92), new AgentReturnsToBot(TimeSpan.FromSeconds(15)),
            new Bot("I am back. Is there anything else?"), new Customer("Yes. I need to talk to an agent again, please.", "agent", 0.9),
        ]) { Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed, HandoffState.Completed) { Queue = "Support" } },

        new("a caller asks for a human", [
            new Customer("I would like to speak to a real person about my contract.", "agent", 0.92),
        ]) { Media = Media.Voice, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Completed) { Queue = "Support" } },

        new("a caller is not understood", [
            new Customer("(unclear)", Result: BotResult.NoMatch), new Bot("I did not get that. What is it about?"),
            new Customer("(unclear)", Result: BotResult.NoMatch),
        ]) { Media = Media.Voice, Expected = new(DecisionOutcome.HandOff, "noMatch", HandoffState.Completed) { Queue = "Support" } },

        new("a caller hangs up while waiting", [
            new Customer("Get me an agent.", "agent", 0.95), new LeavesAfterHandoff(TimeSpan.FromSeconds(12)),
        ]) { Media = Media.Voice, Attributes = new Dictionary<string, string> { ["desk"] = "night" }, Expected = new(DecisionOutcome.HandOff, "askedForHuman", HandoffState.Abandoned) { Queue = "Night Desk" } },

        new("out of hours", [
            new Customer("I want to talk to a human.", "agent", 0.94), new Bot("I can note your question."), new Customer("Fine, I will come back tomorrow.", "bye", 0.8),
        ]) { StartsAt = DemoWorld.OpenFor + TimeSpan.FromMinutes(1), Expected = new(DecisionOutcome.Refused, "outOfHours") },
    ];
}
