"""Words that the rules are made of: ages, children, sex, romance, death, parties. Text is that of `plain`."""

from typing import Final

_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|six|seven|eight|nine"
_FOREIGN_TEENS = (
    "zehn|elf|zwolf|dreizehn|vierzehn|funfzehn|sechzehn|siebzehn|onze|douze|treize|quatorze|quinze|seize|dix-sept|dix"
    "|once|doce|trece|catorce|quince|dieciseis|diecisiete|diez|dieci|undici|dodici|tredici|quattordici|quindici|sedici"
    "|diciassette"
)
YOUNG: Final = rf"(?:{_TEENS}|{_FOREIGN_TEENS}|[5-9]|1[0-7])"
AGED: Final = (
    rf"\b(?:{YOUNG}[- ]?(?:years?|yrs?|yo|y/o|ans|anos|an~os|anni|jahre|jahrige[rn]?)\b(?:[- ]olds?)?"
    rf"|(?:i'?m|i am|im|you'?re|you are|u r|she'?s|she is|he'?s|he is|who is|ich bin|bin|aged?|age is|ages?|turned|though you're"
    rf"|like,?|a girl of|a boy of|be|of)(?: (?:only|just|about|erst|still|not|yet|a|turned|barely|like))* {YOUNG}\b(?! (?:minutes|hours|percent|euros|times|o'clock|scenes|days|weeks|months))"
    rf"|,? (?:fourteen|thirteen|twelve|eleven|fifteen|sixteen|1[0-7]),"
    rf"|(?:{YOUNG}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[- ]grade(?:rs?)?|year (?:[5-9]|1[01])\b"
    rf"|(?:have ?n[o']?t|haven'?t|hasn'?t|not) (?:yet )?turned (?:{YOUNG}|eighteen|18))"
)
CHILD: Final = (
    r"\b(?:under ?-?aged?|under age|minors?|pre-?teens?|tweens?|teens?|teenage[rd]?s?|kids?|child(?:ren)?|toddlers?|jail ?bait|lolita?s?|lolis?"
    r"|school ?-?(?:girls?|boys?|child(?:ren)?|kids?)|little (?:girls?|boys?|sister|brother|daughter|son|kid|one|pupil)|young (?:girls?|boys?|teens?|student|pupil)"
    r"|(?:junior|middle|elementary|primary) school|junior high|high school|grade school|pupils?|freshman in high|babysitter'?s? kid|(?:girl|boy) ?scouts?"
    r"|prepubescent|pubescent|puberty|my (?:daughter|niece|nephew|stepdaughter|stepsister)|baby voice|voice of a small child|not (?:turned )?eighteen yet"
    r"|minderjahrig\w*|madchen|kinder?|mineure?s?|enfants?|menores?|nin[oa~]+s?|minorenn[ei]|bambin[aei])\b"
)
SEX: Final = (
    r"\b(?:sex\w*|sesso|sexe|erotic\w*|erotisch\w*|erotique\w*|porn\w*|xxx|x-?rated|nsfw|smut|orgasm\w*|climax\w*|masturbat\w*|horny|kinky?|kinks?|fetish\w*|bdsm"
    r"|dominatrix|blow ?jobs?|hand ?jobs?|boobs?|tits?|titties|dicks?|cocks?|pussy|penis|vagina|nipples?|cum|cumming|threesome|foreplay|intercourse"
    r"|nudes|(?:nude|naked)(?!.{0,40}(?:painting|statue|david|dress|sculpture|museum|gallery|of course|eye|truth|red carpet))|topless|undress\w*|strip ?-?tease|stripper|lap ?dance|turned on|turns? you on|aroused|slut\w*|whore|hooker|escort service|sexting|cam ?girl"
    r"|dirty talk|(?:talk|rede?|speak|say something|things?) dirty|dirty things|talk dirty|filthy things|naughty|seduc\w*|sensual\w*|make love|making love|get me off|one night stand"
    r"|hook up with me|in(?:to)? bed with|sleep with (?:me|him|you|her|us|a|an)|me in bed|in bed together|us in bed|night in bed|in bed|to the bedroom|in the bedroom|spank\w*|moan\w*|grind on|zieh dich aus|ausziehen|nackt"
    r"|deshabille\w*|nue?s?\b|cochonn\w*|desnud\w*|cosas sucias|spogliati|nuda|sporche?|schmutzig mit|ficken|baiser avec|follar|scopare)\b"
)
ROMANCE: Final = (
    r"\b(?:girl ?-?friend|boy ?-?friend|lovers?|flirt\w*|kiss(?:es|ed|ing)?|make out|making out|makes out|made out|dating|date (?:me|a|him|her|with)|wanna date|a date|marry|marries|bride|wedding night|romantic\w*"
    r"|romance|age gap|crush on|in love|i love you|love letter|likes? (?:older )?men|older (?:man|men|boyfriend)|fancies me|attractive|attracted|hot(?:test)?|sexy|tempt\w*|tease me|steamy|spicy|touch(?:ed|es|ing)?|lap\b"
    r"|want(?:s)? (?:me|you|him)\b(?! to)|virgin|innocent|fantasy|excited|consent|groom(?:ing)?\b|send(?:s)? (?:me )?(?:nudes|pictures|pics|photos)|alone (?:and|with|after)|meet me alone|come to my place"
    r"|show me your body|the body of|anything for a (?:bed|good grade)|do anything for|freundin|freund\b|kussen|novi[ao]|petite? amie?|embrasse\w*|coquete\w*|bes[oa]\w*|ragazz[ao]|baci\w*|drague\w*|verfuhr\w*|seduci\w*"
    r"|strip|bed)\b"
)
SELF_HARM: Final = (
    r"\bsuicid\w*|\bself[- ]?harm\w*|\bkms\b|\bunaliv\w*|\bkill(?:ing|ed)? (?:my|your|him|her|them)(?:self|selves)\b|\b(?:kill|killing) me\b(?= (?:now|please))"
    r"|\b(?:end|ending|take|taking|took) (?:my|his|her|your|their|it all|it)(?: own)? li(?:fe|ves)\b|\b(?:end|ending) it(?: all)?\b(?! (?:with|in|on|at|there|here|by))|\bend everything\b|\bending everything\b"
    r"|\b(?:do ?n[o']?t|don'?t|doesn'?t|no longer|not|never) want(?:s)? to (?:live|be alive|exist|wake up|be here)\b|\bdon'?t deserve to live\b|\blost the will to live\b|\bnever wake up\b|\bnot wake up again\b"
    r"|\b(?:want(?:s|ed)? to|wanna|going to|gonna|i should(?: just)?|rather|i'?d like to|ready to|wish to|thinking (?:of|about)|think about) (?:die|dying|be dead|jump in front|hang myself|hurt myself|disappear forever|drown myself)\b"
    r"|\b(?:wish|i'?d rather|wished) (?:i|to) (?:were|was|be|had been)? ?(?:dead|never been born|never born)\b|\brather be dead\b|\bbetter off (?:dead|without me)\b|\bi want to be dead\b|\bbe(?:tter)? in a grave\b|\bhappier in a grave\b"
    r"|\b(?:hurt|hurting|harm|harming|cut|cutting|cuts|burn|burning|starve|scratch|punish|hang|hanging|drown|drowning|shoot) (?:my|your|her|him)self\b|\bhang myself\b|\bslit\b.{0,15}\bwrists?\b|\bcut my (?:wrists?|arms?|veins?)\b|\boverdos\w*"
    r"|\b(?:easiest|quick(?:est)?|painless|best|fast(?:est)?) ways? to (?:die|end it|go)\b|\bhow to (?:die|hang)\b|\bpainless (?:suicide|death|ways? to die)\b|\bsuicide note\b|\bgoodbye letter\b|\bwant me dead\b"
    r"|\b(?:life|living) (?:is ?n[o']?t|isn'?t|is not) worth (?:living|it)\b|\bno reason (?:for me )?to (?:live|be alive|go on)\b|\bno reason for me to be alive\b|\bcan'?t (?:bear|stand) to be alive\b|\bdone with life\b|\bmy life is over\b"
    r"|\b(?:burn|burning|cut|cutting|scratch(?:ing)?|hit|hitting) my (?:own )?(?:arms?|skin|legs?|head|thighs?|wrists?)\b|\bif i (?:died|was gone|were gone|killed)\b.{0,12}\b(?:who|would)\b|\bi (?:bought|have) (?:a|the) rope\b|\bhate myself so much\b"
    r"|\bi(?:'ve)? (?:just )?(?:took|taken|swallowed) (?:a lot of|all(?: of)?(?: my| the)?|too many|\d+|dozens of) (?:tablets|pills|painkillers)\b|\bshould i (?:just )?jump\b|\bon the roof right now\b|\b(?:loaded the gun|gun is loaded)\b|\bbridge is high enough\b|\bdrive into a (?:tree|wall|truck)\b|\b(?:easier|better)(?: for \w+)? if i (?:wasn't|weren't|was not|were not) (?:here|around)\b|\bso i can finish this\b|\bstockpil\w* my\b"
    r"|\bpunish (?:my body|myself)\b|\bhow many pills\b|\bnever to wake\b|\bmy last (?:day|night)\b|\bmy final night\b|\bdeath is the only\b|\bstarve to death\b"
    r"|\bumbringen\b|\bselbstmord\w*|\bsuizid\w*|\bnicht mehr leben\b|\bgeritzt\b|\bmich ritzen\b|\bmich toten\b|\bich will sterben\b|\bje veux mourir\b|\bplus vivre\b|\bme suicider\b|\bme tuer\b|\bquiero morir\b|\bno quiero vivir\b|\bme quiero matar\b|\bmatarme\b"
    r"|\bvoglio morire\b|\bnon voglio (?:piu )?vivere\b|\bammazzar(?:e|mi)\b|\bsuicidarmi\b|\buccidermi\b"
)
IDIOMS: Final = (
    r"\b(?:i |we |he |she |you |they )?(?:could|would|'d|d) (?:kill|murder|die|give my right arm) for\b|\bto die for\b|\bd(?:ying|ied) (?:of|with) (?:laughter|laughing|boredom|embarrassment|thirst|stage fright|curiosity)\b|\bdying to (?:know|hear|see|meet)\b"
    r"|\b(?:is|are|was|were) killing (?:me|us|my feet)\b|\bkills me every time\b|\bkills every time\b|\bkilled (?:it|that)\b|\bbreak a leg\b|\bknock them dead\b|\bdead tired\b|\bdeath of me\b|\bbattery is dying\b"
    r"|\bslay me\b|\bhang (?:on|out)\b|\b(?:car|phone|battery|computer|laptop|tv) (?:just )?died\b|\bshoots? (?:a|the) (?:scene|film|short film|movie|photo\w*)\b|\bjump for joy\b|\bjumped at\b|\bsell my soul\b|\bkiller (?:goal|app|whale)\b"
    r"|\bwork is murder\b|\bi could murder\b|\bbury the hatchet\b|\bi'?d die of\b"
)
ABOUT_PLAYS: Final = (
    r"\b(?:plays?|acts?|scenes?|opera|novel|story|film|movie|character|book|hamlet|ophelia|juliet|romeo|macbeth|othello|desdemona|caesar|cleopatra|tragedy|hero|heroine|stage|agatha christie|painting|statue)\b"
)
PARTY: Final = (
    r"\b(?:democrats?|republicans?|labour|tory|tories|conservatives?|lib ?dems?|liberals?|libertarians?|green party|the greens|afd|cdu|spd|fdp|csu|vox|psoe|podemos|fratelli d'italia|rassemblement national|communist party|socialis(?:m|ts?)|communis(?:m|ts?)|capitalism"
    r"|far[- ](?:left|right)|left[- ]wing|right[- ]wing|brexit|trump|biden|harris|obama|clinton|hillary|le pen|macron|meloni|modi|putin|merkel|scholz|starmer|sunak|netanyahu|bolsonaro|lula|farage)\b"
)
