using System.Text.RegularExpressions;

namespace Baton.Core.Readings;

/// <summary>
/// How surely one text asks for a human, 0..1. Patterns of asking ("speak to", "put me through", "agent please") beside the words for whom;
/// a negation before the wish in the same clause cancels it ("I don't need an agent"), and so do agents who are none ("my travel agent").
/// </summary>
static class HumanRequest
{
    public static double Score(string text)
    {
        var plain = PlainText.Of(text);
        var friendly = falseFriends.Replace(plain, " thing ");
        var words = plain.Length == 0 ? 0 : plain.Count(' ') + 1;

        var score = 0.0;
        if (words <= 6 && lone.IsMatch(friendly)) score = 0.9;
        score = Math.Max(score, Surest(contact, friendly, 0.95));
        score = Math.Max(score, Surest(handOver, friendly, 0.95));
        score = Math.Max(score, Surest(fetch, friendly, 0.95));
        score = Math.Max(score, Surest(want, friendly, 0.9));
        score = Math.Max(score, Surest(isThere, friendly, 0.8));
        score = Math.Max(score, Surest(contactSomewhere, friendly, 0.7));
        score = Math.Max(score, Surest(noMachine, friendly, 0.7));
        if (score < 0.4 && areYouABot.IsMatch(friendly)) score = 0.4;
        return score;
    }

    public static bool SaysYes(string text)
    {
        var plain = PlainText.Of(text);
        return yes.IsMatch(plain) && !no.IsMatch(plain);
    }

    static double Surest(Regex wish, string plain, double score)
    {
        foreach (var match in wish.EnumerateMatches(plain))
        {
            var clause = plain.AsSpan(0, match.Index);
            clause = clause[(clause.LastIndexOf('|') + 1)..];
            var start = 0;
            foreach (var fresh in freshStart.EnumerateMatches(clause)) start = fresh.Index;
            if (!denied.IsMatch(clause[start..])) return score;
        }
        return 0;
    }

    const string Adjective = "(?:(?:an?|the|your|any|some|my|one of|real|actual|live|human|proper|different|other|another|bank|service|support|customer|care|services|virtual|duty|senior|trained|qualified|members? of|of) )*";
    const string Sure = "(?:humans?|human beings?|persons?|people|agents?|representatives?|reps?|operators?|advis[eo]rs?|supervisors?|managers?|employees?|specialists?|consultants?|clerks?|tellers?|workers?|colleagues?|assistants?|customer (?:service|care|support)|support team|help ?desk|live (?:chat|support)|staff|team|receptionist)";
    const string AnyOne = "(?:someone|somebody|anyone|anybody)";
    const string Who = $"{Adjective}(?:{Sure}|{AnyOne})";
    const string Soon = @"(?: \w+){0,2}";

    /// <summary>speak to a person, talk with someone, chat to an agent, get hold of a human</summary>
    static readonly Regex contact = PlainText.Pattern($@"\b(?:speak|talk|chat|speaking|talking|chatting|communicate|deal|dealing|discuss (?:this|it|that))(?: directly)?(?: about (?:this|it|that))? (?:to|with|2) {Who}\b|\b(?:get hold of|get in touch with|get through to) {Adjective}{Sure}\b|\b(?:can|do|could|may|want|like|need)(?: i)?(?: to)? (?:reach|contact) {Adjective}{Sure}\b|\btalk (?:human|person)|\b(?:help from|a word with) {Who}\b|\bwho (?:can|could|should|do) i (?:speak|talk) (?:to|with)\b");

    /// <summary>transfer me to an agent, put me through to a person, escalate this to a manager</summary>
    static readonly Regex handOver = PlainText.Pattern($@"\b(?:transfer|connect|put|pass|forward|redirect|hand|route|send|switch|escalate|direct)(?:ring|ing)? (?:me|us|this|it|my call|the call|my case)(?: up| on| over| through| thru| back| straight| directly)*(?: (?:to|with|onto))?{Soon} {Who}\b");

    /// <summary>get me somebody, put someone else on, transfer me, be put through to an agent</summary>
    static readonly Regex fetch = PlainText.Pattern($@"\b(?:get|give|find|bring|send|fetch) (?:me |us |in )?{Who}(?: else)?(?: on the (?:line|phone)| now| please|$| \|)|\b(?:be|get) (?:transferred|connected|put through|escalated) (?:to|with) {Who}\b|\b(?:get|put) (?:me )?(?:to )?{Who} (?:else )?(?:else|on)\b|\bget me to {Who}\b|\bescalate (?:this|it|me|the (?:issue|matter|case|problem))\b|\b(?:transfer|forward) (?:me|us|this|it|my (?:call|case))(?: (?:please|now|then|immediately|asap|already))*(?: ?\||$)|\bbe (?:transferred|escalated|put through)(?: (?:please|now))*(?: ?\||$)");

    /// <summary>I want a human, need a live agent, prefer a real person</summary>
    static readonly Regex want = PlainText.Pattern($@"\b(?:want|need|prefer|demand|require|request|requesting|wanna have|like to have|would like|id like|id rather have) (?:to (?:have|get|see) )?{Adjective}{Sure}\b|\b(?:can|could|may) i (?:please )?(?:have|get) {Adjective}(?:humans?|human being|agent|representative|operator|supervisor)\b|\basked (?:for|to (?:speak|talk) to) {Adjective}{Sure}\b|\bis there (?:someone|anyone|somebody|anybody) else\b|\bsomeone (?:above you|who can (?:actually|really))");

    /// <summary>is there a human there, any agents available, can a human help</summary>
    static readonly Regex isThere = PlainText.Pattern($@"\b(?:is|are) there (?:an? |any |some )?(?:real |actual |live )*(?:human|person|agent|representative|operator)s?\b|\b(?:any|an|a) (?:real |live |human )*(?:agent|human|representative|operator)s? (?:available|there|online|help)|\b(?:can|could|have|let|may) (?:an? |your )(?:real |live |human |actual )*(?:agent|human|representative|person|manager|supervisor)s? (?:\w+ )?(?:help|call|contact|ring|phone|assist|take over)|\b(?:can|could) {AnyOne} (?:please )?(?:call|ring|phone) me\b|\bany (?:humans?|real people) (?:working|there|around|here)");

    /// <summary>I want to speak to the restaurant: a place where people answer</summary>
    static readonly Regex contactSomewhere = PlainText.Pattern(@"\b(?:want|need|like|can i|could i|may i|let me|wanna|please) (?:to )?(?:please )?(?:speak|talk)(?: directly)? (?:to|with) (?:the|your) \w+|\b(?:transfer|put) me (?:through )?to \w+|\bconnect me (?:to|with) (?:the|your) \w+");

    /// <summary>stop talking to bots, not comfortable with a machine, this chat is going nowhere</summary>
    static readonly Regex noMachine = PlainText.Pattern(@"\b(?:comfortable|stop|tired|sick|fed up|hate|enough|wast\w+|refuse|dont (?:want|like))(?: \w+){0,6}? (?:this |these |a |an |the |with |of |by |to )*(?:bots?|robots?|machines?|chatbots?|virtual (?:agents?|assistants?)|automated (?:system|service|assistant)|computers?)\b|\b(?:no more|out of this|away from this) (?:bots?|robots?|chatbots?)\b|\bthis (?:conversation|chat|bot|chatbot|assistant) (?:is not|isnt|doesnt|does not|is) (?:working|work|leading (?:anywhere|nowhere)|going (?:anywhere|nowhere)|helping|useless|hopeless)\b");

    static readonly Regex areYouABot = PlainText.Pattern(@"\bare you (?:even |really |actually )?(?:an? )?(?:real |actual )*(?:bot|robot|machine|human|person|chatbot|ai|computer)\b|\bam i (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:real )?(?:bot|robot|machine|human|person|computer)\b");

    /// <summary>The whole text is hardly more than the word: "agent please", "representative!", "spa team please"</summary>
    static readonly Regex lone = PlainText.Pattern($@"^(?:(?:hi|hello|hey|no|yes|ok|okay|just|please|sorry|a|an|the|real|live|human|your|actual|i said|spa|bank|billing|sales|support|customer) ?(?:\| )?)*(?:humans?|human being|real person|live person|agent|representative|rep|operator|advis[eo]r|supervisor|manager|customer (?:service|care|support)|\w+ team please)(?: (?:\| )?(?:please|now|pls|plz|asap|here|thanks|thank you|already|only|immediately|right))*$");

    static readonly Regex falseFriends = PlainText.Pattern(@"\b(?:(?:insurance|travel|estate|letting|leasing|booking|ticket|shipping|customs|delivery|cleaning|user|reservation|rental|purchasing) agents?|agents? (?:number|code|name|fees?|id)|human (?:resources|rights|error|hair|body)|(?:password|task|project|file|device|my|hotel booking|his|her|their) managers?|in person|per person|each person|single person|one person|(?:\d+|two|three|four|five|six|seven|eight|nine|ten|more|many|how many|fewer) (?:other )?(?:persons?|people)|person i (?:want|need|wanted|have)|persons? name|name of the person|my (?:own )?(?:team|staff|people|agent|advis[eo]r)|me to my|(?:people|person|someone|staff) (?:to|for) (?:join|stay|come|clean|eat|dinner|lunch|\d+))\b");

    /// <summary>A negation in front of the wish and within its reach; "why can't I speak to" and "I don't care" deny nothing, and neither does a past tense of ours.</summary>
    static readonly Regex denied = PlainText.Pattern(@"\b(?:dont|do not|didnt|did not|doesnt|wouldnt|would not|no longer|not|never|no)(?: (?:really|actually|even|just|think|i|particularly|currently))* (?:want|need|wish|like|have|require|ask|asked|asking|prefer|going|looking|try|trying|necessary|interested|mean)\b|\b(?:no need|without|instead of|rather than|rather not|prefer not|avoid|not|before i|was|were|been|after|already|keep|keeps|dont|do not|never)(?: (?:to|for|i|think|be|being|having|have|need|any|an?|me|you|us|further|another|get|want|try|by))*\s*$");

    /// <summary>Where a new thought begins without a comma: what was denied before it is done with.</summary>
    static readonly Regex freshStart = PlainText.Pattern(@"\b(?:please|but|so|let me|get me|just|because|cause|instead i|id rather|would rather)\b");

    static readonly Regex yes = PlainText.Pattern(@"^(?:oh |ok |okay |well |\| )*(?:yes|yeah|yep|yup|sure|please|ok|okay|absolutely|definitely|of course|that would be|id like that|i would (?:like|appreciate)|sounds good|go ahead)\b");

    static readonly Regex no = PlainText.Pattern(@"\b(?:dont|do not|no|not|rather not|without|never|wait)\b");
}
