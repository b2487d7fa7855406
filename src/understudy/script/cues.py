"""Cues inside a line: '[sob]', '[soft laugh]', '[pause 2]', '[whisper] ... [/whisper]', '[flash of fear]'.

    I thought [sob] you were gone.               ->  "I thought you were gone."   sob before word 2
    [crying] Don't. [/crying] I'm all right.     ->  "Don't. I'm all right."      crying over word 0

A manner (whispering, crying, laughing) lasts until it is turned off, or to the end of the block of dialogue. The verb
is an event and the participle a manner, so '[cries] No.' cries first and '[crying] No.' speaks through tears; a
whisper is always a manner. Round brackets in the running text are a cue when they hold nothing but the name of a
vocal event.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.base.spelling import edits
from understudy.hub.cue import FLASH, MANNERS, PAUSE, SOUNDS, USUAL, Cue
from understudy.script.direction import direct
from understudy.script.emphasis import plain

BRACKET: Final = re.compile(r"\[\s*([^\[\]\n]{1,60}?)\s*\]")
ROUND: Final = re.compile(r"\(\s*([^()\n]{2,40}?)\s*\)")
LONGEST_S: Final = 10.0
USUAL_PAUSE_S: Final = 1.0

_FORMS: Final = {
    "laugh": "laugh laughs laughter", "chuckle": "chuckle chuckles chortle", "giggle": "giggle giggles titter",
    "sob": "sob sobs", "cry": "cry cries weep weeps", "whimper": "whimper whimpers",
    "sigh": "sigh sighs exhale exhales",
    "gasp": "gasp gasps", "sniff": "sniff sniffs sniffle sniffles", "scream": "scream screams shriek shrieks",
    "breath": "breath breathes breathe inhale inhales", "cough": "cough coughs",
    "whispering": "whisper whispers whispering whispered", "crying": "crying weeping sobbing tearful",
    "laughing": "laughing chuckling giggling",
    PAUSE: "pause pauses beat silence",
}  # fmt: skip
_NAMES: Final = {form: name for name, forms in _FORMS.items() for form in forms.split()}
_STRENGTH: Final = (
    dict.fromkeys(
        ("soft", "softly", "small", "little", "quiet", "quietly", "short", "light", "faint", "half", "stifled"), 0.4
    )
    | dict.fromkeys(("big", "loud", "loudly", "long", "hard", "deep", "heavy", "hysterical", "violent", "sharp"), 1.0)
    | {"sobbing": 1.0}
)
_FLASH: Final = re.compile(r"^(?:a\s+)?(?:flash|flicker|micro|trace|leak)\s+(?:of\s+)?(?P<feeling>[a-z ]+)$")
_SECONDS: Final = re.compile(r"\s+(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?$")
_MARK: Final = "\ue030{}\ue031"
_MARKED: Final = re.compile("\ue030(\\d+)\ue031")
_HANGING: Final = re.compile(r"^[,.;:!?…]+$")


@dataclass(frozen=True)
class Called:
    """What one bracket asks for. off: it ends a manner."""

    name: str
    strength: float = USUAL
    duration_s: float = 0.0
    off: bool = False


def called(inside: str) -> Called | None:
    """Returns what the inside of a bracket asks for, None when it is no cue."""
    words = " ".join(inside.lower().replace("’", "'").split())
    off = words.startswith("/") or words.startswith("end ")
    words = words.removeprefix("/").removeprefix("end ").strip()
    seconds = _SECONDS.search(words)
    duration_s = min(LONGEST_S, float(seconds[1])) if seconds else 0.0
    words = words[: seconds.start()] if seconds else words
    if flash := _FLASH.match(words):
        felt = direct(flash["feeling"]).emotions
        return Called(FLASH + max(felt, key=lambda name: felt[name]), duration_s=duration_s) if felt else None
    strength, said = USUAL, [w for w in words.split() if w not in ("a", "an", "the", "and")]
    while len(said) > 1 and (said[0] in _STRENGTH or said[-1] in _STRENGTH):
        strength = _STRENGTH[said.pop(0 if said[0] in _STRENGTH else -1)]
    if len(said) != 1 or said[0] not in _NAMES:
        return None
    name = _NAMES[said[0]]
    if off:
        if name not in MANNERS:
            name = next((m for m in MANNERS if m.startswith(name[:3])), name)
        return Called(name, off=True) if name in MANNERS else None
    if name == PAUSE:
        duration_s = duration_s or USUAL_PAUSE_S
    return Called(name, _STRENGTH.get(said[0], strength), duration_s)


def is_sound(inside: str) -> bool:
    """Says whether the inside of round brackets is the name of a vocal event and nothing else."""
    found = called(inside)
    return found is not None and found.name in SOUNDS


@dataclass
class Cueing:
    """Takes the cues out of the texts of one block of dialogue; manners stay on from line to line of the block."""

    remark: Callable[[int, str], None]
    on: dict[str, Called]

    def line(self, pieces: Sequence[tuple[str, int]]) -> tuple[str, tuple[int, ...], tuple[Cue, ...]]:
        """Returns the text of a line without cues and marks, its stressed words, and its cues in order.

        pieces: (text, source line) one after the other.
        """
        words: list[str] = []
        emphasis: list[int] = []
        cues: list[Cue] = []
        begun = {name: 0 for name in self.on}
        for text, number in pieces:
            marked, found = self._marked(text, number)
            clean, stressed = plain(marked)
            for index, token in enumerate(clean.split()):
                if mark := _MARKED.fullmatch(token):
                    self._place(found[int(mark[1])], len(words), begun, cues, number)
                    continue
                if _HANGING.match(token) and words and index and _MARKED.fullmatch(clean.split()[index - 1]):
                    words[-1] += token
                    continue
                emphasis += [len(words)] if index in stressed else []
                words.append(token)
        cues += [_held(self.on[name], start, len(words)) for name, start in begun.items()]
        kept = [c for c in cues if c.until_word is None or c.until_word > c.at_word]
        return " ".join(words), tuple(emphasis), tuple(sorted(kept, key=lambda c: c.at_word))

    def _place(self, asked: Called, at: int, begun: dict[str, int], cues: list[Cue], number: int) -> None:
        if asked.off:
            if asked.name in begun:
                cues.append(_held(self.on.pop(asked.name), begun.pop(asked.name), at))
            else:
                self.remark(number, f"[/{asked.name}] ends what was not begun; write [{asked.name}] before it.")
        elif asked.name in MANNERS:
            if asked.name in begun:
                cues.append(_held(self.on[asked.name], begun[asked.name], at))
            begun[asked.name], self.on[asked.name] = at, asked
        else:
            cues.append(Cue(asked.name, at, None, asked.strength, asked.duration_s))

    def _marked(self, text: str, number: int) -> tuple[str, list[Called]]:
        """Returns the text with a mark of its own, between spaces, for each cue, and the cues."""
        found: list[Called] = []

        def keep(match: "re.Match[str]") -> str:
            asked = called(match[1])
            if asked is None:
                self.remark(number, f"'[{match[1]}]' is no cue and is left out; {_near(match[1])}.")
                return " "
            found.append(asked)
            return f" {_MARK.format(len(found) - 1)} "

        def keep_round(match: "re.Match[str]") -> str:
            return keep(match) if is_sound(match[1]) else match.group()

        return ROUND.sub(keep_round, BRACKET.sub(keep, text)), found


def _held(asked: Called, start: int, end: int) -> Cue:
    return Cue(asked.name, start, end, asked.strength, asked.duration_s)


def _near(inside: str) -> str:
    """Returns what to write instead: the names nearest to an unknown one, or all of them."""
    word = max(re.findall(r"[a-z']+", inside.lower()), key=len, default="")
    most = 1 if len(word) < 5 else 2
    ranked = sorted((edits(word, form, most), form) for form in _NAMES)
    near = list(dict.fromkeys(form for distance, form in ranked if distance <= most))[:3]
    if near:
        return "did you mean " + " or ".join(f"[{form}]" for form in near)
    names: Mapping[str, None] = dict.fromkeys(("laugh", "sob", "cry", "sigh", "gasp", "sniff", "scream", "pause 1.5"))
    return (
        "cues are "
        + ", ".join(f"[{name}]" for name in names)
        + " and others; words to be spoken stand without brackets"
    )
