"""What kind of thing is said: a greeting, thanks, a 'why?', a name. Patterns, for what is said the same way by all."""

import re
from dataclasses import dataclass
from typing import Final

_HUSH: Final = re.compile(r"[^\w\s'?]+")
_GREET = (
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|hallo|hola|bonjour"
    r"|salut|ciao|guten tag|moin|servus|yo)"
)
_END = r"(?: there| again| everyone| you| emi| jonah| my friend)?[ !.?]*$"
_PATTERNS: Final = (
    (
        "forget_me",
        r"\b(?:forget (?:about )?me|forget (?:everything|all)(?: (?:that )?(?:about me|you know about me|i "
        r"(?:told|said)(?: to)? you|we (?:said|talked about)))"
        r"|(?:delete|erase|wipe|remove|clear) (?:all )?(?:(?:of )?(?:my (?:data|memory|memories"
        r"|information|records?|history|profile)|everything (?:about me|you (?:know|have|kept|stored)(?: "
        r"(?:about|on) me)?)|what you (?:know|have|keep|kept|stored|remember)(?: (?:about|on|of) me)?))"
        r"|vergiss mich|oublie[- ]moi|olv[ií]dame|dimenticami|l[öo]sche? (?:alle )?meine daten|efface mes "
        r"donn[ée]es)\b",
    ),
    (
        "goodbye",
        r"^(?:ok(?:ay)? |well |right |thanks? |thank you )*(?:good ?bye|bye(?: bye)?|see you(?: (?:later"
        r"|soon|tomorrow|around))?|see ya|good night|farewell|take care|i (?:have|need|must|ve got|'ve got"
        r"|gotta) (?:to )?go(?: now)?|gotta go|until next time|talk to you later|tsch[üu]ss|au revoir"
        r"|adi[óo]s|arrivederci|auf wiedersehen)\b.{0,25}$",
    ),
    (
        "thanks",
        r"^(?:ok(?:ay)? |oh |well |great |no )*(?:thanks|thank you|thx|cheers|ta|many thanks|much "
        r"appreciated|i appreciate (?:it|that)|that(?:'s| is) (?:very |really |so )?(?:helpful|kind)|danke"
        r"|merci|gracias|grazie)\b.{0,35}$",
    ),
    (
        "wellbeing",
        rf"^(?:{_GREET}[ ,]+(?:\w+ )?)?(?:(?:and )?how (?:are|r) (?:you|u|things)(?: (?:doing|feeling|today"
        rf"|tonight|this (?:morning|evening)|now|then))*|how(?:'s| is) it going|how do you do|you (?:ok"
        rf"|okay|all right|alright|good)|are you (?:ok|okay|all right|alright|well)|how(?:'s| is) (?:life"
        rf"|your day)(?: going| been)?|how have you been|what's up|sup|wie geht(?:'s| es dir)|[cç]a va"
        rf"|c[óo]mo est[áa]s|come stai)[ ?!.]*$",
    ),
    ("greeting", rf"^{_GREET}{_END}"),
    (
        "repeat",
        r"^(?:sorry |pardon |what |wait )*(?:(?:can|could|would) you )?(?:please )?(?:repeat (?:that|it"
        r"|yourself)|say (?:that|it) (?:again|once more)|come again|what did you (?:just )?say|i (?:didn't"
        r"|did not|couldn't) (?:hear|catch|get) (?:you|that|it)|pardon(?: me)?|again)(?: please)?[ ?!.]*$",
    ),
    (
        "clarify",
        r"^(?:sorry |wait |hm+ |huh |and )*(?:what do you mean(?: by (?:that|it|this))?|what does that "
        r"mean|what(?:'s| is) that (?:supposed to mean|mean)|how do you mean|meaning|(?:can|could) you "
        r"explain(?: that| it)?|explain(?: that| yourself)?|i don't (?:understand|get it|follow)(?: you| "
        r"that)?|in what (?:sense|way)|what|huh)[ ?!.]*$",
    ),
    (
        "why",
        r"^(?:but |and |so |really |oh |hm+ )*(?:why(?: (?:not|so|is that|do you (?:say|think) (?:that|so)"
        r"|that|on earth|though))?|how come|for what reason|what makes you (?:say|think) (?:that|so)|what "
        r"for|warum|pourquoi|por qu[ée]|perch[ée])[ ?!.]*$",
    ),
    (
        "and_you",
        r"(?:^|[\w,.!] ?)\b(?:and|what about|how about) (?:you|yourself|yours)(?: then)?[ ?!.]*$|^(?:you|yours)[ ?]*$"
        r"|^(?:und du|et toi|y t[úu]|e tu)[ ?!.]*$",
    ),
    (
        "more",
        r"^(?:tell me more|go on|more(?: please)?|continue|and then|what else|anything else|keep going"
        r"|another(?: one)?(?: please)?|one more(?: please)?)[ ?!.]*$",
    ),
    ("my_name", r"\b(?:what(?:'s| is) my name|do you (?:know|remember) my name|who am i|say my name)\b"),
    (
        "about_me",
        r"\bwhat (?:do|did) (?:you|u) (?:know|remember|learn|keep) (?:about|of) me\b|\bdo you (?:still "
        r")?(?:know|remember) (?:me|who i am|anything about me|what i (?:said|told you|like))\b|\bhave we "
        r"(?:met|talked|spoken)\b",
    ),
    (
        "apology",
        r"^(?:oh |ok |well )*(?:i'?m )?(?:so |very |really )*(?:sorry|i apologi[sz]e|my (?:bad|apologies"
        r"|mistake)|forgive me)\b.{0,30}$",
    ),
    (
        "praise",
        r"\byou(?:'re| are|r)? (?:(?:so|very|really|quite|pretty|such|the|a|an|truly|just) )*(?:great|good"
        r"|wonderful|amazing|lovely|funny|brilliant|kind|nice|sweet|clever|smart|beautiful|awesome"
        r"|fantastic|best|talented|charming|delight|star)\b(?! (?:at|for|if|enough|but))"
        r"|\bi (?:really |just )?(?:like|enjoy|love) (?:talking|chatting|speaking) (?:to|with) you"
        r"|^(?:well done|good job|nice one|bravo|great answer|good answer)\b",
    ),
    (
        "insult",
        r"\byou(?:'re| are|r)? (?:(?:so|very|really|such|a|an|the|just|totally|completely|fucking|bloody) "
        r")*(?:stupid|dumb|useless|idiot|idiotic|boring|bad|terrible|awful|worthless|pathetic|ugly"
        r"|annoying|rubbish|moron|joke|worst|garbage|trash|liar)\b|\b(?:shut up|screw you|fuck (?:you|off)"
        r"|get lost|i hate you|you suck)\b",
    ),
    (
        "agreement",
        r"^(?:yes|yeah|yep|yup|ok|okay|sure|right|indeed|exactly|true|fine|agreed|i agree|i see|got it|of "
        r"course|absolutely|cool|nice|great|good|interesting|ja|oui|s[íi])[ !.]*$",
    ),
    ("denial", r"^(?:no|nope|nah|not really|never|i don't think so|nein|non)[ !.]*$"),
    ("laughter", r"^(?:(?:ha){2,}h?|(?:he){2,}|lol|rofl|lmao|😂|🤣)[ !.]*$"),
)
_COMPILED: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PATTERNS)
_KEEP: Final = re.compile(
    r"\b(?:don't|do not|never|won't|will you|would you|did you|didn't|you'll|if you|afraid|going to|please not"
    r"|can't|cannot|nicht|pas|no me)\b.{0,25}\b(?:forget|delete|erase|wipe|remove|clear|vergiss|oublie|olv[ií]d)",
    re.IGNORECASE,
)
"""Not a wish to be forgotten: 'don't forget me', 'did you forget me?'."""
QUESTION: Final = re.compile(
    r"\?\s*$|^(?:who|what|when|where|why|how|which|do|does|did|can|could|would|will|are|is|have|has|should)\b", re.I
)


@dataclass(frozen=True)
class Act:
    """kind: of the names in _PATTERNS, '' = something of its own. question: whether it asks."""

    kind: str
    question: bool


def act_of(text: str) -> Act:
    """Returns what kind of thing a user's words are."""
    plain = " ".join(_HUSH.sub(" ", text.replace("’", "'")).split())
    asks = bool(QUESTION.search(text.strip()))
    for name, pattern in _COMPILED:
        if pattern.search(plain) and not (name == "forget_me" and _KEEP.search(plain)):
            return Act(name, asks)
    return Act("", asks)
