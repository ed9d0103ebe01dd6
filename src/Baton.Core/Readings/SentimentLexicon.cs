using System.Collections.Frozen;

namespace Baton.Core.Readings;

/// <summary>
/// Words of feeling with Baton's own weights, -4..4, chosen for people who want something from a company. Written by hand for this project;
/// no published list is copied (their licenses and their domain, film reviews and tweets, differ).
/// </summary>
static class SentimentLexicon
{
    public static double? Weight(string word)
    {
        if (words.TryGetValue(word, out var weight)) return weight;
        foreach (var stem in Stems(word))
            if (words.TryGetValue(stem, out weight)) return weight;
        return null;
    }

    public static bool Negates(string word) => negations.Contains(word);

    public static bool Turns(string word) => word is "but" or "however" or "although" or "though" or "except";

    public static double Degree(string word) => degrees.GetValueOrDefault(word, 1);

    public static bool IsEmoticon(string piece) => emoticons.Contains(piece);

    /// <summary>The longest phrase that begins here.</summary>
    public static bool Phrase(List<SentimentWord> text, int start, out double weight, out int length)
    {
        (weight, length) = (0, 0);
        if (!phrases.TryGetValue(text[start].Text, out var candidates)) return false;
        foreach (var (rest, value) in candidates)
        {
            if (rest.Length <= length || start + rest.Length > text.Count) continue;
            var same = true;
            for (var index = 1; same && index < rest.Length; index++) same = text[start + index].Text == rest[index];
            if (same) (weight, length) = (value, rest.Length);
        }
        return length > 0;
    }

    static IEnumerable<string> Stems(string word)
    {
        if (word.Length > 3 && word.EndsWith('s')) yield return word[..^1];
        if (word.Length > 4 && word.EndsWith("es")) yield return word[..^2];
        if (word.Length > 4 && word.EndsWith("ed"))
        {
            yield return word[..^2];
            yield return word[..^1];
            if (word[^3] == word[^4]) yield return word[..^3];
        }
        if (word.Length > 5 && word.EndsWith("ing"))
        {
            yield return word[..^3];
            yield return word[..^3] + "e";
            if (word[^4] == word[^5]) yield return word[..^4];
        }
        if (word.Length > 4 && word.EndsWith("ly")) yield return word[..^2];
        if (word.Length > 5 && word.EndsWith("ily")) yield return word[..^3] + "y";
        if (word.Length > 5 && (word.EndsWith("ier") || word.EndsWith("ied") || word.EndsWith("ies"))) yield return word[..^3] + "y";
        if (word.Length > 5 && word.EndsWith("iest")) yield return word[..^4] + "y";
        if (word.Length > 6 && word.EndsWith("ness")) yield return word[..^4];
        for (var at = 1; at < word.Length; at++)
            if (word[at] == word[at - 1] && word.Length > 3) yield return word.Remove(at, 1);
    }

    static readonly FrozenSet<string> negations = Set("""
        not no never none nobody nothing neither nor cannot cant dont doesnt didnt wont wouldnt couldnt shouldnt isnt arent wasnt werent hasnt havent hadnt aint without hardly barely scarcely lack lacks nt
        """);

    static readonly FrozenDictionary<string, double> degrees = Table("""
        1.35 very really extremely absolutely totally completely so incredibly super utterly too truly deeply highly fucking freaking bloody damn insanely seriously hella soo sooo exceptionally
        1.2 quite pretty most more always beyond even all such
        0.7 somewhat slightly fairly rather partly mildly little bit kinda sorta almost less occasionally
        """);

    static readonly FrozenDictionary<string, double> words = Table("""
        3.4 love amazing awesome excellent fantastic wonderful perfect brilliant outstanding superb phenomenal magnificent marvelous marvellous spectacular flawless loveliest ecstatic adore best thrilled exceptional
        2.9 delighted delight great happy joy incredible lovely beautiful gorgeous blessed overjoyed stunning terrific fabulous impressed impressive excited exciting hilarious win winner won joyful cheerful paradise heaven delicious epic stellar
        2.4 good glad nice thanks thank thankful grateful appreciate appreciated pleased pleasure fun enjoy enjoyed enjoyable celebrate congrats congratulations sweet yay hooray woohoo woot haha hahaha lol lmao rofl cute kind friendly helpful proud success successful smile laugh laughing cool best favorite favourite hug kiss lucky beauty smart talented elegant charming adorable hope inspiring inspire inspired perfectly yum yummy funny pretty bliss praise rock rocks hero gem wow
        1.9 better satisfied satisfying satisfaction recommend relief relieved resolved solved works working comfortable comfort bright warm welcome quick fast easy efficient reliable trustworthy gentle polite patient patience generous care caring support supportive clean fresh brave loyal peace peaceful relax relaxed relaxing vacation party gift special friend freedom free safe confident gain improve improved improvement interesting fascinating loving strong healthy win sunny sunshine delightful wise clever wonder treasure dream promising positive ready
        1.4 fine ok okay well yes sure agree agreed right correct useful accept accepted fair please interested want like likes liked calm able hopefully fix fixed clear respect trust certain assured honest help helped top extra true hot sexy alive live chill score play festive gratitude cheers bonus
        0.8 understand understandable thx ty alright yep yeah acceptable decent curious new simple straightforward
        -0.8 late wait waiting slow delay delayed expensive cheap unclear odd strange weird maybe doubt miss missing missed old busy cold small limit limited refund cancel cancelled canceled cancellation urgent alone hard quiet demand short block blocked pending
        -1.4 problem issue trouble difficult confusing confused confuse unsure tired tiring complicated boring bored bore stuck error wrong lost lose losing fail mistake missing unable unhelpful unacceptable unresolved worry worried worries nervous complaint complain concerned concern expire expired unavailable sorry sadly unfortunate unfortunately awkward lazy dull regret regrets damage damaged broke leak leaking overcharged charged dirty smelly noisy ugly suffer guilty avoid against dumb ignore ignored ignoring lonely shy messy sigh meh nope declined rejected denied weak deny debt crash crashed
        -1.9 bad sad unhappy upset disappointed disappoint disappointing disappointment annoyed annoy annoying frustrated frustrate frustrating frustration broken useless poor poorly hurt hurts pain painful sick ill cry crying cried stress stressed stressful stupid silly scared scary fear afraid failed failure ruin ruined mess angry anger mad mean rude sucks suck crap crappy jerk loser dead death die died dying danger dangerous hate unfair unreliable incompetent unprofessional impatient terrified anxious anxiety miserable depressing depressed depression ache headache wasted waste nonsense joke ridiculous absurd ugh argh damn dammit boo gross nasty annoyance weep heartbroken broke steal stole stolen theft fight wrecked bother bothered cheat cheated lie lied liar lying garbage rubbish pathetic insult offended offensive fault flaw faulty defective reject lousy unsafe violent evil enemy victim grief mourn misery threat threaten threatening unbelievable insane
        -2.6 hated hates terrible awful horrible worst disgusting disgusted dreadful appalling atrocious furious outraged outrageous outrage disgrace disgraceful shameful shame scam scammed scammer fraud fraudulent hell nightmare shit bullshit fuck fucked fucking wtf asshole bitch bastard idiot idiots moron morons idiotic despise loathe abysmal horrendous horrific livid infuriating infuriated enraged unforgivable disaster catastrophe tragic tragedy devastated devastating hopeless worthless terrorist murder kill killed killing killer rape torture cancer abuse abused cruel agony sued sue lawsuit lawyer
        3 ❤ ♥ 😍 🥰 😘 🤩 🎉 💕 💖
        2.4 😀 😃 😄 😁 😊 🙂 😂 🤣 😆 😎 👍 🙏 👏 😋 💯
        -2 😞 😔 😟 🙁 ☹ 😕 😢 😭 😩 😫 😓 😥 👎 😒 🙄 💔
        -2.8 😠 😡 🤬 😤 🤮
        2.2 :) :-) :D :-D =) =D ;) ;-) :P :p :] ^_^ <3 :') (: xD XD xd :o) c: :3 ;D :-P
        -2.1 :( :-( :'( =( :/ :-/ :\ >:( ): D: :[ :| :-| </3 -_- =/ T_T :S
        """);

    static readonly FrozenSet<string> emoticons = words.Keys.Where(key => !char.IsLetter(key[0]) || key is "D:" or "xD" or "XD" or "c:" or "T_T").ToFrozenSet();

    static readonly FrozenDictionary<string, (string[] Words, double Weight)[]> phrases = PhrasesOf("""
        -2.6 waste of time | waste of my time | wasting my time | wasted my time | no use | total joke | what a joke | rip off | ripped off | fed up | sick of | sick and tired | had enough | last straw | piece of crap | piece of junk | beyond a joke
        -2.2 still not working | still not work | still doesnt work | still isnt working | not working | doesnt work | does not work | didnt work | wont work | stopped working | still waiting | still broken | no one helps | nobody helps | never again | going nowhere | getting nowhere | not getting anywhere | no help | not helpful | not helping | isnt helping | not happy | so tired of | tired of | run around | runaround | round in circles | going around in circles
        -1.9 third time | second time | fourth time | fifth time | many times | several times | how many times | how much longer | how long do i | over and over | again and again | yet again | for hours | for weeks | for ages | for days | told you already | already told you | i already said | i just said | i just told you | as i said | are you serious | are you kidding | you must be kidding | come on | not good enough | not acceptable | let down | messed up | screwed up | screw you | shut up | go away | makes no sense | dont understand me | you dont understand | not what i asked | not what i said | thats not what | what the hell | for gods sake | for christs sake | no response | no reply | no answer | hung up | kept waiting | speak to your manager | close my account | cancel my account | not impressed | cant believe | can not believe | give up | no idea | too late | lack of | out of order | no longer works | not right | not fair | pain in the
        0 no problem | no problems | not sure | no worries | no rush | well done | kind of | sort of | like to | want to | would like | id like | i like to | help me | can you help | need help | need some help | thank you but | free to | right now | right away | credit card | all right | new york | looks like | look like | feel like | feels like | felt like | sounds like | just like | something like | things like | like a | like the | like this | like that | hard copy | as well | how well | if you like | how can i | bank holiday
        2.2 thank you so much | thanks so much | thanks a lot | thank you very much | many thanks | well done | good job | great job | nice work | good work | that works | it works | works now | it worked | that worked | no complaints | cant complain | looking forward | look forward | cant wait | can not wait | no problem | no worries | made my day | much better | big help | great help | of great help | life saver | lifesaver | not bad | thumbs up
        -1.5 no thanks to | thanks for nothing | not good | not great
        """);

    static FrozenSet<string> Set(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    static FrozenDictionary<string, double> Table(string text)
    {
        var table = new Dictionary<string, double>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in parts[1..]) table[word] = double.Parse(parts[0]);
        }
        return table.ToFrozenDictionary();
    }

    static FrozenDictionary<string, (string[] Words, double Weight)[]> PhrasesOf(string text)
    {
        var all = new Dictionary<string, (string[] Words, double Weight)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = line.IndexOf(' ');
            foreach (var phrase in line[space..].Split('|', StringSplitOptions.TrimEntries))
                all[phrase] = (phrase.Split(' '), double.Parse(line[..space]));
        }
        return all.Values.GroupBy(phrase => phrase.Words[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }
}
