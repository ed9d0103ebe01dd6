namespace Baton.Core.Assist.Knowledge;

/// <summary>Words that tell no article from another: English's small words, what people say out of politeness, and how they ask for a person, which is why an agent is asking and not what the matter is.</summary>
static class StopWords
{
    static readonly HashSet<string> words = new("""
        a about above after again all also am an and any anybody anyone anything are arent as at be because been before being below between both but by came can cannot cant come could couldnt
        did didnt do does doesnt doing done dont down each else even ever every few for from further get gets getting give go goes going got had hadnt has hasnt have havent having he her here hers him his how
        i id if ill im in into is isnt it its itself ive just know let lets like look make many may maybe me might mine more most much must my myself need needs no nor not nothing now of off on once one only or
        other our ours out over own please pls put really said same say says see shall she should shouldnt since so some somebody someone something somewhere still such sure take tell than that thats the
        their theirs them then there theres these they theyre thing things think this those though through till to too try trying under until up upon us use very via want wants was wasnt we well were werent
        what whats when where which while who whom whose why will with within without wont would wouldnt yes yet you youll your youre yours yourself youve
        hello hey hi dear good morning afternoon evening okay ok thanks thank thx welcome sorry great fine bye goodbye cheers right oh ah um uh hm hmm yeah yep nope
        agent agents human humans person operator representative speak speaking talk talking connect
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Has(ReadOnlySpan<char> word) => word.Length == 1 && char.IsAsciiLetter(word[0]) || bySpan.Contains(word);
}
