using Baton.Core.Handoffs;

namespace Baton.Server.Console;

/// <summary>The steps of a handoff as a person reads them. A step that is not listed reads as its name does.</summary>
public static class StepWords
{
    public static string Of(string what) => what switch
    {
        "requested" => "Asked for",
        "prepared" => "Conversation read, queue checked",
        "briefed" => "Briefing written for the agent",
        "notBriefed" => "Briefing could not be written; the handoff goes on without",
        "transferDue" or "attempt" => "Intent to transfer recorded",
        "transferAccepted" => "Transfer accepted, not yet seen",
        "transferReplyUnknown" => "No answer to the transfer: looked for before it is sent again",
        "transferRateLimited" => "Transfer not carried out: out of quota",
        "transferRefused" => "Transfer refused",
        "transferNotThere" => "Transfer is not there: sent again",
        "transferRepeated" => "Transfer repeated",
        "lookedForTransfer" => "Looked for the transfer",
        "transferConfirmed" => "Transfer confirmed: in the queue",
        "routingSet" => "Skills and priority set",
        "routingNotSet" => "Skills and priority could not be set",
        "agentWasQuicker" => "An agent was quicker than the skills",
        "messageSent" => "Message to the customer goes out",
        "messageReplyUnknown" => "No answer to the message: looked for before it is sent again",
        "messageNotThere" => "Message is not there: sent again",
        "messageRateLimited" => "Message not sent: out of quota",
        "messageRefused" => "Message refused",
        "messageGivenUp" => "Message given up",
        "customerTold" => "Customer told",
        "agentJoined" => "Agent joined",
        "customerLeft" => "Customer left",
        "nextStep" => "Nobody came: next queue",
        "noQueueTookIt" => "No queue took it",
        "lastStepEnded" => "Last queue of the plan ended",
        "returnedToBot" => "Stays with the bot",
        "delayed" => "Delayed",
        "legGone" or "legNotThere" => "The bot's leg has left",
        "conversationGone" => "Conversation has ended",
        "completed" => "Completed",
        "canceled" => "Called off",
        "timedOut" => "Time is up",
        _ => Wording.Sentence(what),
    };

    public static string Next(Todo todo) => todo switch
    {
        Todo.SendTransfer => "send the transfer",
        Todo.FindTransfer => "look for the transfer",
        Todo.Brief => "write the briefing",
        Todo.SetRouting => "set skills and priority",
        Todo.Prepare => "read the conversation",
        Todo.SendMessage => "tell the customer",
        Todo.FindMessage => "look for the message",
        Todo.Follow => "look how it goes on",
        _ => "nothing",
    };
}
