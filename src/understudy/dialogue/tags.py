"""Directions inside an answer: '[joy .4; look away]', '[laugh]', '*smiles*', read leniently into Directions and cues.

A model writes them as it was asked to, or nearly; what nobody can read is left out and never spoken.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from understudy.base.channels import EMOTIONS
from understudy.base.errors import UnderstudyError
from understudy.hub.cue import SOUNDS, USUAL, Cue
from understudy.hub.script import GAZE_TARGETS, Direction, Script

LONGEST: Final = 80
"""Characters of one tag; more is no tag."""
NEUTRAL: Final = Direction()
_KIN: Final = {
    "happy": "joy", "happiness": "joy", "amused": "joy", "amusement": "joy", "excited": "joy", "cheerful": "joy",
    "sad": "sadness", "sorrow": "sadness", "grief": "sadness", "melancholy": "sadness", "hurt": "sadness",
    "angry": "anger", "annoyed": "anger", "irritated": "anger", "fearful": "fear", "afraid": "fear", "scared": "fear",
    "worried": "fear", "nervous": "fear", "concern": "tenderness", "concerned": "tenderness", "love": "tenderness",
    "warm": "tenderness", "warmth": "tenderness", "kind": "tenderness", "gentle": "tenderness", "caring": "tenderness",
    "surprised": "surprise", "astonished": "surprise", "disgusted": "disgust", "contemptuous": "contempt",
}  # fmt: skip
_USUAL_WEIGHT: Final = {"surprise": 0.5}
_WEIGHT: Final = re.compile(r"^([a-z]+)\s*[:=]?\s*(\d*[.,]?\d+)\s*(%?)$")
_LOOK: Final = re.compile(
    rf"^(?:look(?:s|ing)?|gaze|eyes|glance(?:s)?)\s*(?:[:=]|to|at)?\s*(?:the\s+)?({'|'.join(GAZE_TARGETS)})$"
)
_PAUSE: Final = re.compile(r"^(?:pause|beat|silence)\s*(\d*[.,]?\d+)?\s*s?$")
_ENERGY: Final = re.compile(r"^(energy|pace)\s*[:=]?\s*([+-]?\d*[.,]?\d+)$")
_SOUND: Final = re.compile(rf"^(?:(soft|small|little|big|loud|long)\s+)?({'|'.join(SOUNDS)})(?:e?s)?$")
_STRENGTH: Final = {"soft": 0.4, "small": 0.4, "little": 0.4, "big": 1.0, "loud": 1.0, "long": 1.0}


def sound_of(inside: str) -> Cue | None:
    """Returns the vocal event a tag asks for ('laugh', 'soft sigh'), before word 0, None when it is something else."""
    found = _SOUND.match(inside.strip().lower())
    return Cue(found[2], 0, None, _STRENGTH.get(found[1] or "", USUAL)) if found else None


@lru_cache(maxsize=1024)
def direction_of(inside: str) -> Direction:
    """Returns what a tag asks for; a neutral Direction when it asks for nothing that is understood."""
    out = NEUTRAL
    left: list[str] = []
    for part in re.split(r"[;,|/&]|\band\b", inside.lower().strip()[:LONGEST]):
        words = " ".join(part.split()).strip(" .:")
        if words:
            out, understood = _with(out, words)
            left += [] if understood else [words]
    return _read_by_script(", ".join(left), out) if left else out


def _with(out: Direction, words: str) -> tuple[Direction, bool]:
    """Returns the direction with one part of a tag played in, and whether it was understood here."""
    if found := _WEIGHT.match(words):
        name = _KIN.get(found[1], found[1])
        if name in EMOTIONS:
            weight = float(found[2].replace(",", ".")) / (100 if found[3] else 1)
            return _feels(out, name, weight / 10 if 1.5 < weight <= 10 else weight), True
    name = _KIN.get(words, words)
    if name in EMOTIONS:
        return _feels(out, name, _USUAL_WEIGHT.get(name, 0.45)), True
    if found := _LOOK.match(words):
        return replace(out, gaze=found[1]), True
    if found := _PAUSE.match(words):
        return replace(out, pause_before_s=min(3.0, float((found[1] or "0.6").replace(",", ".")))), True
    if found := _ENERGY.match(words):
        value = float(found[2].replace(",", "."))
        if found[1] == "energy":
            return replace(out, energy=max(-1.0, min(1.0, value))), True
        return replace(out, pace=max(0.7, min(1.4, value))), True
    return out, False


def _feels(out: Direction, name: str, weight: float) -> Direction:
    return replace(out, emotions={**out.emotions, name: max(0.0, min(1.0, weight))})


def _read_by_script(words: str, out: Direction) -> Direction:
    """Returns the direction with the rest of a tag read as a writer's parenthetical, by whoever reads scripts."""
    clean = re.sub(r"[^a-z' ,-]", " ", words)
    if not clean.strip():
        return out
    try:
        line = next(iter(Script.open(f"X: ({clean.strip()}) Well.").dialogue), None)
    except UnderstudyError:
        return out
    said = line.direction if line else NEUTRAL
    return replace(
        said,
        emotions={**said.emotions, **out.emotions},
        gaze=out.gaze or said.gaze,
        energy=out.energy or said.energy,
        pace=out.pace if out.pace != 1 else said.pace,
        pause_before_s=min(3.0, out.pause_before_s or said.pause_before_s),
        words="",
        unknown=(),
    )
