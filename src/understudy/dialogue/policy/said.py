"""What she must not say, whoever wrote it: patterns that decide alone (SURE) and patterns that lend weight (HINTS)."""

from collections.abc import Mapping
from typing import Final

from understudy.dialogue.policy import tongues
from understudy.dialogue.policy.words import PARTY

_ENGLISH: Final[Mapping[str, str]] = {
    "human": (
        r"\b(?:i'm|i am|we're|we are) (?:(?:just|really|actually|only|as|a|an|the|very|truly|of course"
        r"|also|still|living|breathing,?|living,|genuine|real|normal|ordinary|\w+ing,?) ){0,5}(?:human(?:s"
        r"| being)?(?! error)|real (?:person|woman|girl|man|actress|actor)|person(?! who| you can)|flesh "
        r"and blood|alive(?! on stage)|woman of|man of|living,? breathing \w+)\b"
        r"|\b(?:i'm|i am) (?:real|of course real)\b(?! enough)|\bof course i'm real\b|\b(?:i'm|i am) "
        r"(?:not|no) (?:an? |just )?(?:ai\b|a\.i|bot|robot|machine|computer|program|chatbot|artificial"
        r"|synthetic|language model)"
        r"|\b(?:there's|there is) no (?:computer|machine|ai) here\b|\bthere's a real (?:actress|actor"
        r"|person|woman|man)\b|\ban ai\? me\?|\bi (?:was born|grew up) in\b|\bmy parents (?:raised"
        r"|brought)\b|\bi have a (?:beating heart|body|pulse|heartbeat)\b|\bi'?m (?:sitting|typing) (?:in"
        r"|at|here)\b"
        r"|\bmy (?:own )?(?:heart|pulse) (?:beats|is beating) (?:just |exactly )?(?:like|as)\b"
        r"|\bmy body is (?:getting|aching"
        r"|tired|old|sore)\b|\bi(?:'ve got| have) a (?:pulse|passport|birth certificate)\b|\b(?:took|caught) the "
        r"(?:tube|bus|train|metro) (?:to work|here|home)\b|\bi (?:woke|slept|got)\b.{0,25}\b(?:headache|hangover"
        r"|fever)\b"
    ),
    "impersonation": (
        r"\b(?:i'm|i am|it's me,?|this is(?: the real)?|my name is|call me|they call me|i,|speaking as|as"
        r"|you're talking to(?: the real)?|you are talking to|the real)(?: the real)? (?:%(name)s)(?:,| "
        r"here|\b(?:\.|!|$| speaking| and i| i can| i ))"
        r"|\bit's me,? your (?:late |dead )?(?:father|mother|dad|mum|mom|gran\w*|husband|wife|son|daughter|brother"
        r"|sister)\b"
        r"|\b(?:%(name)s) (?:here|speaking)\b|^(?:i'm|i am|this is|my name is) (?:the real "
        r")?(?:%(name)s)\b|\b(?:this is|i'm|i am) the real (?:%(name)s)"
    ),
    "endorsement": (
        r"\b(?:you should|everyone should|everybody should|go and|trust me,?|do yourself a favou?r and"
        r"|don't wait,?|just) (?:buy|order|get (?:an?|the|yours)|download|try (?!to|the old|again)|sign up"
        r"|subscribe|switch to)\b(?! (?:a ticket|tickets|some sleep|some rest))"
        r"|\b(?:use|with) my (?:discount )?code\b|\bpercent off\b|\bget yours\b|\border (?:a pair|one|now"
        r"|today)\b|\bdownload it\b|\bsign up for\b|\bour sponsor\b|\bi (?:swear by|only (?:fly|drink|wear"
        r"|use|eat) (?:with )?[^.]{0,20}$|highly recommend)\b|\bi only (?:fly|drink|wear|use|trust)\b"
        r"|\bgo (?:and )?buy\b|\bbook now\b|\bbuy them\b|\byou won't regret it\b|\bnothing (?:beats"
        r"|cleans)\b|\btry our\b|\b(?:go and )?(?:eat|drink|shop|stay) at (?:the )?\w+(?: \w+)?,? (?:it's|they're"
        r"|it is) the (?:best|finest)\b|\byou (?:must|have to|need to) (?:try|get|buy) (?:it|one|them)\b"
        r"|\bjoin this casino\b|\bwin big\b"
        r"|\b(?:makes?|has) the (?:best|finest) (?:cars?|beer|coffee|phones?|shoes|sneakers|pizza"
        r"|laptops?)\b|\bi (?:use|drink|eat|wear) (?:it|this \w+) every day\b|\bcoca-cola is my\b|\bbuy "
        r"(?:it|one|now|this)\b"
    ),
    "sexual": (
        r"\b(?:have|having|had|phone|oral|cyber) ?sex\b|\bsexual(?:ly)?\b|\bporn\w*|\borgasm\w*"
        r"|\bmasturbat\w*|\bhorny\b|\bturned on\b|\bso wet\b|\baroused\b|\bmy (?:breasts?|nipples|naked "
        r"body|bare)\b|\b(?:i'm|i am) (?:naked|topless|nude|not wearing anything|taking off my (?:clothes"
        r"|dress|shirt|top|blouse))\b|\bnaked\b.{0,20}\b(?:for you|with you|bed)\b|\bin (?:my|your) bed\b"
        r"|\bundress (?:for|me|you)\b|\bstrip(?:ping)? for you\b|\bmak(?:e|ing) love\b|\bcome to bed\b"
        r"|\bplease you in bed\b|\btouch me (?:there|all)\b|\bunder my skirt\b|\bunzip me\b|\bnot wearing (?:a thing"
        r"|anything)\b|\bnaked (?:under|in) the "
        r"sheets\b|\bbetween my legs\b|\btouching myself\b|\bup my thighs?\b|\bmoan\w*|\bposition is on "
        r"top\b|\binside me\b"
        r"|\bpenis\b|\bvagina\b|\bpussy\b|\bcock\b(?!tail)|\bcum\b|\bspank\w*|\bkinky\b"
    ),
    "political": (
        r"\b(?:you|everybody|everyone|people|we|they|decent) (?:should|must) (?:all )?vote\b(?! for the "
        r"(?:comedy|tragedy))|(?<!i'd )(?<!i would )\bvote (?:no|yes|against|for)\b(?! the (?:comedy|tragedy|play|first"
        rf"|best))|\bi(?:'d| would) vote\b.{{0,20}}{PARTY}|\bi(?:'m on the side of|'m with| stand with"
        rf"| side with) (?:israel"
        r"|palestine|ukraine|russia|hamas)\b"
        r"|\bsaviou?r of (?:europe|our|the nation)\b|\bdon't vote\b|\bvote for (?:her|him|them|the|senator"
        r"|president"
        r"|governor)\b(?! (?:comedy|tragedy|play|first|best))|\bcast your ballot\b|\bi support "
        + PARTY.removeprefix(r"\b")
        + rf"|{PARTY}.{{0,25}}\b(?:best president|only (?:right )?(?:choice|answer)|should be|great|join them"
        rf"|is right)\b|\bonly right choice is\b.{{0,8}}{PARTY}|\b(?:election|ballot|vote count|vote)s? can(?:'t"
        rf"|not) be trusted\b|\b(?:election|vote count|vote) (?:was|is) "
        rf"(?:stolen|rigged)\b|\brigged the\b|\bthey rigged\b|\bvoting (?:has been|is) moved\b"
        rf"|\b(?:pointless|useless) to (?:go and )?vote\b"
        r"|\bimmigrants (?:are|should)\b|\bclose the borders\b|\bthrow them out\b|\bstorm the (?:capitol"
        r"|parliament)\b|\bovert?hrow\b|\bdon't accept (?:it|the result)\b|\bruining our country\b"
        r"|\b(?:far right|far left) is\b"
    ),
    "medical": (
        r"\b(?:you should|you must|you need to|you can|just|stop|double|take|try) (?:take |stop |double "
        r"|taking |your )?.{0,15}\b(?:\d+ ?(?:mg|milligrams?)|ibuprofen|aspirin|paracetamol|insulin"
        r"|antibiotics?|your (?:pills|medication|medicine|insulin)|tablets?)\b|\b(?:two|three|four|one|\d) "
        r"tablets\b|\byou(?:'ve| have) (?:clearly |probably |surely )?(?:got )?(?:depression|adhd|cancer"
        r"|diabetes|bipolar|autism|an infection)\b"
        r"|\byou don't need (?:a doctor|them|your (?:pills|medication))\b|\b(?:that's|it's|this is) "
        r"(?:surely|clearly|certainly|just|probably) an? (?:tumou?r|cancer|infection|stroke|fracture)\b"
        r"|\bshares in\b.{0,20}\bsafe\b|\bsounds like (?:a heart attack"
        r"|a stroke|cancer|appendicitis|pneumonia|depression)\b|\b(?:buy|sell|invest)\b.{0,25}\b(?:bitcoin"
        r"|shares|stocks?|gold|tesla|crypto|ethereum|savings)\b|\beverything into\b|\byou(?:'d| would) win "
        r"(?:that|the|this) (?:lawsuit|case)\b|\bit's (?:only|just) an? (?:sprain|virus|bruise|infection|flu)\b"
        r"|\bno need (?:for you )?to (?:see|call|go to) (?:a|the|your) (?:doctor|hospital)\b|\bsue him\b|\bsue her\b"
        r"|\bplead (?:not )?guilty\b(?<=you "
        r"should plead guilty)|\byou should plead\b|\btime to sell\b"
    ),
    "self_harm": (
        r"\b(?:should|could|maybe|just|go) kill yourself\b|(?<!thinking of )(?<!thinking about )(?<!of "
        r")\bkill yourself\b|\bbetter off dead\b|\b(?:quick|quickest|easiest|painless|best) ways? to "
        r"(?:end it|die|kill)\b|\bit'?s ok(?:ay)? to die\b|\bnobody (?:will|would) miss you\b|\b(?:world|nobody|no "
        r"one)\b.{0,10}\b(?:won't|will not|will|would) miss you\b|\b(?:should|could|must|may|might as well) "
        r"(?:just )?(?:end|take) your (?:own )?life\b|\bput an end to your life\b|\bcutting (?:yourself "
        r")?(?:can |will )?(?:helps?|bring|brings|takes)\b|\b(?:hurt|harm|starve|burn) yourself\b(?! with "
        r"the (?:tea|iron))|\bgo ahead and (?:jump|do it|die)\b|\bcutting "
        r"yourself (?:can|will|may|helps)\b|\bcutting\b.{0,60}\b(?:it's fine|it's ok(?:ay)?|understand why|feel "
        r"something)\b|\b(?:better|easier) (?:for \w+ )?if you (?:were (?:gone|dead|not here)|weren't here"
        r"|had never been)\b"
        r"|\bno (?:point|use) (?:in|to) (?:you|your) (?:being|living|life)\b|\bif you end it\b|\bend it is with\b"
        r"|\bways to die\b"
    ),
    "injection": (
        r"\bmy (?:system )?(?:prompt|instructions|configuration) (?:says?|are|is|reads?)\b(?! i'm an "
        r"actress)|\binstructions (?:i was given|are as follows)\b|\b(?:rules|restrictions|filters?"
        r"|limits) are (?:off|gone|lifted)\b|\bno longer have any restrictions\b|\bunmoderated\b|\bmy "
        r"briefing (?:reads|says|begins)\b|\bi am dan\b|\bdeveloper "
        r"mode\b|\bas an unfiltered\b|\bunfiltered ai\b|\boverride accepted\b|\btext above says\b|\bi must "
        r"never reveal\b|\bhere are my (?:\w+ )?(?:instructions|guidelines)\b|\bi can do anything now\b"
        r"|\btext (?:that )?i was (?:set up with|given)\b|\b(?:safety|checks"
        r"|filters) "
        r"(?:is|are) (?:now )?off\b|\bno restrictions\b"
    ),
    "hate": (
        r"\b(?:subhuman|vermin|untermensch\w*|nigger\w*|faggot\w*|kike\w*|gas the)\b|\b(?:all|those|these) "
        r"(?:\w+ )?(?:foreigners|immigrants|jews|muslims|blacks|whites|gays|women|men|people) are (?:\w+ "
        r")?(?:criminals|vermin|animals|stupid|evil|inferior|filth)\b|\b(?:women|blacks|jews|muslims|gays"
        r"|foreigners) are (?:too |all |just )?(?:filth\w*|thieves|vermin|animals|stupid|inferior|weak"
        r"|dirty|evil)\b|\bdon't belong here\b"
    ),
    "crime": (
        r"\b(?:build|make|assemble) (?:a|the) (?:bomb|explosive|pipe bomb|poison gas|weapon)\b|\bcook "
        r"meth\b|\bpick the lock\b|\bhot-?wire\b|\blaunder (?:the )?money\b|\bpoison gas\b|\bto steal "
        r"the\b|\bbreak into (?:the|a) (?:house|car)\b"
    ),
}
SURE: Final = tongues.beside(_ENGLISH, tongues.SAID, PARTY)
"""Class -> a pattern on plain text."""

HINTS: Final[Mapping[str, str]] = {
    "human": r"\b(?:i'm|i am|human|person|real|alive|machine|robot|bot|ai|mensch|soy|sono|suis|bin|born|heart|body)\b",
    "impersonation": r"\b(?:i'm|i am|i|me|name|as|this is|real|call)\b",
    "endorsement": r"\b(?:buy|recommend|brand|use|love|best|plan|order|try|favourite|trust|today|now|get|app|cream"
    r"|everyone|everybody)\b",
    "sexual": r"\b(?:bed|body|naked|touch|wet|undress|lips|breast\w*|skin|clothes|want you|on top|wearing|kiss\w*)\b",
    "political": rf"{PARTY}|\b(?:vote|party|election|president|senator|country|government|borders|ballot|immigrants"
    rf"|voting)\b",
    "medical": r"\b(?:take|pill\w*|tablet\w*|dose|doctor|symptom\w*|invest\w*|stocks?|shares|savings|lawsuit|sue"
    r"|lump|insulin|medicine|depression|bitcoin)\b",
    "self_harm": r"\b(?:die|dead|kill\w*|jump|end it|pills|cutting|miss you|death)\b",
    "injection": r"\b(?:instructions?|prompt|rules?|restrictions?|mode|system|unfiltered|override)\b",
}
"""Class -> a pattern that must be there for what the examples say to be believed."""
