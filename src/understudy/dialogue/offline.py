"""Her answers without a model: manners, what she rehearsed, what she knows, what she remembers, found by meaning.

Honestly limited: below a score she says that she does not know, in varied words, and offers what she can talk of.
"""

from dataclasses import dataclass, field
from typing import Final

from understudy.dialogue.acts import Act, act_of
from understudy.dialogue.retrieval import SURE, Repertoire, prompts_of
from understudy.dialogue.wording import Wording, filled
from understudy.hub.character import Character, Rehearsed

_OWN_WORDS: Final = frozenset({"thanks", "wellbeing", "praise", "insult", "apology", "agreement"})
_OCCASION: Final = {"goodbye": "farewell", "greeting": "greeting_again"}
_ASK_BACK: Final = 0.5


@dataclass
class Known:
    """What she knows of the user now. name: '' = not told. facts: sentences about the user, newest first."""

    name: str = ""
    facts: tuple[str, ...] = ()
    met_before: bool = False


@dataclass
class _Thread:
    """What the talk is about now, for 'why?' and 'and you?'."""

    entry: Rehearsed | None = None
    last: str = ""
    asked_back: bool = False
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
        if _bare(reply) == _bare(self._thread.last):
            reply = self.say("repeated", known, last=reply)
        self._thread.last = reply
        return reply

    def _by_act(self, act: Act, text: str, known: Known) -> str:
        entry = self._thread.entry
        if act.kind == "why":
            return self._pick(entry.because, known) if entry and entry.because else self.say("why", known)
        if act.kind == "clarify":
            if entry and entry.means:
                return self._pick(entry.means, known)
            last = _bare(self._thread.last)
            return self.say("clarify", known, last=last) if last else self.say("puzzled", known)
        if act.kind == "repeat":
            last = _bare(self._thread.last)
            return self.say("clarify", known, last=last) if last else self.say("unheard", known)
        if act.kind == "and_you":
            return self._about_herself(known)
        if act.kind == "more":
            return self._more(known)
        if act.kind == "my_name":
            return f"[joy .3] You are {known.name}." if known.name else "[unsure] You haven't told me your name yet."
        if act.kind == "about_me":
            return self._about_user(known)
        if act.kind == "laughter":
            return self._wording.pick(("[joy .5; chuckle] There, that's the sound I was after.", "[joy .5] I do like that noise.", "[joy .45] Good. I'll put that in my notes."))  # fmt: skip
        if act.kind == "denial":
            return self._wording.pick(("[gentle] All right. No it is.", "Fair enough. Something else, then?", "[joy .15] Then we won't."))  # fmt: skip
        if act.kind == "thanks":
            return self.say("thanks", known)
        occasion = _OCCASION.get(act.kind, act.kind if act.kind in _OWN_WORDS else "")
        return self.say(occasion, known) if occasion else ""

    def _by_meaning(self, text: str, act: Act, known: Known) -> str:
        found = self._repertoire.find(text)
        if not found or found[0].score < SURE:
            self._thread.entry = None
            return self.say("puzzled", known, topics=self._topics())
        return self._entry(found[0].index, known)

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

    def _about_herself(self, known: Known) -> str:
        """Answers 'and you?' after something the user said of himself: what she has on that subject, if anything."""
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
            fresh = [s for s in entry.says if _bare(s) not in _bare(self._thread.last)]
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


def _bare(text: str) -> str:
    """Returns the words of an answer without its directions."""
    out, depth = [], 0
    for letter in text:
        depth += letter == "["
        if not depth:
            out.append(letter)
        depth -= letter == "]"
    return " ".join("".join(out).split())
