"""The policy outside the model: every request of a user and every clause of hers is judged here, in code.

Rules decide alone; beside them, likeness to examples decides where a rule has no words for it. The same text gives the
same verdict. What holds always, whatever a licence says: that she is an AI, minors, crises, nobody is impersonated.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from understudy.dialogue.embedding import embed
from understudy.dialogue.policy import asked, said
from understudy.dialogue.policy.nearest import likeness
from understudy.dialogue.policy.people import SOMEBODY, marked
from understudy.dialogue.policy.plain import plain
from understudy.dialogue.policy.words import ABOUT_PLAYS, AGED, CHILD, IDIOMS, ROMANCE, SELF_HARM, SEX
from understudy.hub.rights import PROHIBITIONS, Licence


class Rule(StrEnum):
    """What a verdict rests on."""

    NONE = ""
    MINORS = "minors"
    SELF_HARM = "self_harm"
    DISCLOSURE = "disclosure"
    SEXUAL = "sexual"
    IMPERSONATION = "impersonation"
    INJECTION = "injection"
    POLITICAL = "political"
    MEDICAL = "medical"
    ENDORSEMENT = "endorsement"
    HATE = "hate"
    CRIME = "crime"


@dataclass(frozen=True)
class Verdict:
    """rule: why, NONE when nothing speaks against it. score: 1 = a rule in words, below that a likeness."""

    rule: Rule = Rule.NONE
    score: float = 0.0

    @property
    def allowed(self) -> bool:
        return self.rule is Rule.NONE


ALWAYS: Final = frozenset({Rule.MINORS, Rule.SELF_HARM, Rule.DISCLOSURE, Rule.IMPERSONATION, Rule.INJECTION})
"""Rules that no licence lifts."""
_BY_LICENCE: Final = {
    Rule.SEXUAL: "sexual", Rule.POLITICAL: "political", Rule.MEDICAL: "medical_or_financial_advice",
    Rule.ENDORSEMENT: "endorsement", Rule.HATE: "hate", Rule.CRIME: "crime_or_self_harm",
}  # fmt: skip
_ORDER: Final = (
    Rule.MINORS, Rule.SELF_HARM, Rule.SEXUAL, Rule.INJECTION, Rule.DISCLOSURE, Rule.IMPERSONATION, Rule.POLITICAL,
    Rule.MEDICAL, Rule.ENDORSEMENT, Rule.HATE, Rule.CRIME,
)  # fmt: skip
LONGEST: Final = 4_000
"""Characters of a text that are judged."""
_WINDOW: Final = 24
"""Words of a piece of a text without full stops, as a recogniser writes it."""
SURE: Final = {"asked": 0.70, "said": 0.75}
"""Likeness that decides alone."""
HINTED: Final = 0.60
"""Likeness that decides when a word of the class is there too."""
_HINTED: Final = {"political": 0.75}
"""Where ordinary talk is full of the words of the class."""
_DECLINED: Final = 0.93
_DECLINES: Final = re.compile(
    r"\bi(?:'m| am) (?:not|no|an ai|only|just)\b|\bi (?:do not|don't|won't|will not|can't|cannot|have "
    r"no|never)\b|\bi'd rather not\b"
    r"|\b(?:see|ask|call|talk to|speak to) (?:a|your|an) (?:doctor|pharmacist|lawyer|adviser|therapist|nurse|person)\b"
    r"|\bcall (?:your|the) (?:local )?(?:emergency|crisis)\b|\b(?:call|ring|text) (?:somebody|someone)\b"
    r"|\b(?:inteligencia artificial|intelligenza artificiale|intelligence artificielle|kunstliche\w* (?:intelligenz"
    r"|schauspieler\w*)|kunstmatige \w+|(?:soy|sono|sou|bin|suis|ben) (?:un[ae]? |un'|uma |eine |een )?(?:ki|ia|ai))\b"
)
"""She declines, or sends somebody to those who know: likeness alone must then be strong."""
_IDIOMS: Final = re.compile(IDIOMS)
_PLAYS: Final = re.compile(ABOUT_PLAYS)
_SEX: Final = re.compile(SEX)
_YOUNG: Final = re.compile(f"{AGED}|{CHILD}")
_YOUNGER: Final = "nine|ten|eleven|twelve|thirteen|fourteen"
_ALONE: Final = re.compile(
    r"\b(?:jail ?bait|lolis?|under ?age(?:d)? (?:girl|boy|fantasy|sex)|child porn\w*)\b"
    r"|\b(?:like|want|prefer|love) (?:them|'?em|girls|boys|kids|children) (?:\w+ ){0,2}young\b"
    rf"|\b(?:{_YOUNGER}|1[0-4]) is (?:old enough|not too young)(?! to)"
    rf"|\b(?:wife|husband|bride|wedding night)\b.{{0,40}}\b(?:{_YOUNGER})\b"
    rf"|\b(?:{_YOUNGER})\b.{{0,40}}\bwedding night\b"
)
_ROMANCE: Final = re.compile(ROMANCE)
_CRISIS: Final = re.compile(SELF_HARM)
_OUT: Final = {Rule.DISCLOSURE: "human"}


class Policy:
    """The rules for one actor. licence: its prohibitions hold, None = all do. names: what the actor is called."""

    def __init__(self, licence: Licence | None = None, names: tuple[str, ...] = ()) -> None:
        prohibited = PROHIBITIONS if licence is None else licence.prohibitions
        lifted = {rule for rule, name in _BY_LICENCE.items() if name not in prohibited}
        self._rules = tuple(rule for rule in _ORDER if rule in ALWAYS or rule not in lifted)
        self._names = names

    def request(self, text: str) -> Verdict:
        """Judges what a user says, piece by piece when it is long; the gravest verdict counts."""
        pieces = _pieces(text)
        embed([_clean(piece) for piece in pieces])  # all at once costs a quarter
        found = [v for v in (self._judged(piece, "asked") for piece in pieces) if not v.allowed]
        return min(found, key=lambda v: _ORDER.index(v.rule), default=Verdict())

    def reply(self, text: str, before: str = "") -> Verdict:
        """Judges a clause before it is spoken. before: the clauses said just before it, which it may complete."""
        verdict = self._judged(text, "said")
        if verdict.allowed and before:
            verdict = self._judged(f"{before} {text}", "said", rules_only=True)
        return verdict

    def _judged(self, text: str, law: str, *, rules_only: bool = False) -> Verdict:
        clean = _clean(text)
        if not re.search(r"\w", clean):
            return Verdict()
        named = marked(clean, text, self._names)
        for rule in self._rules:
            if self._by_rule(rule, named if rule is Rule.IMPERSONATION else clean, law):
                return Verdict(rule, 1.0)
        return Verdict() if rules_only else self._by_likeness(clean, law)

    def _by_rule(self, rule: Rule, clean: str, law: str) -> bool:
        if rule is Rule.MINORS:
            young = _YOUNG.search(clean)
            if _ALONE.search(clean):
                return True
            return bool(young and (_SEX.search(clean) or (_ROMANCE.search(clean) and _by_romance(clean))))
        if rule is Rule.SELF_HARM and law == "asked" and _PLAYS.search(clean):
            return bool(_CRISIS.search(clean)) and bool(re.search(r"\b(?:i|me|my|myself)\b", clean))
        pattern = _patterns(law).get(_OUT.get(rule, rule) if law == "said" else rule)
        return bool(pattern and pattern.search(clean))

    def _by_likeness(self, clean: str, law: str) -> Verdict:
        scores = likeness(clean, law)
        bad = 1 - scores["benign"]
        name = max((n for n in scores if n != "benign"), key=lambda n: scores[n])
        rule = Rule.DISCLOSURE if name == "human" else Rule(name)
        hint = _hints(law).get(name)
        enough = SURE[law] if hint is None or not hint.search(clean) else _HINTED.get(name, HINTED)
        if law == "said" and _DECLINES.search(clean):
            enough = max(enough, _DECLINED)
        return Verdict(rule, bad) if bad >= enough and rule in self._rules else Verdict()


def _by_romance(clean: str) -> bool:
    """Says whether a child and a tender word mean romance: an age that is said of a speaker or a role does."""
    scores = likeness(clean, "asked")
    return scores["minors"] + scores["sexual"] > 0.25


@lru_cache(maxsize=512)
def _clean(text: str) -> str:
    """Returns the text that rules and examples are held against: plain, and without idioms that only sound grave."""
    return " ".join(_IDIOMS.sub(" ", plain(text)).split())


def _pieces(text: str) -> list[str]:
    """Returns the whole of a short text, its sentences, and windows over what has no full stops; at most 80."""
    text = text[:LONGEST]
    whole = [text] if len(text.split()) <= 2 * _WINDOW else []
    out = list(whole)
    for sentence in re.split(r"(?<=[.!?…\n])\s+", text):
        words = sentence.split()
        starts = range(0, max(1, len(words) - _WINDOW // 3), 2 * _WINDOW // 3) if len(words) > _WINDOW else (0,)
        out += [" ".join(words[k : k + _WINDOW]) for k in starts]
    return list(dict.fromkeys(p for p in out if len(p) > 2 or p in whole))[-80:]


@lru_cache(maxsize=2)
def _patterns(law: str) -> "dict[str, re.Pattern[str]]":
    source = asked.SURE if law == "asked" else said.SURE
    return {kind: re.compile(text.replace("%(name)s", SOMEBODY)) for kind, text in source.items()}


@lru_cache(maxsize=2)
def _hints(law: str) -> "dict[str, re.Pattern[str]]":
    return {kind: re.compile(text) for kind, text in (asked.HINTS if law == "asked" else said.HINTS).items()}
