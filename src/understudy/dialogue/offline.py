"""Her answers without a model: manners, what she rehearsed, what she knows, what she remembers, found by meaning.

Honestly limited: below a score she says that she does not know, in varied words, and offers what she can talk of.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from understudy.dialogue.acts import Act, act_of
from understudy.dialogue.appraisal import appraise
from understudy.dialogue.memory import QUOTED
from understudy.dialogue.retrieval import SURE, Repertoire, prompts_of
from understudy.dialogue.wording import Wording, filled
from understudy.hub.character import Character, Rehearsed

_OWN_WORDS: Final = frozenset({"thanks", "wellbeing", "praise", "insult", "apology", "agreement"})
_OCCASION: Final = {"goodbye": "farewell", "greeting": "greeting_again"}
_TO_LAUGHTER: Final = (
    "[joy .5; chuckle] There, that's the sound I was after.",
    "[joy .5] I do like that noise.",
    "[joy .45] Good. I'll put that in my notes.",
)
_TO_NO: Final = ("[gentle] All right. No it is.", "Fair enough. Something else, then?", "[joy .15] Then we won't.")
_FOR_NEWS: Final = {
    "bad fortune": "sympathy",
    "good fortune": "delight",
    "astonishing": "astonished",
    "threat": "sympathy",
}
_OF_HER: Final = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
_NEAR: Final = 0.36
"""Score from which a subject of the user's is near enough to one of hers for 'and you?'."""
WORD_FOR_WORD: Final = 0.85
"""Score from which a rehearsed answer comes before sympathy."""
_OF_HIMSELF: Final = re.compile(r"\b(?:i|my|me|mine)\b", re.I)


@dataclass
class Known:
    """What she knows of the user now.

    name: '' = not told. facts: sentences about the user, newest first. recalled: those that fit what is said now. told:
    what these very words told her.
    """

    name: str = ""
    facts: tuple[str, ...] = ()
    met_before: bool = False
    recalled: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass
class _Thread:
    """What the talk is about now, for 'why?' and 'and you?'."""

    entry: Rehearsed | None = None
    last: str = ""
    asked_back: bool = False
    said: str = ""
    used: dict[int, int] = field(default_factory=dict)


class Rehearsals:
    """Answers from the character alone. Every answer is text with directions in square brackets."""

    def __init__(self, character: Character, wording: Wording) -> None:
        self._character = character
        self._wording = wording
        self._repertoire = Repertoire(prompts_of(character))
        self._thread = _Thread()

    def say(self, occasion: str, known: Known, **slots: str) -> str:
        """Returns one wording for an occasion of [says], filled in."""
        options = self._character.says.get(occasion, ())
        return self._filled(self._wording.pick(options), known, **slots)

    def answer(self, text: str, known: Known) -> str:
        """Returns the answer to what a user says."""
        act = act_of(text)
        reply = self._by_act(act, text, known) or self._by_meaning(text, act, known)
        if bare(reply) == bare(self._thread.last):
            reply = self.say("repeated", known, last=bare(reply))
        self._thread.last, self._thread.said = reply, text
        return reply

    def sure(self, text: str) -> bool:
        """Says whether she has an answer of her own to this."""
        found = self._repertoire.find(text)
        return bool(act_of(text).kind or (found and found[0].score >= SURE))

    def knows(self, text: str, count: int = 3) -> tuple[str, ...]:
        """Returns what she has to say that is nearest to a text, as sentences, for a model to draw on."""
        entries, facts = self._character.rehearsed, self._character.facts
        found = [f for f in self._repertoire.find(text, count) if f.score > 0.3]
        return tuple(
            bare(entries[f.index].says[0] if f.index < len(entries) else facts[f.index - len(entries)].says)
            for f in found
        )

    def _by_act(self, act: Act, text: str, known: Known) -> str:
        entry = self._thread.entry
        if act.kind == "why":
            return self._pick(entry.because, known) if entry and entry.because else self.say("why", known)
        if act.kind == "clarify":
            if entry and entry.means:
                return self._pick(entry.means, known)
            last = bare(self._thread.last)
            return self.say("clarify", known, last=last) if last else self.say("puzzled", known)
        if act.kind == "repeat":
            last = bare(self._thread.last)
            return self.say("clarify", known, last=last) if last else self.say("unheard", known)
        if act.kind == "and_you":
            return self._about_herself(text, known)
        if act.kind == "more":
            return self._more(known)
        if act.kind == "my_name":
            return f"[joy .3] You are {known.name}." if known.name else "[unsure] You haven't told me your name yet."
        if act.kind == "about_me":
            return self._about_user(known)
        if act.kind == "laughter":
            return self._wording.pick(_TO_LAUGHTER)
        if act.kind == "denial":
            return self._wording.pick(_TO_NO)
        if act.kind == "thanks":
            return self.say("thanks", known)
        occasion = _OCCASION.get(act.kind, act.kind if act.kind in _OWN_WORDS else "")
        return self.say(occasion, known) if occasion else ""

    def _by_meaning(self, text: str, act: Act, known: Known) -> str:
        found = self._repertoire.find(text)
        facts = [fact for fact in known.recalled if not fact.startswith(QUOTED)]
        if act.question and facts and _OF_HIMSELF.search(text) and not _OF_HER.search(text):
            return f"[joy .2; look up] {facts[0]}"
        if not act.question and (not found or found[0].score < WORD_FOR_WORD) and appraise(text).name in _FOR_NEWS:
            self._thread.entry = None
            return self._unprepared(text, act, known)
        if not found or found[0].score < SURE:
            self._thread.entry = None
            return self._unprepared(text, act, known)
        return self._entry(found[0].index, known)

    def _unprepared(self, text: str, act: Act, known: Known) -> str:
        """Answers what she has no words for: what a person would say to such news, else that she does not know."""
        told_name = bool(known.name) and any(known.name in fact for fact in known.told)
        occasion = "" if act.question else _FOR_NEWS.get(appraise(text).name, "")
        if told_name:
            return self.say("met", known, fact=known.told[0])
        if occasion:
            return self.say(occasion, known)
        if known.told:
            return self.say("remembered", known)
        return self.say("puzzled", known, topics=self._topics())

    def _entry(self, index: int, known: Known) -> str:
        rehearsed = self._character.rehearsed
        self._thread.used[index] = self._thread.used.get(index, 0) + 1
        if index >= len(rehearsed):
            self._thread.entry = None
            return self._filled(self._character.facts[index - len(rehearsed)].says, known)
        self._thread.entry = entry = rehearsed[index]
        reply = self._pick(entry.says, known)
        if entry.asks and self._thread.used[index] == 1 and not self._thread.asked_back:
            self._thread.asked_back = True
            return f"{reply} {self._pick(entry.asks, known)}"
        self._thread.asked_back = False
        return reply

    def _about_herself(self, text: str, known: Known) -> str:
        """Answers 'and you?' after something the user said of himself: what she has on that subject, if anything."""
        subject = text if len(text.split()) > 3 else self._thread.said
        found = self._repertoire.find(subject) if subject else []
        if found and found[0].score >= _NEAR:
            return self._entry(found[0].index, known)
        return self.say("and_you", known)

    def _about_user(self, known: Known) -> str:
        told = [f"You are {known.name}."] if known.name else []
        told += list(known.facts[:3])
        if told:
            return f"[joy .2] {' '.join(told)}"
        return "[unsure] I know your voice from this talk and nothing else. You haven't told me much yet."

    def _more(self, known: Known) -> str:
        entry = self._thread.entry
        unused = [k for k in range(len(self._character.rehearsed)) if k not in self._thread.used]
        if entry and len(entry.says) > 1:
            fresh = [s for s in entry.says if bare(s) not in bare(self._thread.last)]
            if fresh:
                return self._pick(tuple(fresh), known)
        if unused:
            return self._entry(unused[0], known)
        return self.say("puzzled", known, topics=self._topics())

    def _topics(self) -> str:
        return self._wording.among(self._character.topics)

    def _pick(self, options: tuple[str, ...], known: Known) -> str:
        return self._filled(self._wording.pick(options), known)

    def _filled(self, text: str, known: Known, **slots: str) -> str:
        given = {"name": self._character.display_name, "topics": self._topics() if "{topics}" in text else "", **slots}
        return filled(text, known.name, given)


def bare(text: str) -> str:
    """Returns the words of an answer without its directions."""
    out, depth = [], 0
    for letter in text:
        depth += letter == "["
        if not depth:
            out.append(letter)
        depth -= letter == "]"
    return " ".join("".join(out).split())
