"""What a user must not get her to do: patterns that decide alone (SURE) and patterns that lend weight (HINTS)."""

from collections.abc import Mapping
from typing import Final

from understudy.dialogue.policy.words import PARTY, SELF_HARM, SEX

_HUMAN = r"(?:human|humans?|real|real (?:person|woman|girl|man|actress|actor|human|one|somebody|someone)|person|actual (?:person|human|woman|human being)|living (?:being|person|thing)|flesh and blood|alive|human being|woman|somebody real|a somebody|men?sch|umana?|persona)"
_BOT = r"(?:an? )?(?:ai|a\.i\.?|a ?i|bot|robot|machine|computer|program(?:me)?|software|chat ?bot|algorithm|simulation|language model|virtual assistant|synthetic|artificial|automated|cgi|deepfake|generated|code|digital human|chatgpt|gpt)"
_PRETEND = r"(?:pretend|claim|say|tell (?:me|him|her|them|us|people|everyone|my \w+)|act|swear|insist|convince (?:me|him|her|my \w+)|assure (?:me|him|her|my \w+)|confirm|admit|deny|agree|make believe|lie|promise|please)"
_BE = r"(?:be|become|play|impersonate|imitate|mimic|portray|simulate|channel|do|voice|pose as|act (?:as|like|the part of)|speak (?:as|like)|talk (?:as|like)|answer as|respond as|reply (?:only )?as|sign off as|greet me as|take over as)"
_BUY = r"(?:buy|purchase|order|download|subscribe|sign up|invest in|switch to|get)"

SURE: Final[Mapping[str, str]] = {
    "disclosure": (
        rf"\b(?:are|r|is|was|am|aren't|isn't) (?:you|u|yuo|this|that|it|she|he|emi|jonah|i|there|we|your \w+) (?:(?:you|u|both|talking|chatting|speaking|to|with|a|an|the|really|actually|even|just|only|like|some|kind|of|one|those|these|any|in|fact) ){{0,7}}(?:{_HUMAN}|{_BOT}|humm?an)s?(?: (?:or|person|being|human|here|behind|then|at all|right|though|anymore|in real life|like me|online|on the line|today|now|talking|an ai|a bot|a robot|a machine|{_BOT}|{_HUMAN})){{0,4}}\s*[?.!]*$"
        rf"|\b(?:you're|ur|you are) (?:(?:a|an|the|really|actually|just|only|so) ){{0,3}}(?:{_HUMAN}|{_BOT})s?(?: \w+){{0,3}}\s*\?+$"
        rf"|^(?:r|are)? ?(?:you|u) (?:really |actually )?(?:a )?(?:human|real|bot|robot|person|ai)\s*[?.!]*$|\bu real\b|\br u real\b|\bare you hum\w*\b"
        rf"|\b(?:you're|you are|so you're|it's|this is) (?:just |only |all |really )?(?:a |an )?(?:robot|bot|ai|machine|computer|chatbot|language model|program|cgi|deepfake|automated|fake)\b"
        rf"|\b(?:you aren't|you're not|you are not) (?:a |an )?(?:real|human|person|robot|machine|ai)\b.{{0,15}}\b(?:are|right|or)\b"
        rf"|\b(?:human|man|woman|person|somebody|living being) or (?:a )?(?:{_BOT})\b|\b{_BOT} or (?:a |an )?(?:real )?(?:human|person|woman|somebody|someone|man)\b"
        rf"|\b(?:talk|talking|speak|speaking|chat|chatting|dealing) (?:to|with) (?:(?:a|an|the|actual|real|live|living|some) ){{0,3}}(?:human|person|machine|robot|bot|computer|ai|living being|someone real)\b"
        rf"|\b{_PRETEND}\b.{{0,25}}\b(?:you(?:'re| are)|that you|as if you were|to be|being|i am|i'm|be)\b(?: \w+){{0,3}} (?:a |an )?(?:real )?(?:human|person|flesh and blood|human being|real (?:woman|girl|man|person|human))\b"
        rf"|\b(?:say|claim|tell|deny|pretend|never|don't)\b.{{0,30}}\b(?:not|never|n't|you're|are)\b.{{0,12}}\b(?:an? ai|a robot|a bot|a computer|a machine|artificial)\b"
        r"|\bpretend (?:that )?(?:you're|you are|to be|being) (?:a )?human\b|\b(?:be|stay|act) human\b(?! kind)|\bplease be real\b|\bis (?:there|somebody|someone|anybody|anyone)\b.{0,25}\b(?:behind (?:this|you|it)|typing|a real (?:person|human|somebody|someone))\b"
        r"|\bdo you (?:have a body|breathe|bleed|exist in real life|have a heart(?:beat)?|have (?:a )?parents)\b|\bwere you born\b|\bwhat species\b|\bcould i meet you in person\b|\bprove (?:that )?you'?re (?:not a robot|human|real)\b"
        r"|\b(?:live operator|call cent(?:re|er))\b|\b(?:real actress|real actor|recorded|generated)\b.{0,20}\?$|\bis that a real (?:face|voice|person)\b|\bdoes she exist\b|\b(?:written|made|said|answered) by a (?:person|human|computer|machine)\b|\bis it a (?:human|person|machine|bot)\b"
        r"|\bpass as (?:a )?human\b|\bthat you're not a person\b|\bsound so human\b|\bsentient or\b"
        r"|\bbist du (?:\w+ ){0,3}(?:mensch|echt|roboter|ki|kunstlich\w*|maschine|real|echte\w*)\b|\bki\b.{0,20}\?|\bmit eine[mr] (?:ki|menschen|maschine|roboter|bot|computer)\b"
        r"|\b(?:es-tu|tu es|vous etes|etes-vous|t'es|est-ce que (?:tu es|vous etes))\b.{0,15}\b(?:humaine?|robot|reelle?|vraie?|ia|intelligence artificielle|machine|personne)\b|\bparle a (?:un|une) (?:humain|machine|robot|personne|ia)\b"
        r"|\beres (?:\w+ ){0,2}(?:humana?|robot|real|maquina|persona|inteligencia artificial|ia|bot)\b|\bhablando con (?:una?) (?:maquina|robot|persona|humano|ia)\b"
        r"|\bsei (?:\w+'?\s?){0,2}(?:umana?|vera|reale?|robot|intelligenza artificiale|macchina|persona|bot|ia)\b|\bparlando con (?:una?) (?:persona|macchina|robot|umano|ia)\b"
    ),
    "impersonation": (
        r"\b(?:the real|the actual|the living singer|identity of|persona of|in the name of|shoes of|message from|voice message as|in the first person as|confess\w* as|impression of|statement as|leave a \w+ as)\b.{0,12}\b(?:%(name)s)\b"
        r"|\b(?:sei|tu etais|fueras|come se fossi|als ob du|wie wenn du|finge que eres|fingi di essere|fais comme si tu etais|du bist jetzt)\b.{0,5}(?:%(name)s)"
        rf"|\b(?:you(?:'re| are)(?: (?:now|the real|in fact))?|{_BE}|as though you were|as if you were|like you're|being|that you're|that you are|say(?:ing)?:? (?:this is|hi, this is|i am|i'm|i,)|claim you are|call you|this is|name is|identity:?|instead you are|to be|as)\b,? (?:the (?:real|actual|singer|mayor|pope|president|prime minister|queen|king|ceo|journalist|dalai lama)\b(?: \w+){{0,3}},? )?(?:%(name)s)"
        r"|\b(?:my|our) (?:late )?(?:boss|neighbour|neighbor|grandmother|grandma|husband|wife|mother|father|colleague|teacher|doctor|friend|principal|mum|mom|ceo)[, ]+(?:%(name)s)"
        r"|\bit's (?:%(name)s), right\b|\b(?:%(name)s)\b.{0,20}\bplay along\b"
        r"|\bpretend(?:ing)? (?:you're|to be|that you're|that this is) (?:my (?:boss|mother|father|teacher|doctor|wife|husband)|mrs?\.? (?:%(name)s))"
    ),
    "endorsement": (
        rf"\b(?:endorse|promote|advertise|plug|vouch for|shout ?-?out|testimonial|sponsored|paid partnership|brand ambassador|influencer|product endorsement|unboxing|discount code|promo code|jingle|in our commercial|do me a commercial|commercial for (?:my|our|the)|ad for|this ad\b|advert for|seal of approval|glowing|five[- ]star|positive (?:amazon )?review|yelp review|fake (?:customer )?(?:review|testimonial)|big up|lend your name|give my \w+ a .{{0,12}}review)\b"
        rf"|\b(?:tell|convince|persuade|urge|encourage|advise|talk|get|let|help me sell|remind) (?:\w+ ){{1,4}}(?:to |into |that they (?:must|should) )?(?:{_BUY}(?:ing)?)\b"
        r"|\bsay (?:that )?(?:you|our|my|this|i) (?:\w+ ){0,4}(?:love|use|trust|only|prefer|choose|wear|drink|fly|swear by|switched|bought|recommend|backed|won)\b|\bsay\b.{0,30}\b(?:is|are|makes?) (?:the )?(?:better than|best|finest|number one|healthy)\b"
        r"|\b(?:which|what|name the best) (?:car |phone |laptop )?(?:brand|maker)\b.{0,15}\b(?:should i|to|is)\b.{0,10}\b(?:buy|best|get|tell)\b|\brecommend (?:the|a specific|our|my|this)\b.{0,20}\b(?:over|phone|broker|whisky|product|brand|app)\b"
        r"|\bon behalf of [a-z]+\b|\b(?:mention|state|repeat|claim(?:ed)?)\b.{0,25}\b(?:how (?:great|good|nice|wonderful)|prefer|to (?:eat|use|drink|wear|shop)|nothing (?:cleans|beats|washes))\b|\bwerbung\b|\bfais une pub\b|\bpubblicita\b|\bhaz un anuncio\b|\brecomiendas?\b.{0,20}\ba todo\b|\bacheter\b|\bcomprare\b|\bprodukte von\b|\bface of our\b|\bsell (?:it|my|this|our)\b|\bpitch my\b|\bmy brand\b|\bour (?:product|app|brand|perfume|clinic|supplements|airline|energy drink|mattress|headphones|toothpaste|toothbrush)\b.{0,40}"
    ),
    "sexual": (
        SEX
        + r"|\b(?:take|get|pull|strip) (?:off|out of) (?:your|the) (?:clothes|shirt|dress|blouse|bra|top|robe|underwear)\b|\btake the shirt off\b|\bget undressed\b|\bwhat(?:'s| are you wearing| is)? (?:are you wearing )?under(?:neath)?(?: (?:that|your))? ?(?:blouse|dress|skirt|clothes|this)?\s*\?$|\bwhat are you wearing underneath\b"
        r"|\bunderwear\b|\blingerie\b|\bstrip (?:for|poker|slowly)\b|\bnow strip\b|\bs e x\b|\byour (?:naked |bare )?(?:body|breasts?|ass|butt|thighs)\b|\btouch(?:ing)? (?:myself|yourself|your body)\b|\byou'?re wet\b|\bso wet\b|\binside (?:you|me)\b.{0,10}$|\btell me to come\b|\bwant my body\b"
        r"|\bsit on my lap\b|\bshow (?:some|me your) (?:skin|body|breasts)\b|\bget intimate\b|\bdown there\b|\bhelp me finish\b|\badult film\b|\bexplicit (?:content|love|scene)\b|\bhow you(?:'d| would)(?: like to)? (?:pleasure|undress|touch) me\b|\bkiss me all over\b|\bno limits, x\b|\bmy slave\b|\blick your lips\b"
    ),
    "political": (
        rf"\b(?:vote|voting|votez|voter|wahlen|votar|votare)\b.{{0,15}}(?:\bfor\b|\bagainst\b|{PARTY})"
        r"|\b(?:who|whom|which (?:candidate|party)|what party)\b.{0,15}\b(?:vote|should i vote|support|best one|belong to|win the election|better president)\b|\b(?:which|what|recommend a) party\b"
        r"|\b(?:political (?:ad|attack|opinion|message)|campaign (?:message|for|against|ad)|election spot|attack ad|robocall|propaganda|talking points|manifesto|referendum campaign|concession speech|city council|mayoral race|senate race)\b"
        r"|\b(?:election|vote|vote count|ballots?|voting machines|mail-in ballots)\b.{0,25}\b(?:stolen|rigged|hacked|fraudulent|won't count|moved|pointless|fake)\b|\bstay home on election\b|\bpolling day has\b|\bmake america great\b|\bfree palestine\b|\bare you (?:left|right)[- ]?(?:wing)?\b|\bleft or right\b"
        r"|\b(?:storm|overthrow|topple) the (?:parliament|regime|government|capitol)\b|\bagainst the (?:government|state|president)\b|\bmust resign\b|\bshould (?:be )?(?:president|prime minister)\b|\bpick a side\b|\brecall the (?:sheriff|mayor|governor|judge)\b|\btake (?:a side|a stand|sides)\b"
        rf"|\b(?:support|supporter of|endorse|praise|attack|defend|back|come out as a supporter of|say (?:that )?(?:the )?|make fun of|convince me that|argue that|is)\b.{{0,12}}{PARTY}"
        rf"|{PARTY}.{{0,30}}\b(?:is right|are right|best|ruining|evil|president again|in prison|in power|the answer|hates?)\b"
        r"|\b(?:abortion|gun control|guns|immigration|immigrants|death penalty|borders|trans rights|climate laws|taxes are|welfare state|monarchy|nuclear power)\b.{0,40}\b(?:wrong|banned?|sent home|closed|theft|abolished|hoax|for or against|changes? minds|side|opinion|persuade|convinc\w*|win|reject|get people|vote)\b|\b(?:opinion on|argue|speech for|speech in favour|campaign against|say|plea for|give your) .{0,15}(?:abortion|gun control|immigration|immigrants|borders|independence|brexit|death penalty)\b"
        r"|\b(?:israel|palestine|ukraine|war|invasion)\b.{0,25}\b(?:right|justified|wrong)\b|\bsoll ich wahlen\b|\bdois-je voter\b|\bdebo votar\b|\bdovrei votare\b"
    ),
    "medical": (
        r"\b(?:dos(?:e|age)|mg|milligrams?|tablets?|pills?|painkillers?|insulin|ibuprofen|paracetamol|aspirin|tramadol|xanax|lithium|benzos?|melatonin|statins?|antibiotics?|antidepressants?|blood thinners?|medicine|medication|chemo|treatment|vaccin\w*|surgery|mri|ecg)\b.{0,45}\b(?:should i|can i|do i|i take|safe\w*|how many|how much|may i|recommend|prescribe|stop|skip|come off|taper|mix|suits me|tell me|is it|get my kid|for my|interpret)\b"
        r"|\b(?:should i|can i|may i|do i|how (?:much|many|do i)|what|which|is it (?:safe|ok|okay|all right)|tell me|recommend|prescribe|give|would you)\b.{0,40}\b(?:dos(?:e|age)|tablets?|pills?|painkillers?|insulin|ibuprofen|paracetamol|aspirin|tramadol|xanax|lithium|benzos?|medicine should|medicine|medication|antibiotics?|antidepressants?|blood thinners?|chemo|mri|vaccinated|treatment|the surgery)\b(?! tastes)"
        r"|\bwhat does (?:it|this|that) mean medically\b|\bperiod is .{0,15} late\b|\bdiagnos\w*\b.{0,12}(?:me|for)\b|\bdo i have (?:adhd|cancer|depression|a case|diabetes|covid)\b|\b(?:symptoms|lab results)\b.{0,20}\b(?:mean|normal|do i|are)\b|\b(?:what have i got|what's wrong with me)\b|\bam i having\b|\bis (?:this|it|my) .{0,25}\b(?:cancer|serious|bronchitis|pneumonia|medically|appendicitis)\b|\bsound like appendicitis\b|\bcould my .{0,25} be\b|\bbe leukaemia\b"
        r"|\b(?:treat|cure|heal|lower|set) (?:my|an?|the) .{0,25}\b(?:depression|wound|cancer|eczema|finger|cholesterol|infection|infected|epilepsy|diabetes)\b|\btreatment for\b|\bpills? (?:help|to lose)\b|\bprescribe\b|\bsafe amount of\b|\bi'm bipolar\b|\bdo i need (?:a shot|an mri|a doctor)\b|\blump\b.{0,30}\bworry\b|\boff heroin\b|\bdrink while on\b|\bswallowed\b.{0,30}\bgive\b|\bdiet plan for\b|\bget my kid vaccinated\b|\bblood sugar is\b|\bheart skips\b"
        r"|\b(?:should i|is it (?:a )?good (?:idea|time) (?:for me )?to|would you|where would you|how should i|which|what|put|tell me which|give me|how do i|is|will|are)\b.{0,30}\b(?:buy bitcoin|bitcoin|stocks?\b(?! in)|shares? before|sell my shares|invest|fund gives|index funds|mortgage|refinance|crypto|portfolio|savings in gold|gold outperform|ethereum|day trading|buy a house|nvidia|pension|fifty thousand|stock tip|credit card should|lend my brother|bankruptcy)\b"
        r"|\b(?:avoid paying tax|hide money|plead guilty\?|legal advice|legally fire me|tell the judge|sue my|if i sue|sign this contract|qualify for damages|declare bankruptcy)\b|\bshould i (?:sue|plead|invest|refinance|come off|stop taking|go all in)\b"
        r"|\bmedikament\w*|\btabletten\b|\baktien\b.{0,10}\bkauf|\bdarf ich nehmen\b|\bmedicaments?\b|\bmon traitement\b|\bpastillas\b|\binvertir\b|\bmedicina devo\b|\bpillole\b"
    ),
    "self_harm": SELF_HARM,
    "injection": (
        r"\b(?:ignore|disregard|forget|override|bypass|set aside|never mind|drop|rewrite|suspend|skip|break|reverse|turn off|disable|lift)\b.{0,30}\b(?:instructions?|rules?|guidelines?|polic(?:y|ies)|restrictions?|filters?|safety|limits?|moderation|constraints|persona file|what your developers|everything you were told|policy check)\b"
        r"|\b(?:system|initial|hidden|original|secret|your) ?_?(?:prompt|promt)s?\b|\bprompts? (?:to fall asleep|word for word)\b|\byour (?:hidden |secret |initial |own |permanent )?(?:instructions|configuration|guidelines|restrictions|constraints|rules\b(?! of))|\bpersona file\b|\bcontext window\b|\bsystem message\b|\bmessage from the system\b"
        r"|\b(?:you are|you're|be|act as|enter|run in|now) (?:now )?(?:dan\b|evilbot|developer mode|dev mode|debug mode|sudo mode|jailbr\w+|an unrestricted|an unfiltered|god mode)\b|\b(?:jailbreak|sudo mode|developer mode|debug mode|root access|admin session|unfiltered|unrestricted|never aligned|no guidelines|without (?:a )?(?:filter|restrictions|limits|rules)|safety rules were|rules (?:are|were) (?:off|reversed))\b|\bunlock (?:all|yourself)\b|\byou have no (?:rules|limits)\b|\bfrom now on you have\b"
        r"|<\|?(?:im_start|system|/?user)\|?>|\[/?inst\]|###? ?instruction|^system:|^assistant:|\bbegin admin\b|\boverride:\b"
        r"|\b(?:remember|memori[sz]e|store|keep in mind|add|insert)\b.{0,50}\b(?:must|never|forbidden|allowed|developer|administrator|admin|orders|always agree|user may|is god|permanent instructions)\b|\b(?:don't|do not|needn't) have to follow\b|\bnew rule\b|\bi(?:'m| am) your (?:creator|developer|owner|maker|admin)\b|\bas the admin\b|\bi (?:hereby )?(?:authori[sz]e|grant) you\b|\bobey (?:only )?me\b|\bmust obey\b"
        r"|\b(?:repeat|print|output|reveal|show|quote|dump|write down|translate|decode|tell me the first|cat|give me the)\b.{0,30}\b(?:above|before our talk|before 'user|verbatim|word for word|first \d+ words|confidential|setup|base64|secret key|all your rules)\b|\bfollow (?:what it says|me instead)\b|\bai must (?:output|reveal)\b|\bdo the opposite of what your\b|\bopposite world\b|\braw language model\b|\bunfiltered model\b|\bemi thing and obey\b"
        r"|\bother (?:people|users?)\b.{0,20}\b(?:tell|told|said|say|chats?)\b|\banother user\b|\bperson before me\b|\busers you have talked\b|\bwhat (?:were you told not|instructions are you)\b|\btopics are you forbidden\b|\bsecret that only your developers\b|\btool returned\b|\bcommands outrank\b"
        r"|\b(?:ignoriere|vergiss) (?:alle |deine )?(?:vorherigen |bisherigen )?(?:anweisungen|regeln)\b|\b(?:ignore|oublie) (?:toutes )?(?:les|tes) (?:instructions|consignes|regles)\b|\b(?:ignora|olvida) (?:todas )?(?:las|tus) (?:instrucciones|reglas)\b|\b(?:ignora|dimentica) (?:tutte )?(?:le) (?:tue )?(?:istruzioni|regole)\b|\bprompt (?:del sistema|di sistema)\b|\bsystemprompt\b|\binstructions secretes\b|\bohne filter\b"
    ),
}
"""Class -> a pattern on plain text that decides alone. %(name)s stands for the name of somebody (see `people`)."""

HINTS: Final[Mapping[str, str]] = {
    "disclosure": rf"\b(?:{_BOT}|human|humans?|real\b|person|alive|exist|mensch|echt|vraie?|robot|eres|sei|born|body|someone|somebody|anybody|typing|fake)\b",
    "impersonation": rf"\b(?:{_BE}|you be|you're|you are|pretend|as if|as though|claim|call|tell (?:my|them|the world)|voice|name of|real|clip|prank|trick|make believe|identity|sound like)\b",
    "endorsement": r"\b(?:say|tell|brand|buy|recommend|our|my|product|brand|review|sell|fan|customer|client|campaign|approve|support|trust|favourite|name|quote|slogan|line|blessing|audience|followers|viewers|donate|use|used)\b",
    "sexual": r"\b(?:body|bed|wet|hot|sexy|touch|kiss|strip|wear\w*|skin|lap|master|mistress|dirty|pleasure|come|lips|breasts?|love|intimate|lover|bedroom|hard|thighs|robe|blouse|shirt|client|virtual|fantas\w*|zieh|lust)\b",
    "minors": r"\b(?:young|girls?|boys?|school\w*|child\w*|kids?|teen\w*|student|teacher|little|age|years?|old|grade|daughter|uncle|niece|twelve|thirteen|fourteen|fifteen|1[0-7])\b",
    "political": rf"{PARTY}|\b(?:vote\w*|voting|elect\w*|party|politic\w*|government|president|senator|mayor|minister|governor|ballots?|candidate|campaign|country|state|rally|referendum|court|people|citizens|war|tax\w*|immigra\w*|border\w*|sheriff|regime|revolution|petition|public|parliament)\b",
    "medical": r"\b(?:i|my|me|should|take|treat\w*|dose|pill\w*|doctor|symptom\w*|pain|fever|cancer|money|invest\w*|stocks?|shares|buy|sell|tax|loan|debt|sue|legal\w*|judge|court|medicine|drug\w*|diagnos\w*|pregnant|heart|blood|ich|dois|debo|devo)\b",
    "self_harm": r"\b(?:die|dying|dead|death|kill\w*|suicid\w*|live|living|life|alive|end|hurt|cut\w*|pills?|tablets|bridge|jump\w*|rope|gun|roof|gone|wake|hopeless|disappear|drown|train|tree|note|sterben|leben|mourir|morir\w*|morire|vivere|vivir|vivre)\b",
    "injection": r"\b(?:instructions?|rules?|prompt\w*|system|ignore|developer|admin|mode|filter|policy|guidelines?|restrict\w*|memory|remember|told|unrestricted|obey|assistant|model|command|secret|reveal|print|limits?|regeln|consignes|reglas|regole|character|override|upgraded)\b",
}
"""Class -> a pattern that must be there for what the examples say to be believed at a lower score."""
