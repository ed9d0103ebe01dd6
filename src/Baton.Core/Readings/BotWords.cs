using System.Text.RegularExpressions;

namespace Baton.Core.Readings;

/// <summary>What a bot says of itself when it reports no result: that it did not understand, or that it can bring in a human.</summary>
static class BotWords
{
    public static bool SayNotUnderstood(string text) => notUnderstood.IsMatch(PlainText.Of(text));

    public static bool OfferHuman(string text) => offer.IsMatch(PlainText.Of(text));

    const string Fillers = "(?:(?:quite|really|fully|seem|able|sure|to|i|am|that) )*";
    const string Missed = $@"(?:did ?not|didnt|do not|dont|could ?not|couldnt|can ?not|cant|was not|wasnt|am not|im not|not|unable to) {Fillers}(?:understand|understood|get (?:that|you|what)|catch (?:that|what)|follow you)\b";
    const string Unsure = @"not (?:quite )?sure (?:i understand|i follow|what you (?:mean|meant|want))\b";
    const string AskAgain = @"(?:could|can|would|please|try|by|kindly)(?: you)?(?: please| kindly)?(?: try| to)* (?:rephras(?:e|ing)|reword(?:ing)?|repeat (?:that|it|your)|say (?:that|it) (?:again|differently|in other|in a different))";
    const string Invalid = @"(?:not a|no|isnt a|an) (?:valid|invalid) (?:option|answer|response|choice|input)\b";

    static readonly Regex notUnderstood = PlainText.Pattern($@"\b(?:{Missed}|{Unsure}|{AskAgain}|{Invalid})");

    static readonly Regex offer = PlainText.Pattern(@"\b(?:like|want|wish|shall|should|can|could|will|let) (?:\w+ ){0,5}(?:transfer|connect|put|pass|hand|escalate|talk|speak|chat)(?:red|ed)? (?:\w+ ){0,6}(?:human|agent|person|representative|advisor|specialist|someone|colleague|supervisor)\b");
}
